"""Whatever is handed over: a clear sentence, no lost row, and the page that says so is true."""

import pytest

from eval.bad_input import NOTHING, PAGE, all_told, page


@pytest.fixture(scope="module")
def told():
    return list(all_told())


def test_the_page_on_bad_input_says_what_happens(told):
    assert PAGE.read_text(encoding="utf-8") == page(told), "write it again: python -m eval.bad_input"


def test_every_row_of_every_file_is_accounted_for(told):
    assert [one.name for one in told if one.outcomes and one.outcomes != one.rows] == []
    assert [one.name for one in told if not one.said or "\n" in one.said or "Traceback" in one.said] == []


def test_what_can_be_saved_is_saved(told):
    kept = {one.name: one.kept for one in told}
    for name in ("a quote that is never closed", "NUL bytes", "two encodings in one file", "mixed line ends"):
        assert kept[name] != NOTHING, name
        assert "rejected" not in kept[name], name
    assert "the database is whole" in kept["a disk that is full"]
    assert "2 new, 1 rejected" in kept["a title of 10,001 characters"]
