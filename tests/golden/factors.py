"""Writes factors.json: rows, and scikit-learn's factor analysis of them.

Run by hand, never by the tests:   /usr/bin/python3 tests/golden/factors.py > tests/golden/factors.json
Needs Debian's python3-sklearn. Fits start from noise variances of 1, as scikit-learn's do unless told otherwise.
"""
import json
import sys

import numpy
from sklearn.decomposition import FactorAnalysis
from sklearn.decomposition._factor_analysis import _ortho_rotation

random = numpy.random.RandomState(11)
problems = []
for rows, columns, factors in [(150, 6, 2), (200, 8, 3), (50, 5, 1), (300, 12, 4), (120, 9, 2), (40, 4, 0), (400, 20, 5)]:
    loadings = random.randn(factors, columns) * 1.3
    x = random.randn(rows, factors) @ loadings + random.randn(rows, columns) * random.uniform(0.6, 1.4, columns) + 3 * random.randn(columns)
    x = numpy.round(x, 4)
    fit = FactorAnalysis(factors, tol=1e-9, max_iter=4000, svd_method="lapack").fit(x)
    problem = {
        "rows": rows, "columns": columns, "factors": factors, "values": x.ravel().tolist(),
        "noise": fit.noise_variance_.tolist(), "logLikelihood": float(fit.score_samples(x).sum()),
        "iterations": fit.n_iter_, "path": fit.loglike_[:8], "covariance": fit.get_covariance().ravel().tolist(), "codes": fit.transform(x)[:3].ravel().tolist() if factors else [],
        "components": fit.components_.ravel().tolist(),
    }
    if factors > 1:
        for method in ("varimax", "quartimax"):
            problem[method] = _ortho_rotation(fit.components_.T, method=method, tol=1e-15, max_iter=10_000).ravel().tolist()
    problems.append(problem)
json.dump({"problems": problems}, sys.stdout)
