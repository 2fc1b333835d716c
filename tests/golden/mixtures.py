"""Log-likelihoods of scikit-learn's GaussianMixture from given starts: python3 mixtures.py > mixtures.json

The rows come from a linear congruential generator that tests/Elbo.Tests/Models/Mixtures/GaussianMixtureGoldenTests.cs repeats, so that no rows are stored.
Each problem: the mean log-likelihood per row after 10 updates from the start, and after 300.
"""
import json

import numpy as np
import sklearn
from sklearn.mixture import GaussianMixture

KINDS = ["full", "tied", "diag", "spherical"]


def problem(index):
    state = 1000 + index

    def uniform():
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 11) / 2**53

    rows, columns, components = 60 + 10 * index, 1 + index % 5, 2 + index % 4
    centers = [[6 * uniform() for _ in range(columns)] for _ in range(components)]
    values = []
    for row in range(rows):
        center = centers[row % components]
        values.append([center[j] + (uniform() + uniform() + uniform() - 1.5) * (1 + 0.5 * (row % components)) for j in range(columns)])
    return np.array(values), components


def fit(rows, components, kind, iterations):
    columns = rows.shape[1]
    variance = 1.5
    precisions = {
        "full": np.stack([np.eye(columns) / variance] * components),
        "tied": np.eye(columns) / variance,
        "diag": np.full((components, columns), 1 / variance),
        "spherical": np.full(components, 1 / variance),
    }[kind]
    model = GaussianMixture(
        components, covariance_type=kind, weights_init=np.full(components, 1 / components), means_init=rows[:components], precisions_init=precisions)
    model._initialize(rows, np.full((len(rows), components), 1 / components))
    for _ in range(iterations):
        _, log_responsibilities = model._e_step(rows)
        model._m_step(rows, log_responsibilities)
    return model._e_step(rows)[0]


if __name__ == "__main__":
    problems = []
    for index in range(20):
        rows, components = problem(index)
        problems.append({kind: [fit(rows, components, kind, iterations) for iterations in (10, 300)] for kind in KINDS})
    print("{" + f'"scikit-learn": "{sklearn.__version__}", "problems": [\n' + ",\n".join(json.dumps(entry) for entry in problems) + "\n]}")
