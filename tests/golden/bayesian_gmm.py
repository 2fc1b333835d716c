"""Variational posterior of scikit-learn's BayesianGaussianMixture (full covariance, Dirichlet weights) after six iterations from given parameters.

    python3 bayesian_gmm.py > bayesian_gmm.json

Only full covariance is compared: for the others scikit-learn keeps the expectations of a Wishart distribution where the factors are Gamma.
"""
import json
import warnings

import numpy as np
import sklearn
from scipy.stats import multivariate_normal
from sklearn.mixture import BayesianGaussianMixture

warnings.simplefilter("ignore")
random = np.random.RandomState(3)
rows = np.round(np.concatenate([random.normal(size=(25, 3)) * [1, 2, 0.5] + m for m in ([0, 0, 0], [4, 1, -2], [3, -5, 1])]), 6)
components, iterations = 4, 6
weights = np.array([0.4, 0.3, 0.2, 0.1])
means = np.round(random.normal(size=(components, 3)) * 2, 6)
covariances = np.array([np.eye(3) * s for s in (1.0, 2.0, 3.0, 4.0)])
logs = np.log(weights) + np.array([multivariate_normal(m, c).logpdf(rows) for m, c in zip(means, covariances)]).T
start = np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))
prior = np.array([[2.0, 0.3, 0.1], [0.3, 3.0, -0.2], [0.1, -0.2, 1.5]])
model = BayesianGaussianMixture(
    n_components=components, covariance_type="full", weight_concentration_prior_type="dirichlet_distribution", weight_concentration_prior=0.7, mean_precision_prior=0.3,
    mean_prior=[0.5, -0.5, 0.1], degrees_of_freedom_prior=4.5, covariance_prior=prior, reg_covar=0, max_iter=iterations, tol=0)
model._check_parameters(rows)
model._initialize(rows, start)
for _ in range(iterations):
    _, responsibilities = model._e_step(rows)
    model._m_step(rows, responsibilities)
print(json.dumps({
    "sklearn": sklearn.__version__, "rows": rows.tolist(), "weights": weights.tolist(), "means": means.tolist(), "covariances": covariances.tolist(), "prior": prior.tolist(),
    "counts": (model.weight_concentration_ - 0.7).tolist(), "meanPrecisions": model.mean_precision_.tolist(), "degreesOfFreedom": model.degrees_of_freedom_.tolist(),
    "posteriorMeans": model.means_.tolist(), "posteriorCovariances": model.covariances_.tolist(),
}))
