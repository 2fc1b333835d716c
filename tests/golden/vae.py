"""Writes vae.json: weights, rows and noise of small variational autoencoders, with what PyTorch makes of them.

Run by hand, never by the tests:   python3 tests/golden/vae.py > tests/golden/vae.json
Needs Debian's python3-torch. Everything is in double precision; the draws come from a fixed seed, but the file is the
reference, not this program: the tests only need the numbers to belong together.
"""
import json
import math
import sys

import torch

torch.set_default_dtype(torch.float64)
ROWS, WIDTH, HIDDEN, LATENT = 5, 20, 12, 4


def numbers(tensor):
    return [float(value) for value in tensor.detach().reshape(-1)]


def parameters(generator, outputs, scalar):
    shapes = {
        "encoder.0.weight": (WIDTH, HIDDEN), "encoder.0.bias": (HIDDEN,),
        "posterior.mean.weight": (HIDDEN, LATENT), "posterior.mean.bias": (LATENT,),
        "posterior.logVariance.weight": (HIDDEN, LATENT), "posterior.logVariance.bias": (LATENT,),
        "decoder.0.weight": (LATENT, HIDDEN), "decoder.0.bias": (HIDDEN,),
        "decoder.1.weight": (HIDDEN, outputs * WIDTH), "decoder.1.bias": (outputs * WIDTH,),
    }
    made = {name: torch.randn(shape, generator=generator) * 0.4 for name, shape in shapes.items()}
    if scalar:
        made["likelihood.logScale"] = torch.tensor(-0.5)
    return {name: value.requires_grad_() for name, value in made.items()}


def activate(name, x):
    return torch.tanh(x) if name == "tanh" else torch.relu(x)


def terms(weights, rows, noise, activation, likelihood):
    """Reconstruction and KL of each row, [samples, B] and [B, D]."""
    hidden = activate(activation, rows @ weights["encoder.0.weight"] + weights["encoder.0.bias"])
    mean = hidden @ weights["posterior.mean.weight"] + weights["posterior.mean.bias"]
    log_variance = hidden @ weights["posterior.logVariance.weight"] + weights["posterior.logVariance.bias"]
    z = mean + torch.exp(0.5 * log_variance) * noise
    hidden = activate(activation, z @ weights["decoder.0.weight"] + weights["decoder.0.bias"])
    output = hidden @ weights["decoder.1.weight"] + weights["decoder.1.bias"]
    if likelihood == "bernoulli":
        log_density = -torch.nn.functional.binary_cross_entropy_with_logits(output, rows.expand_as(output), reduction="none")
    else:
        log_scale = weights["likelihood.logScale"] if likelihood == "gaussian-learned" else output[..., WIDTH:]
        location = torch.sigmoid(output[..., :WIDTH])
        log_density = torch.distributions.Normal(location, torch.exp(log_scale).expand_as(location)).log_prob(rows)
    kl = torch.distributions.kl_divergence(torch.distributions.Normal(mean, torch.exp(0.5 * log_variance)), torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean)))
    log_q = torch.distributions.Normal(mean, torch.exp(0.5 * log_variance)).log_prob(z).sum(-1)
    log_p = torch.distributions.Normal(torch.zeros_like(z), torch.ones_like(z)).log_prob(z).sum(-1)
    return log_density.sum(-1), kl, log_p - log_q


def objective(kind, reconstruction, kl, log_ratio):
    if kind == "importance-weighted":
        weights = reconstruction + log_ratio
        return (torch.logsumexp(weights, 0) - math.log(weights.shape[0])).mean()
    if kind == "monte-carlo":
        return (reconstruction + log_ratio).mean()
    return reconstruction.mean() - kl.sum(-1).mean()


def case(name, seed, activation, likelihood, kind, samples):
    generator = torch.Generator().manual_seed(seed)
    weights = parameters(generator, 2 if likelihood == "gaussian-predicted" else 1, likelihood == "gaussian-learned")
    rows = torch.rand((ROWS, WIDTH), generator=generator)
    if likelihood == "bernoulli":
        rows = (rows < 0.4).double()
    steps = 10
    noise = torch.randn((steps, samples, ROWS, LATENT), generator=generator)
    start = {key: numbers(value) for key, value in weights.items()}

    reconstruction, kl, log_ratio = terms(weights, rows, noise[0], activation, likelihood)
    value = objective(kind, reconstruction, kl, log_ratio)
    value.backward()
    gradients = {key: numbers(weight.grad) for key, weight in weights.items()}
    elbo = reconstruction.mean(0) - kl.sum(-1)

    optimizer = torch.optim.Adam(list(weights.values()), lr=1e-2)
    losses = []
    for step in range(steps):
        optimizer.zero_grad()
        loss = -objective(kind, *terms(weights, rows, noise[step], activation, likelihood))
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    return {
        "name": name, "activation": activation, "likelihood": likelihood, "objective": kind, "samples": samples,
        "parameters": start, "rows": numbers(rows), "noise": [numbers(draw) for draw in noise],
        "reconstruction": numbers(reconstruction.mean(0)), "klPerDimension": numbers(kl), "elbo": numbers(elbo),
        "value": float(value.detach()), "gradients": gradients, "adamLosses": losses,
    }


def main():
    cases = [
        case("bernoulli", 1, "relu", "bernoulli", "elbo", 1),
        case("gaussian-learned", 2, "tanh", "gaussian-learned", "elbo", 1),
        case("gaussian-predicted", 3, "tanh", "gaussian-predicted", "monte-carlo", 3),
        case("importance-weighted", 4, "tanh", "bernoulli", "importance-weighted", 5),
    ]
    json.dump({
        "magic": "elbo-golden", "version": 1, "madeWith": "torch " + torch.__version__,
        "rowCount": ROWS, "width": WIDTH, "hidden": HIDDEN, "latent": LATENT, "learningRate": 1e-2, "cases": cases,
    }, sys.stdout, separators=(",", ":"))


main()
