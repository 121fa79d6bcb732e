"""A text that is too long ends earlier, where a reader would end it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranker.outreach.lengths import cut, is_seam

CASES = [
    ("One here. Two here. Three here.", 20, "One here. Two here."),
    ("One here. Two here.", 19, "One here. Two here."),
    ("One here. Two here.", 18, "One here."),
    ("We looked at your page, and it says a lot.", 30, "We looked at your page…"),
    ("Somebody looked at all of this", 20, "Somebody looked at…"),
    ("Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp…"),
    ("Hi Ada,\n\nThis is far too long for the room that there is.", 30, "Hi Ada,\n\nThis is far too long…"),
    ("See this: a, b. Three things:\n- one thing that is long", 40, "See this: a, b."),
    ("  short  ", 20, "short"),
    ("👩‍💻👩‍💻", 4, "👩‍💻…"),
    ("👩‍💻👩‍💻", 2, "…"),
    ("🇩🇪🇫🇷🇪🇸", 4, "🇩🇪…"),
    ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "most", "expected"), CASES)
def test_a_text_ends_at_a_sentence_else_at_a_clause_else_at_a_word(text: str, most: int, expected: str) -> None:
    assert cut(text, most) == expected


def test_there_must_be_room_for_something() -> None:
    with pytest.raises(ValueError, match="one character"):
        cut("text", 0)


pieces = st.sampled_from(
    [
        "Ada",
        "e.g.",
        ". ",
        "? ",
        "… ",
        "\n",
        " ",
        ", ",
        "🚀",
        "👩‍💻",
        "🇩🇪",
        "e\u0301",
        "👍🏽",
        "1️⃣",
        "\ud83d",
        "\ude00",
        "Hi Ada,\n",
    ]
)
texts = st.one_of(st.text(max_size=80), st.lists(pieces, max_size=30).map("".join))


@given(texts, st.integers(1, 60))
def test_what_is_cut_fits_begins_alike_breaks_no_sign_and_stays_when_cut_again(text: str, most: int) -> None:
    out = cut(text, most)
    assert len(out) <= most
    assert bool(out) == bool(text.strip())
    assert cut(out, most) == out
    kept = out
    if not text.strip().startswith(out):
        assert out.endswith("…")
        kept = out[:-1]
        assert text.strip().startswith(kept)
    # What was left out after the kept words can be space or a comma; the sign at the seam is whole.
    assert is_seam(text.strip(), len(kept))
