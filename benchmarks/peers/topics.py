"""The topic model of benchmarks/Elbo.Benchmarks/TopicBenchmark.cs in scikit-learn: the same documents, start and number of iterations.

    python3 topics.py FOLDER TOPICS ITERATIONS JOBS

FOLDER holds tokens.npy [documents, tokens] and start.npy [topics, words]. Prints one JSON object: seconds of fit, and the bound per document.
"""
import json
import sys
import time

import numpy as np
import scipy.sparse
import sklearn
from sklearn.decomposition import LatentDirichletAllocation
from sklearn.decomposition._lda import _dirichlet_expectation_2d

folder, topics, iterations, jobs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
tokens, start = np.load(f"{folder}/tokens.npy"), np.load(f"{folder}/start.npy")
documents, words = tokens.shape[0], start.shape[1]
rows = np.repeat(np.arange(documents), tokens.shape[1])
counts = scipy.sparse.csr_matrix((np.ones(tokens.size), (rows, tokens.ravel())), shape=(documents, words))
counts.sum_duplicates()


class FromStart(LatentDirichletAllocation):
    def _init_latent_vars(self, *arguments, **named):
        super()._init_latent_vars(*arguments, **named)
        self.components_ = start.copy()
        self.exp_dirichlet_component_ = np.exp(_dirichlet_expectation_2d(self.components_))


# perp_tol is unused with the default evaluate_every: max_iter iterations are made.
model = FromStart(topics, learning_method="batch", max_iter=iterations, n_jobs=jobs, random_state=1)
begin, used = time.perf_counter(), time.process_time()
model.fit(counts)
seconds, processor = time.perf_counter() - begin, time.process_time() - used
bound = model._approx_bound(counts, model._unnormalized_transform(counts), sub_sampling=False) / documents
print(json.dumps({"seconds": seconds, "processor": processor, "bound": bound, "sklearn": sklearn.__version__}))
