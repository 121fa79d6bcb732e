"""Taking one row out of a persona's text: its whole line where the line is about nothing else, else its words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from ranker.personas.edit import ELSEWHERE, first_that_fits, own_form
from ranker.personas.extent import cut_out, extent_at, without
from ranker.personas.form import Form, Row, read_form, says_the_same


def remove(text: str, row: Row) -> str:
    """The text without a title, team, level, exclusion or signal, at every size for which it is written there.

    Raises ``EditRefused`` where its words can't be taken out without changing something else.
    """
    form = own_form(text, row)
    at = form.rows.index(row)
    expected = dataclasses.replace(form, rows=form.rows[:at] + form.rows[at + 1 :])
    return first_that_fits(
        _candidates(text, row),
        lambda found: says_the_same(expected, found),
        f"“{row.name}” can't be taken out of line {row.place.line} without changing something else. {ELSEWHERE}",
    )


def remove_threshold(text: str) -> str:
    """The text without the line that states the score; then the usual one holds. Raises ``EditRefused``."""
    form = read_form(text)
    if form.threshold_place is None:
        return text
    expected: Form = dataclasses.replace(form, threshold=None)
    return first_that_fits(
        [without(text, extent_at(text, form.threshold_place.start))],
        lambda found: says_the_same(expected, found),
        f"The score can't be taken out of line {form.threshold_place.line} alone. {ELSEWHERE}",
    )


def _candidates(text: str, row: Row) -> Iterator[str]:
    yield without(text, extent_at(text, row.place.start))
    spans = [place for place in (*row.places.values(), row.size_place) if place and place.line == row.place.line]
    start = min([row.place.start, *(place.start for place in spans)])
    end = max([row.place.end, *(place.end for place in spans)])
    yield from cut_out(text, start, end)
    yield from cut_out(text, row.place.start, row.place.end)
