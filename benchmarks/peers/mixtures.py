"""EM iterations of scikit-learn's mixtures from a given start.

    python3 mixtures.py FOLDER KIND ITERATIONS

FOLDER holds rows.npy, weights.npy, means.npy and variances.npy. KIND: full, tied, diag or spherical; bayesian for a Dirichlet-process mixture with full covariance.
Prints one JSON object: the median and the least milliseconds of an iteration, its processor time on all threads, and the mean log-likelihood per row before the last update.
"""
import json
import sys
import time

import numpy as np
from sklearn.mixture import GaussianMixture

folder, kind, iterations = sys.argv[1], sys.argv[2], int(sys.argv[3])
rows, weights, means, variances = (np.load(f"{folder}/{name}.npy") for name in ("rows", "weights", "means", "variances"))
count, columns = means.shape
precisions = {
    "full": np.stack([np.diag(1 / variances)] * count),
    "tied": np.diag(1 / variances),
    "diag": np.tile(1 / variances, (count, 1)),
    "spherical": np.full(count, 1 / variances.mean()),
}[kind]
model = GaussianMixture(count, covariance_type=kind, weights_init=weights, means_init=means, precisions_init=precisions)
# The private steps are the loop of fit without its k-means, which scikit-learn runs even where a start is given.
model._initialize(rows, np.full((len(rows), count), 1 / count))
times, bound, work = [], 0.0, time.process_time()
for _ in range(iterations):
    begin = time.perf_counter()
    bound, log_responsibilities = model._e_step(rows)
    model._m_step(rows, log_responsibilities)
    times.append(time.perf_counter() - begin)
work = time.process_time() - work
print(json.dumps({"milliseconds": 1e3 * float(np.median(times)), "least": 1e3 * min(times), "cpu": 1e3 * work / iterations, "bound": float(bound)}))
