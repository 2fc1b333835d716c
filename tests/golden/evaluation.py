"""Distances and scores of scipy and scikit-learn: python3 evaluation.py > evaluation.json

The features come from the linear congruential generator that tests/Elbo.Tests/Evaluation/GoldenProblem.cs repeats, so that none are stored.
"""
import json

import numpy as np
import scipy
import sklearn
from scipy.linalg import sqrtm
from scipy.optimize import linear_sum_assignment
from sklearn.manifold import trustworthiness
from sklearn.metrics import adjusted_rand_score, mutual_info_score, normalized_mutual_info_score
from sklearn.metrics.pairwise import polynomial_kernel
from sklearn.neighbors import KNeighborsClassifier


class Uniform:
    def __init__(self, seed):
        self.state = seed

    def __call__(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 11) / 2**53


def features(seed, rows, columns, rank, shift):
    uniform = Uniform(seed)
    loadings = np.array([[uniform() - 0.5 for _ in range(columns)] for _ in range(rank)])
    codes = np.array([[uniform() + uniform() - 1 for _ in range(rank)] for _ in range(rows)])
    return codes @ loadings + shift


def frechet(x, y):
    a, b = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    root = sqrtm(a @ b)
    difference = x.mean(0) - y.mean(0)
    return float(difference @ difference + np.trace(a) + np.trace(b) - 2 * np.trace(root).real)


def kernel(x, y):
    n, m = len(x), len(y)
    d = x.shape[1]
    xx, yy, xy = (polynomial_kernel(p, q, degree=3, gamma=1 / d, coef0=1) for p, q in ((x, x), (y, y), (x, y)))
    return float((xx.sum() - np.trace(xx)) / (n * (n - 1)) + (yy.sum() - np.trace(yy)) / (m * (m - 1)) - 2 * xy.mean())


def clusters(seed, rows, number, labels, noise):
    uniform = Uniform(seed)
    truth = [int(uniform() * labels) for _ in range(rows)]
    found = [int(uniform() * number) if uniform() < noise else (label * 7 + 3) % number for label in truth]
    return truth, found


def accuracy(truth, found):
    size = max(max(truth), max(found)) + 1
    table = np.zeros((size, size))
    for t, f in zip(truth, found):
        table[f, t] += 1
    rows, columns = linear_sum_assignment(-table)
    return float(table[rows, columns].sum() / len(truth))


def radii(x, k):
    distances = np.sqrt(((x[:, None] - x[None]) ** 2).sum(-1))
    return np.sort(distances, axis=1)[:, k]


def quality(real, fake, k):
    """Precision, recall, density and coverage by their definitions."""
    distances = np.sqrt(((real[:, None] - fake[None]) ** 2).sum(-1))
    inside = distances < radii(real, k)[:, None]
    return {
        "precision": float(inside.any(0).mean()),
        "recall": float((distances < radii(fake, k)[None]).any(1).mean()),
        "density": float(inside.sum(0).mean() / k),
        "coverage": float((distances.min(1) < radii(real, k)).mean()),
    }


def neighbors(seed, rows, columns, kept, k):
    """Codes are the first columns of the rows; labels are the signs of two columns."""
    x = features(seed, rows, columns, columns, 0.0)
    codes = x[:, :kept]
    labels = 2 * (x[:, 0] > 0) + (x[:, columns - 1] > 0)
    half = rows // 2
    classifier = KNeighborsClassifier(k).fit(codes[:half], labels[:half])
    return {
        "seed": seed, "rows": rows, "columns": columns, "kept": kept, "neighbors": k,
        "trustworthiness": float(trustworthiness(x, codes, n_neighbors=k)), "continuity": float(trustworthiness(codes, x, n_neighbors=k)),
        "accuracy": float(classifier.score(codes[half:], labels[half:])),
    }


def disentanglement(seed, rows, mixing):
    """Three factors of 5, 3 and 4 values; codes are the factors, mixed, and one dimension of noise."""
    uniform = Uniform(seed)
    factors = np.array([[int(uniform() * size) for size in (5, 3, 4)] for _ in range(rows)])
    noise = np.array([[uniform() for _ in range(4)] for _ in range(rows)])
    codes = np.zeros((rows, 4))
    for d in range(3):
        codes[:, d] = factors[:, d] + mixing * factors[:, (d + 1) % 3] + 0.3 * mixing * noise[:, d]
    codes[:, 3] = noise[:, 3]
    cut = np.zeros_like(codes, dtype=int)
    for d in range(4):
        cut[:, d] = np.digitize(codes[:, d], np.histogram(codes[:, d], 20)[1][:-1])
    information = np.array([[mutual_info_score(factors[:, k], cut[:, d]) for k in range(3)] for d in range(4)])
    entropies = np.array([mutual_info_score(factors[:, k], factors[:, k]) for k in range(3)])
    ordered = np.sort(information, axis=0)[::-1]
    squares = information**2
    most = squares.max(axis=1)
    modularity = np.where(most > 0, 1 - (squares.sum(axis=1) - most) / (most * 2), 0)
    return {"seed": seed, "rows": rows, "mixing": mixing, "mig": float(np.mean((ordered[0] - ordered[1]) / entropies)), "modularity": float(modularity.mean())}


def main():
    distances = []
    for seed, rows, columns, rank, shift in ((1, 60, 5, 5, 0.1), (2, 200, 30, 30, 0.3), (3, 150, 20, 8, 0.5), (4, 400, 64, 64, 0.02)):
        x, y = features(seed, rows, columns, rank, 0.0), features(seed + 100, rows + 20, columns, columns, shift)
        distances.append({"seed": seed, "rows": rows, "columns": columns, "rank": rank, "shift": shift, "frechet": frechet(x, y), "kernel": kernel(x, y), "quality": quality(x, y, 5)})
    scores = []
    for seed, rows, number, labels, noise in ((11, 200, 10, 10, 0.3), (12, 300, 4, 10, 0.2), (13, 150, 12, 3, 0.9), (14, 100, 5, 5, 0.0)):
        truth, found = clusters(seed, rows, number, labels, noise)
        scores.append({
            "seed": seed, "rows": rows, "clusters": number, "labels": labels, "noise": noise,
            "accuracy": accuracy(truth, found), "nmi": float(normalized_mutual_info_score(truth, found)), "ari": float(adjusted_rand_score(truth, found)),
        })
    kept = [neighbors(*problem) for problem in ((21, 120, 6, 2, 5), (22, 90, 4, 4, 3), (23, 200, 10, 3, 7))]
    factors = [disentanglement(*problem) for problem in ((31, 500, 0.0), (32, 500, 0.4), (33, 300, 1.0))]
    print(json.dumps({"scipy": scipy.__version__, "sklearn": sklearn.__version__, "distances": distances, "clusters": scores, "neighbors": kept, "factors": factors}, indent=1))


main()
