"""Which text a search proposes."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from ranker.optimizer.memory import Candidate
from ranker.optimizer.proposal import Proposed, edits, propose
from ranker.optimizer.standing import quality, standing
from ranker.optimizer.subject import Figures


def row(value: float) -> Figures:
    return {"leads": 2, "pairs": value, "f1": value, "tau_b": None, "spearman": None, "mae": None}


def proposed(values: Sequence[Sequence[float]], lengths: Sequence[int], parents: Sequence[int] = ()) -> Proposed:
    """Candidates by their values at companies; the first is the start, the others are made from it or as told."""
    candidates = [
        Candidate(number, parents[number] if parents else 0, 1, "x" * length, str(number), state="evaluated")
        for number, length in enumerate(lengths)
    ]
    candidates[0] = Candidate(0, None, 0, "x" * lengths[0], "0", state="evaluated")
    names = [f"Company {place}" for place in range(len(values[0]))]
    scores = {number: dict(zip(names, map(row, some), strict=True)) for number, some in enumerate(values)}
    return propose(candidates, {number: standing(some, names) for number, some in scores.items()}, scores, names)


START = [0.2, 0.2, 0.2, 0.2]


def test_the_shortest_within_one_standard_error_is_proposed() -> None:
    best, near, far = [0.9, 0.6, 0.8, 0.7], [0.8, 0.7, 0.7, 0.75], [0.6, 0.4, 0.6, 0.5]
    assert proposed([START, best, near, far], [10, 30, 20, 5]) == Proposed(
        2, "No. 2 is the shortest of 2 within one standard error of the best (the best is no. 1)."
    )


def test_within_is_judged_by_paired_differences_not_by_means() -> None:
    # Its mean is near the best's, but it is behind by the same at every company: no standard error at all.
    best, behind = [0.9, 0.3, 0.9, 0.3], [0.89, 0.29, 0.89, 0.29]
    assert proposed([START, best, behind], [10, 30, 20]).number == 1


def test_of_equally_long_ones_that_of_fewer_edits_then_the_better() -> None:
    one, two, three = [0.9, 0.6, 0.8, 0.7], [0.8, 0.7, 0.7, 0.75], [0.7, 0.75, 0.75, 0.8]
    assert proposed([START, one, two, three], [10, 20, 20, 20], [0, 0, 1, 0]).number == 1
    assert proposed([START, one, two, three], [10, 20, 20, 20], [0, 2, 0, 1]).number == 2


def test_the_start_stays_when_it_is_within_one_standard_error() -> None:
    found = proposed([START, [0.9, 0.2, 0.1, 0.1]], [10, 5])
    assert found == Proposed(
        0,
        "The start stays: the other text is ahead by less than one standard error at the companies that the search "
        "saw.",
    )


def test_a_shorter_text_that_is_equally_good_does_not_take_the_place_of_the_start() -> None:
    assert proposed([START, START], [10, 5]).number == 0


def test_a_text_that_is_worse_than_the_start_is_never_proposed_however_short() -> None:
    best, worse = [0.3, 0.3, 0.3, 0.3], [1.0, 0.0, 0.0, 0.0]
    start = [0.25, 0.25, 0.25, 0.26]
    assert proposed([start, best, worse], [10, 30, 1]).number == 1


def test_one_company_changes_nothing() -> None:
    assert proposed([[0.1], [0.9]], [10, 5]).number == 0


@given(
    st.lists(st.lists(st.floats(0, 1), min_size=5, max_size=5), min_size=1, max_size=8),
    st.lists(st.integers(1, 9), min_size=8, max_size=8),
)
def test_what_is_proposed_is_the_start_or_better_than_it(values: list[list[float]], lengths: list[int]) -> None:
    found = proposed(values, lengths[: len(values)])
    names = [str(place) for place in range(5)]
    kinds = [quality(standing(dict(zip(names, map(row, some), strict=True)), names)) for some in values]
    assert found.number == 0 or kinds[found.number] < kinds[0]
    assert found == proposed(values, lengths[: len(values)])


def test_edits_are_counted_along_the_lineage() -> None:
    line = [
        Candidate(0, None, 0, "", ""),
        Candidate(1, 0, 1, "", ""),
        Candidate(2, 0, 1, "", ""),
        Candidate(3, 1, 2, "", ""),
    ]
    assert [edits(line, number) for number in range(4)] == [0, 1, 1, 2]
