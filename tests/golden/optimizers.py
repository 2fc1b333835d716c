"""Ten steps of each PyTorch optimizer on a small problem, in double precision.

Run with a Python that has torch:  python3 tests/golden/optimizers.py > tests/golden/optimizers.json
The loss is sum(w * (theta - c)**2 + sin(3 * theta)), so gradients change sign and size on the way.
"""
import json
import sys

import torch

THETA = [[0.5, -1.25, 2.0], [-0.75, 0.1, 3.0]]
CENTRE = [[0.0, 1.0, -1.0], [0.5, 0.25, 2.9]]
WEIGHT = [[1.0, 0.5, 2.0], [0.1, 3.0, 0.01]]

CASES = {
    "sgd": (torch.optim.SGD, dict(lr=0.05)),
    "sgd-decay": (torch.optim.SGD, dict(lr=0.05, weight_decay=0.1)),
    "sgd-momentum": (torch.optim.SGD, dict(lr=0.05, momentum=0.9)),
    "sgd-nesterov": (torch.optim.SGD, dict(lr=0.05, momentum=0.9, nesterov=True)),
    "adagrad": (torch.optim.Adagrad, dict(lr=0.1)),
    "adagrad-decay": (torch.optim.Adagrad, dict(lr=0.1, lr_decay=0.05, initial_accumulator_value=0.1, weight_decay=0.01)),
    "rmsprop": (torch.optim.RMSprop, dict(lr=0.02)),
    "rmsprop-centered": (torch.optim.RMSprop, dict(lr=0.02, alpha=0.9, centered=True, momentum=0.5, eps=1e-6)),
    "adam": (torch.optim.Adam, dict(lr=0.05)),
    "adam-options": (torch.optim.Adam, dict(lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1)),
    "adamw": (torch.optim.AdamW, dict(lr=0.05, weight_decay=0.2)),
    "adamax": (torch.optim.Adamax, dict(lr=0.05, eps=1e-6)),
}


def run(factory, options):
    theta = torch.tensor(THETA, dtype=torch.float64, requires_grad=True)
    centre = torch.tensor(CENTRE, dtype=torch.float64)
    weight = torch.tensor(WEIGHT, dtype=torch.float64)
    optimizer = factory([theta], **options)
    steps = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = (weight * (theta - centre) ** 2 + torch.sin(3 * theta)).sum()
        loss.backward()
        optimizer.step()
        steps.append(theta.detach().flatten().tolist())
    return steps


json.dump(
    {
        "torch": torch.__version__,
        "theta": sum(THETA, []),
        "centre": sum(CENTRE, []),
        "weight": sum(WEIGHT, []),
        "cases": {name: run(*case) for name, case in CASES.items()},
    },
    sys.stdout,
    indent=1,
)
print()
