"""The figures by brute force, straight from their definitions, to hold the fast ones against.

For small companies only: ties are resolved in every possible order and the figures averaged.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise, permutations

from hypothesis import strategies as st

from ranker.evaluation.evaluate import Prediction
from ranker.evaluation.labelled import NOT_RELEVANT, LabelledLead

Order = tuple[int, ...]


def mean_over_orders(costs: Sequence[float], figure: Callable[[Order], float]) -> float:
    """The mean of `figure` over all orders of the leads that agree with `costs` (lower first)."""
    orders = [
        order
        for order in permutations(range(len(costs)))
        if all(costs[first] <= costs[second] for first, second in pairwise(order))
    ]
    return math.fsum(map(figure, orders)) / len(orders)


def pair_share(labels: Sequence[float], costs: Sequence[float]) -> float | None:
    told_apart = [
        (first, second) for first, second in combinations(range(len(labels)), 2) if labels[first] != labels[second]
    ]
    if not told_apart:
        return None

    def share(order: Order) -> float:
        right = [
            (labels[first] < labels[second]) == (order.index(first) < order.index(second))
            for first, second in told_apart
        ]
        return sum(right) / len(right)

    return mean_over_orders(costs, share)


def p_at(labels: Sequence[float], places: Sequence[float], k: int) -> float | None:
    relevant = sum(label < math.inf for label in labels)
    if len(labels) < 2 or not relevant:
        return None
    seats = min(k, relevant)

    def share(order: Order) -> float:
        return sum(labels[lead] < math.inf and places[lead] < math.inf for lead in order[:seats]) / seats

    return mean_over_orders(places, share)


def ndcg(labels: Sequence[float], places: Sequence[float], k: int) -> float | None:
    if len(labels) < 2 or all(label == math.inf for label in labels):
        return None

    def gained(order: Order) -> float:
        return sum(1 / labels[lead] / math.log2(at + 2) for at, lead in enumerate(order[:k]) if places[lead] < math.inf)

    best = sum(1 / label / math.log2(at + 2) for at, label in enumerate(sorted(labels)[:k]))
    return mean_over_orders(places, gained) / best


def tau_b(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    signs = [
        ((xs[i] > xs[j]) - (xs[i] < xs[j]), (ys[i] > ys[j]) - (ys[i] < ys[j]))
        for i, j in combinations(range(len(xs)), 2)
    ]
    told = math.sqrt(sum(x != 0 for x, _ in signs) * sum(y != 0 for _, y in signs))
    return sum(x * y for x, y in signs) / told if told else None


def spearman(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    def mean_ranks(values: Sequence[float]) -> list[float]:
        return [
            sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2
            for value in values
        ]

    a, b = mean_ranks(xs), mean_ranks(ys)
    middle = (len(xs) + 1) / 2
    spread = math.sqrt(sum((x - middle) ** 2 for x in a) * sum((y - middle) ** 2 for y in b))
    if not spread:
        return None
    return sum((x - middle) * (y - middle) for x, y in zip(a, b, strict=True)) / spread


PREDICTIONS = st.one_of(
    st.just(Prediction(None, None, None)),
    st.builds(
        Prediction,
        qualified=st.booleans(),
        rank=st.none() | st.integers(1, 6),  # few different values: ties are the hard part
        score=st.none() | st.sampled_from([0.0, 12.5, 50.0, 50.1, 100.0]) | st.floats(0, 100),
    ),
)


@st.composite
def answered(
    draw: st.DrawFn, most_companies: int = 4, most_leads: int = 12
) -> tuple[list[LabelledLead], dict[str, Prediction]]:
    """Labelled leads at some companies, and an answer that may lack some of them."""
    labels: list[LabelledLead] = []
    predictions: dict[str, Prediction] = {}
    for company in range(draw(st.integers(1, most_companies))):
        for lead in range(draw(st.integers(1, most_leads))):
            source_id = f"L{company}-{lead}"
            label = draw(st.just(NOT_RELEVANT) | st.integers(1, most_leads).map(float))
            labels.append(LabelledLead(source_id, f"Company {company}", label))
            prediction = draw(st.none() | PREDICTIONS)
            if prediction is not None:
                predictions[source_id] = prediction
    return labels, predictions
