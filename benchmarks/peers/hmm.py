"""Times Baum-Welch in hmmlearn on the rows and from the start that the benchmark wrote: hmm.py FILE ITERATIONS.

Prints one line per implementation (logarithms, scaling): median milliseconds per iteration and the log-likelihood per row of the start.
Says so, and exits 3, where hmmlearn is not installed: it is in neither Debian nor the package registry in reach.
"""
import struct
import sys
import time

import numpy

try:
    from hmmlearn.hmm import GaussianHMM
except ImportError:
    print("hmmlearn is not installed for this Python; nothing was compared.")
    sys.exit(3)


def main():
    with open(sys.argv[1], "rb") as file:
        rows, columns, states = struct.unpack("<3i", file.read(12))
        values = numpy.frombuffer(file.read(), dtype="<f8")
    parts = numpy.split(values, numpy.cumsum([rows * columns, states, states * states]))
    data = parts[0].reshape(rows, columns)
    iterations = int(sys.argv[2])
    for implementation in ("log", "scaling"):
        times = []
        model = GaussianHMM(states, "diag", init_params="", covars_prior=0, covars_weight=0, min_covar=0, n_iter=1, tol=0, implementation=implementation)
        model.startprob_, model.transmat_ = parts[1].copy(), parts[2].reshape(states, states).copy()
        model.means_, model.covars_ = parts[3].reshape(states, columns).copy(), numpy.ones((states, columns))
        first = model.score(data) / rows
        for _ in range(iterations):
            start = time.perf_counter()
            model.fit(data)
            times.append(1e3 * (time.perf_counter() - start))
        print(f"hmmlearn {implementation}: median {numpy.median(times):.2f} ms an iteration; log-likelihood per row {first:.12f}")


main()
