"""The Fréchet distance of benchmarks/Elbo.Benchmarks/FrechetBenchmark.cs through scipy.linalg.sqrtm, as published code computes it.

    python3 frechet.py FOLDER

FOLDER holds first.npy and second.npy, features [N, D]. Prints one JSON object: seconds with the moments, and the distance.
"""
import json
import sys
import time

import numpy as np
from scipy.linalg import sqrtm

folder = sys.argv[1]
first, second = np.load(f"{folder}/first.npy"), np.load(f"{folder}/second.npy")
begin = time.perf_counter()
a, b = np.cov(first, rowvar=False), np.cov(second, rowvar=False)
difference = first.mean(0) - second.mean(0)
root = sqrtm(a @ b)
value = difference @ difference + np.trace(a) + np.trace(b) - 2 * np.trace(root).real
print(json.dumps({"seconds": time.perf_counter() - begin, "value": float(value)}))
