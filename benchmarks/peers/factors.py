"""scikit-learn's factor analysis of an npy file.

    python3 factors.py FILE FACTORS REPEATS

Starts from noise variances of 1 and stops where an iteration raises the total log-likelihood by less than 0.01 (scikit-learn's defaults).
Prints one JSON object: the median seconds of a fit, its iterations and its log-likelihood per row.
"""
import json
import sys
import time

import numpy
import sklearn
from sklearn.decomposition import FactorAnalysis

x = numpy.load(sys.argv[1])
times = []
for _ in range(int(sys.argv[3])):
    start = time.perf_counter()
    fit = FactorAnalysis(int(sys.argv[2])).fit(x)
    times.append(time.perf_counter() - start)
times.sort()
print(json.dumps({
    "seconds": times[len(times) // 2], "iterations": fit.n_iter_, "logLikelihood": fit.score(x), "version": sklearn.__version__,
}))
