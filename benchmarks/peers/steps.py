"""The training steps of benchmarks/Elbo.Benchmarks/StepGraphs.cs in PyTorch, written as its users write them.

    python3 steps.py NAME THREADS SECONDS

Prints one JSON object: the median time of a step in milliseconds, or of a matrix product, and the rate.
"""
import json
import os
import sys
import time

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
name, threads, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

torch.set_num_threads(threads)
torch.manual_seed(1)


class Dense(nn.Module):
    def __init__(self, widths, latent, activation):
        super().__init__()
        self.activation = activation
        sizes = [784, *widths]
        self.encoder = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.mean, self.log_variance = nn.Linear(sizes[-1], latent), nn.Linear(sizes[-1], latent)
        sizes = [latent, *reversed(widths), 784]
        self.decoder = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x):
        h = x
        for layer in self.encoder:
            h = self.activation(layer(h))
        mean, log_variance = self.mean(h), self.log_variance(h)
        h = mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance)
        for layer in self.decoder[:-1]:
            h = self.activation(layer(h))
        return self.decoder[-1](h), mean, log_variance


class Convolutional(nn.Module):
    def __init__(self):
        super().__init__()
        channels = [3, 32, 64, 128]
        self.encoder = nn.Sequential(*[m for a, b in zip(channels, channels[1:]) for m in (nn.Conv2d(a, b, 4, 2, 1), nn.ReLU())])
        self.mean, self.log_variance = nn.Linear(2048, 128), nn.Linear(2048, 128)
        self.start = nn.Linear(128, 2048)
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(128, 64, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(64, 32, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(32, 3, 4, 2, 1))

    def forward(self, x):
        h = self.encoder(x).flatten(1)
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance)
        return self.decoder(F.relu(self.start(z)).reshape(-1, 128, 4, 4)), mean, log_variance


def stepper():
    binarize = name == "dense-20"
    if name == "dense-100":
        model, data = Dense([500], 20, F.relu), torch.rand(100, 784)
    elif name == "dense-20":
        model, data = Dense([200, 200], 50, torch.tanh), torch.rand(20, 784)
    elif name == "dense-1024":
        model, data = Dense([1024], 64, F.relu), torch.rand(1024, 784)
    else:
        model, data = Convolutional(), torch.rand(128, 3, 32, 32)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def step():
        x = torch.bernoulli(data) if binarize else data
        logits, mean, log_variance = model(x)
        loss = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        loss = (loss + 0.5 * torch.sum(mean**2 + log_variance.exp() - 1 - log_variance)) / len(x)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return step


def product(size):
    a, b = torch.rand(size, size), torch.rand(size, size)
    out = torch.empty(size, size)
    return lambda: torch.mm(a, b, out=out)


size = int(name.split("-")[1]) if name.startswith("matmul") else 0
run = product(size) if size else stepper()
end = time.perf_counter() + 2.0
while time.perf_counter() < end:
    run()
times = []
end = time.perf_counter() + seconds
while time.perf_counter() < end:
    start = time.perf_counter()
    run()
    times.append(time.perf_counter() - start)
times.sort()
median = times[len(times) // 2]
result = {"name": name, "threads": threads, "milliseconds": median * 1e3, "torch": torch.__version__}
if size:
    result["gflops"] = 2 * size**3 / median / 1e9
print(json.dumps(result))
