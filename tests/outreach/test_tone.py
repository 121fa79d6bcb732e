"""Tone of voice: values to bands, at their edges and just beside them; clamping; words that a writer is told."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranker.outreach.tone import DEFAULT, EDGES, WORDS, Tone, band

BELOW, ABOVE = -math.inf, math.inf


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, 0),
        (-0.0, 0),
        (math.nextafter(0.0, ABOVE), 0),
        (math.nextafter(0.25, BELOW), 0),
        (0.25, 1),
        (math.nextafter(0.25, ABOVE), 1),
        (math.nextafter(0.5, BELOW), 1),
        (0.5, 2),
        (math.nextafter(0.5, ABOVE), 2),
        (math.nextafter(0.75, BELOW), 2),
        (0.75, 3),
        (math.nextafter(0.75, ABOVE), 3),
        (math.nextafter(1.0, BELOW), 3),
        (1.0, 3),
    ],
)
def test_an_edge_belongs_to_the_band_above_it(value, expected) -> None:
    assert band(value) == expected
    for name in WORDS:
        assert Tone(**{name: value}).bands()[name] == expected
        assert Tone(**{name: value}).words()[name] == WORDS[name][expected]


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_value_is_never_in_a_lower_band(one, other) -> None:
    low, high = sorted((one, other))

    assert 0 <= band(low) <= band(high) <= len(EDGES)


def test_what_is_missing_is_in_the_middle_and_nothing_is_clamped() -> None:
    assert Tone.of({}) == (Tone(), {})
    assert Tone() == Tone(DEFAULT, DEFAULT, DEFAULT)
    assert Tone.of({"warmth": 1}) == (Tone(DEFAULT, 1.0, DEFAULT), {})
    assert set(Tone().bands().values()) == {2}


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (1.0000001, 1.0),
        (math.nextafter(1.0, ABOVE), 1.0),
        (math.nextafter(0.0, BELOW), 0.0),
        (-3, 0.0),
        (7, 1.0),
        (math.inf, 1.0),
        (-math.inf, 0.0),
    ],
)
@pytest.mark.parametrize("name", WORDS)
def test_a_value_outside_is_taken_to_the_nearest_end_and_said(name, given, taken) -> None:
    tone, clamped = Tone.of({name: given})

    assert getattr(tone, name) == taken
    assert clamped == {name: given}
    assert all(getattr(tone, other) == DEFAULT for other in WORDS if other != name)


@pytest.mark.parametrize("value", [0, 1, 0.0, 1.0, -0.0, 0.3])
def test_a_value_inside_is_kept_as_it_is_and_not_called_clamped(value) -> None:
    assert Tone.of({"directness": value}) == (Tone(directness=value), {})


@pytest.mark.parametrize("name", WORDS)
def test_no_number_is_an_error_that_names_the_dimension(name) -> None:
    with pytest.raises(ValueError, match=f"{name} has to be a number from 0 to 1"):
        Tone.of({name: math.nan})


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, -0.1, 1.1, math.nextafter(1.0, ABOVE), math.nextafter(0.0, BELOW)]
)
def test_a_tone_can_not_be_made_with_a_value_outside(name, value) -> None:
    with pytest.raises(ValueError, match=f"{name} has to be from 0 to 1"):
        Tone(**{name: value})


@given(st.dictionaries(st.sampled_from(sorted(WORDS)), st.floats(allow_nan=False)))
def test_a_tone_that_was_clamped_once_is_kept_the_second_time(values) -> None:
    tone, clamped = Tone.of(values)

    assert set(clamped) == {name for name, value in values.items() if not 0 <= value <= 1}
    assert Tone.of(tone.as_json()) == (tone, {})


def test_every_band_of_a_dimension_has_words_of_its_own_that_begin_with_a_name_for_it() -> None:
    for said in WORDS.values():
        assert len(said) == len(EDGES) + 1
        assert len({one.split(":")[0] for one in said}) == len(said)
    names = [one.split(":")[0] for said in WORDS.values() for one in said]
    assert all(one != other for one, other in itertools.combinations(names, 2))
