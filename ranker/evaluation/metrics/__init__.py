"""The figures of one company, one kind a file. Every function is pure and takes sequences of equal length.

What they take, position i being one lead of the company:

labels
    The person's rank: a whole number from 1 (1 = best), or `math.inf` for "not relevant".
places
    The answer's rank, lower is better; `math.inf` = not qualified. A qualified lead without a rank has
    the place `UNRANKED`, behind every rank. Never NaN.
scores
    The answer's score, higher is better. None and anything that is not finite is the lowest score.

What they return: a number, or None where the figure is not defined for the company (said in each docstring).
Ties in the answer are worth their expected value over all orders that the tie allows, so the order of rows
never matters. Averaging over companies is done in `ranker.evaluation.evaluate`.
"""

from ranker.evaluation.metrics._ranks import UNRANKED
from ranker.evaluation.metrics.correlation import kendall_tau_b, spearman
from ranker.evaluation.metrics.ndcg import ndcg_k
from ranker.evaluation.metrics.pairs import order, pairs, top_pairs
from ranker.evaluation.metrics.precision_at import p_at_k
from ranker.evaluation.metrics.rank_errors import mae, nmse, rmse
from ranker.evaluation.metrics.relevance import f1, left_out, precision, recall

__all__ = [
    "UNRANKED",
    "f1",
    "kendall_tau_b",
    "left_out",
    "mae",
    "ndcg_k",
    "nmse",
    "order",
    "p_at_k",
    "pairs",
    "precision",
    "recall",
    "rmse",
    "spearman",
    "top_pairs",
]
