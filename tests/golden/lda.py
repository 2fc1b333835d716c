"""Batch LDA of scikit-learn from a given start: topics and bound after five iterations, proportions, perplexity.

    python3 lda.py > lda.json

Its updates of documents run to 1e-13, so that they do not depend on its random starts of them.
"""
import json

import numpy as np
import sklearn
from sklearn.decomposition import LatentDirichletAllocation

random = np.random.RandomState(7)
documents, words, topics, alpha, eta = 24, 17, 3, 0.4, 0.15
true = random.dirichlet(np.full(words, 0.3), topics)
counts = np.array([random.multinomial(5 + d, random.dirichlet(np.full(topics, 0.5)) @ true) for d in range(documents)], dtype=float)
counts[4] = 0
start = np.round(random.gamma(20, 0.05, (topics, words)), 6)
model = LatentDirichletAllocation(
    topics, doc_topic_prior=alpha, topic_word_prior=eta, learning_method="batch", max_doc_update_iter=100000, mean_change_tol=1e-13, random_state=0)
model.fit(counts)
model.components_ = start.copy()
model.exp_dirichlet_component_ = np.exp(sklearn.decomposition._lda._dirichlet_expectation_2d(model.components_))
bounds = []
for _ in range(5):
    gamma = model._unnormalized_transform(counts)
    bounds.append(model._approx_bound(counts, gamma, sub_sampling=False))
    model._em_step(counts, total_samples=documents, batch_update=True)
gamma = model._unnormalized_transform(counts)
print(json.dumps({
    "sklearn": sklearn.__version__, "alpha": alpha, "eta": eta, "counts": counts.tolist(), "start": start.tolist(), "bounds": bounds,
    "components": model.components_.tolist(), "bound": model._approx_bound(counts, gamma, sub_sampling=False),
    "proportions": model.transform(counts).tolist(), "perplexity": model.perplexity(counts),
}))
