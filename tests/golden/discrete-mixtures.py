"""Writes discrete-mixtures.json: rows with missing values and weights, and EM for Bernoulli mixtures and latent classes in plain numpy.

Run by hand, never by the tests:   /usr/bin/python3 tests/golden/discrete-mixtures.py > tests/golden/discrete-mixtures.json
Probabilities keep from 0 by 1e-6: the best within that range, found by bisection of p = max(1e-6, count / scale), sum p = 1.
"""
import json
import sys

import numpy

LEAST = 1e-6
random = numpy.random.RandomState(29)


def estimate(counts):
    total = counts.sum()
    if total == 0:
        return None
    low, high = total * 1e-3, total * 1e3
    for _ in range(200):
        scale = numpy.sqrt(low * high)
        if numpy.maximum(LEAST, counts / scale).sum() > 1:
            low = scale
        else:
            high = scale
    return numpy.maximum(LEAST, counts / scale)


def fit(rows, weights, levels, priors, probabilities, iterations):
    """Every column is categorical; probabilities[j] is [K, levels[j]]."""
    path = []
    for iteration in range(iterations + 1):
        logs = numpy.tile(numpy.log(priors), (len(rows), 1))
        for j in range(len(levels)):
            for n, value in enumerate(rows[:, j]):
                if value >= 0:
                    logs[n] += numpy.log(probabilities[j][:, value])
        top = logs.max(1, keepdims=True)
        totals = top[:, 0] + numpy.log(numpy.exp(logs - top).sum(1))
        path.append(float((weights * totals).sum() / weights.sum()))
        if iteration == iterations:
            return path, priors, probabilities
        shares = weights[:, None] * numpy.exp(logs - totals[:, None])
        priors = shares.sum(0) / shares.sum()
        probabilities = [numpy.array([estimate(numpy.array([shares[rows[:, j] == l, k].sum() for l in range(levels[j])])) for k in range(len(priors))]) for j in range(len(levels))]


problems = []
for kind, count, levels, components in [("bernoulli", 40, [2] * 6, 2), ("bernoulli", 60, [2] * 5, 3), ("latent-class", 60, [2, 3, 4], 2), ("latent-class", 70, [3, 3, 2, 5], 3)]:
    groups = random.randint(components, size=count)
    truth = [random.dirichlet(numpy.full(l, 0.5), size=components) for l in levels]
    rows = numpy.array([[random.choice(l, p=truth[j][g]) for j, l in enumerate(levels)] for g in groups])
    for j, l in enumerate(levels):
        rows[:l, j] = numpy.arange(l)  # every level occurs
    hidden = random.uniform(size=rows.shape) < 0.15
    hidden[: max(levels)] = False
    hidden[hidden.all(1), 0] = False  # a row without any value says nothing of the weights in Elbo
    rows = numpy.where(hidden, -1, rows)
    weights = numpy.round(random.uniform(0.5, 2, count), 3)
    start = [numpy.round(random.dirichlet(numpy.full(l, 3.0), size=components), 4) for l in levels]
    for part in start:
        part[:, 0] = 1 - part[:, 1:].sum(1)
    priors = numpy.full(components, 1 / components)
    path, priors_found, found = fit(rows, weights, levels, priors, start, 40)
    problems.append({
        "kind": kind, "rows": count, "columns": len(levels), "components": components, "values": rows.ravel().tolist(), "weights": weights.tolist(), "levels": levels,
        "start": numpy.concatenate(start, 1).ravel().tolist(), "path": path, "priors": priors_found.tolist(), "probabilities": numpy.concatenate(found, 1).ravel().tolist(),
    })
json.dump({"problems": problems}, sys.stdout)
