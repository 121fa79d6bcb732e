"""Titles of seven languages with what they must read as: one row of ``titles.csv`` each, to be added to.

Columns: title; functions, level, ownership, flag. A blank is not checked; ``|`` divides what is right as well.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ranker.titles import TitleReader
from ranker.titles.model import NOT_EMPLOYED

with (Path(__file__).parent / "titles.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))


@pytest.fixture(scope="module")
def reader() -> TitleReader:
    return TitleReader()


def allowed(row: dict[str, str], column: str) -> set[str]:
    return set(filter(None, row[column].split("|")))


@pytest.mark.parametrize("row", ROWS, ids=[row["title"] for row in ROWS])
def test_the_first_role_is_read_as_expected(reader: TitleReader, row: dict[str, str]) -> None:
    reading = reader.read(row["title"])
    assert reading.roles, f"no role; unknown {reading.unknown}, slogans {reading.slogans}"
    role = reading.roles[0]
    if functions := allowed(row, "functions"):
        assert set(role.functions[:1]) & functions
    if levels := allowed(row, "level"):
        assert role.level in levels
    if ownerships := allowed(row, "ownership"):
        assert {each.ownership for each in reading.roles} & ownerships
    if flags := allowed(row, "flag"):
        assert reading.flags & flags
    else:
        assert not (role.flags & NOT_EMPLOYED), "read as no current job"


def test_every_column_of_the_list_is_used_with_known_values(reader: TitleReader) -> None:
    vocabulary = reader.vocabulary
    assert len(ROWS) == len({row["title"] for row in ROWS})
    for row in ROWS:
        assert any(row[column] for column in ("functions", "level", "ownership", "flag")), row
        assert allowed(row, "functions") <= set(vocabulary.functions), row
        assert allowed(row, "level") <= set(vocabulary.levels), row
