"""Who is best somewhere, and how often such are drawn as parents."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ranker.optimizer.parents import Share, shares, spare
from ranker.optimizer.pareto import drawn, front

ROWS = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 3).map(float), min_size=width, max_size=width), min_size=1, max_size=9
    )
)


def ordered(values: dict[int, list[float]]) -> list[int]:
    return sorted(values, key=lambda number: (-sum(values[number]), number))


def test_who_is_best_at_one_company_stays_though_the_mean_is_low() -> None:
    values = {0: [0.5, 0.5, 0.5], 1: [0.9, 0.0, 0.0], 2: [0.6, 0.6, 0.5]}
    assert front(values, ordered(values)) == {2: 2, 1: 1}


def test_who_is_nowhere_best_or_dominated_or_a_double_is_left_out() -> None:
    values = {0: [1.0, 0.5], 1: [1.0, 0.6], 2: [0.9, 0.1], 3: [1.0, 0.6]}
    assert front(values, ordered(values)) == {1: 2}


def test_without_a_company_that_has_the_figure_the_first_is_the_front() -> None:
    assert front({0: [], 1: []}, [0, 1]) == {0: 1}
    assert front({}, []) == {}


@given(ROWS)
def test_the_front_is_what_a_slow_look_finds(rows: list[list[float]]) -> None:
    values = dict(enumerate(rows))
    order = ordered(values)
    found = front(values, order)
    tops = [max(column) for column in zip(*rows, strict=True)]

    def beaten(number: int) -> bool:
        mine = values[number]
        for other, theirs in values.items():
            if all(a >= b for a, b in zip(theirs, mine, strict=True)) and (theirs != mine or other < number):
                return other != number
        return False

    wins = {number: sum(a == top for a, top in zip(row, tops, strict=True)) for number, row in values.items()}
    assert found == {number: wins[number] for number in order if wins[number] and not beaten(number)}


def test_draws_are_in_proportion_and_the_same_for_the_same_seed() -> None:
    draws = drawn({3: 1, 7: 3}, 4000, 5)
    assert draws == drawn({3: 1, 7: 3}, 4000, 5)
    assert draws != drawn({3: 1, 7: 3}, 4000, 6)
    assert abs(draws.count(7) / 4000 - 0.75) < 0.03


@given(ROWS, st.integers(1, 9), st.integers(1, 4), st.integers(1, 4))
def test_shares_add_up_to_the_variants(rows: list[list[float]], variants: int, width: int, generation: int) -> None:
    values = dict(enumerate(rows))
    order = ordered(values)
    beam = order[:width] if 0 in order[:width] else [*order[:width], 0]
    found = shares(values, order, beam, variants, generation)
    assert sum(share.wanted for share in found) == variants
    assert all(share.wanted > 0 for share in found)
    parents = [share.parent for share in found]
    assert len(set(parents)) == len(parents)
    assert set(parents) <= set(beam) | set(front(values, order))
    assert parents[0] == order[0]
    assert sorted([*parents, *spare(values, order, found)]) == sorted(order)


def test_at_first_the_start_has_it_all() -> None:
    assert shares({0: [0.5]}, [0], (0,), 8, 1) == [Share(0, 8)]
