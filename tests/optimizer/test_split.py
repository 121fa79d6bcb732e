"""Companies are parted by their names alone."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranker.errors import OptimizerError
from ranker.optimizer.settings import Settings
from ranker.optimizer.split import split

NAMES = st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=60, unique=True)


def named(count: int) -> list[str]:
    return [f"Company {number}" for number in range(count)]


@given(NAMES, st.integers(0, 9), st.randoms(use_true_random=False))
def test_every_company_is_in_one_part_whatever_their_order(names: list[str], seed: int, shuffle: random.Random) -> None:
    settings = Settings(seed=seed)
    parts = split(names, settings)
    assert sorted([*parts.training, *parts.held_out]) == sorted(names)
    if parts.folds:
        assert sorted(company for fold in parts.folds for company in fold) == sorted(parts.training)
    other = list(names)
    shuffle.shuffle(other)
    again = split(other, settings)
    assert set(again.held_out) == set(parts.held_out)
    assert [set(fold) for fold in again.folds] == [set(fold) for fold in parts.folds]


def test_a_quarter_is_held_out_from_twelve_companies_on() -> None:
    assert len(split(named(12), Settings()).held_out) == 3
    assert len(split(named(30), Settings()).held_out) == 8
    assert not split(named(11), Settings()).held_out


def test_folds_are_of_equal_size_and_no_more_than_companies() -> None:
    assert sorted(len(fold) for fold in split(named(11), Settings()).folds) == [2, 2, 2, 2, 3]
    assert len(split(named(3), Settings()).folds) == 3
    assert not split(named(1), Settings()).folds
    assert not split(named(11), Settings(folds=0)).folds


def test_a_folds_search_always_sees_a_company() -> None:
    for count in range(2, 14):
        parts = split(named(count), Settings(folds=2))
        assert all(set(parts.training) - set(fold) for fold in parts.folds)


def test_another_seed_holds_out_others() -> None:
    assert len({split(named(20), Settings(seed=seed)).held_out for seed in range(8)}) > 4


def test_held_out_companies_are_no_neighbours_by_name() -> None:
    held = split(named(40), Settings()).held_out
    assert held != tuple(named(40)[:10])
    assert held != tuple(named(40)[30:])


@pytest.mark.parametrize(
    ("count", "settings", "words"),
    [
        (
            30,
            Settings(),
            (
                "8 of 30 companies are held out until the end; the search sees 22. 5 further searches leave out a "
                "part of them each, and are judged by that part."
            ),
        ),
        (
            8,
            Settings(),
            (
                "All 8 companies are searched: a hold-out takes 12. 5 further searches leave out a part of them each, "
                "and are judged by that part."
            ),
        ),
        (
            4,
            Settings(),
            (
                "All 4 companies are searched: a hold-out takes 12. 4 further searches leave out a part of them each, "
                "and are judged by that part. A difference takes at least 6 companies to show."
            ),
        ),
        (
            12,
            Settings(folds=0),
            (
                "3 of 12 companies are held out until the end; the search sees 9. Without cross-validation the "
                "hold-out alone decides. A difference takes at least 6 companies to show."
            ),
        ),
        (
            8,
            Settings(folds=0, hold_out=0),
            (
                "No company is held out; the search sees all 8. Without cross-validation and without a hold-out no "
                "gain can be claimed."
            ),
        ),
        (
            1,
            Settings(),
            (
                "There is 1 company, and it is searched. Without cross-validation and without a hold-out no gain "
                "can be claimed."
            ),
        ),
    ],
)
def test_what_was_split_is_said_in_words(count: int, settings: Settings, words: str) -> None:
    assert split(named(count), settings).words == words


def test_without_a_company_it_says_what_to_do() -> None:
    with pytest.raises(OptimizerError, match="label some leads first"):
        split([], Settings())
