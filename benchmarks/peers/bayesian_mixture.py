"""The Bayesian mixture of benchmarks/Elbo.Benchmarks/BayesianMixtureBenchmark.cs in scikit-learn: the same rows, first responsibilities and iterations.

    python3 bayesian_mixture.py FOLDER ITERATIONS THREADS

FOLDER holds rows.npy [N, D] and shares.npy [N, K]. Prints one JSON object: the seconds of an iteration (E-step and M-step), and the sum of the means.
"""
import json
import os
import sys
import time

folder, iterations, threads = sys.argv[1], int(sys.argv[2]), sys.argv[3]
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = threads

import numpy as np  # noqa: E402
import sklearn  # noqa: E402
from sklearn.mixture import BayesianGaussianMixture  # noqa: E402

rows, shares = np.load(f"{folder}/rows.npy"), np.load(f"{folder}/shares.npy")
columns = rows.shape[1]
model = BayesianGaussianMixture(
    n_components=shares.shape[1], weight_concentration_prior_type="dirichlet_distribution", weight_concentration_prior=1.0, mean_precision_prior=1.0,
    mean_prior=np.zeros(columns), degrees_of_freedom_prior=columns, covariance_prior=np.eye(columns) * columns, reg_covar=0)
model._check_parameters(rows)
model._initialize(rows, shares)
begin, used = time.perf_counter(), time.process_time()
for _ in range(iterations):
    mean, responsibilities = model._e_step(rows)
    model._m_step(rows, responsibilities)
    model._compute_lower_bound(responsibilities, mean)
seconds, processor = time.perf_counter() - begin, time.process_time() - used
print(json.dumps({"seconds": seconds / iterations, "processor": processor / iterations, "means": float(model.means_.sum()), "sklearn": sklearn.__version__}))
