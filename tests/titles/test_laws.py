"""Laws that hold for every title."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranker.titles import TitleReader
from ranker.titles.model import TitleReading

READER = TitleReader()
TITLES = [
    "Founder & CEO",
    "Director of Sales EMEA, Customer Growth @ Lumen | ex-Beta",
    "Responsable des Ventes",
    "Geschäftsführer",
    "Directora de Operaciones",
    "Head of People – Talent & Culture",
    "Président",
    "Senior Software Engineer at Lumen",
    "Vertriebsleiter DACH",
    "Chef de projet",
    "EHS Manager / Sicherheitsfachkraft",
    "Assistant to the CEO",
]
titles = st.one_of(
    st.sampled_from(TITLES),
    st.lists(
        st.sampled_from("director head of sales hr and vp , | / at founder growth zyx engineer ventes leiter".split()),
        min_size=1, max_size=8,
    ).map(" ".join),
)  # fmt: skip
EMOJI = ["🚀", "✨", "👩‍💻", "🇪🇸", "❤️", "😀"]


def features(reading: TitleReading) -> list[object]:
    return [(r.functions, r.level, r.ownership, r.flags, r.employer, r.confidence) for r in reading.roles]


@given(titles)
def test_case_does_not_matter(title: str) -> None:
    assert features(READER.read(title.upper())) == features(READER.read(title))


@given(titles, st.integers(1, 4))
def test_spaces_do_not_matter(title: str, more: int) -> None:
    wide = (" " * more).join(["", *title.split(" "), ""])
    assert features(READER.read(wide)) == features(READER.read(title))


@given(titles)
def test_accents_do_not_matter(title: str) -> None:
    plain = "".join(c for c in unicodedata.normalize("NFD", title) if unicodedata.category(c) != "Mn")
    assert features(READER.read(plain)) == features(READER.read(title))
    assert features(READER.read(unicodedata.normalize("NFD", title))) == features(READER.read(title))


@given(titles, st.data())
def test_emoji_do_not_matter(title: str, data: st.DataObject) -> None:
    words = title.split(" ")
    at = data.draw(st.integers(0, len(words)))
    words.insert(at, data.draw(st.sampled_from(EMOJI)))
    assert features(READER.read(" ".join(words))) == features(READER.read(title))


@given(st.text(max_size=200))
def test_any_text_reads(title: str) -> None:
    reading = READER.read(title)
    assert 0 <= reading.confidence <= 1
    assert (reading.problem is None) or not reading.roles
    vocabulary = READER.vocabulary
    for role in reading.roles:
        assert set(role.functions) <= set(vocabulary.functions)
        assert role.level is None or role.level in vocabulary.levels
        assert {item.value for item in role.evidence if item.feature == "function"} >= set(role.functions)


@given(st.text(alphabet="bcdfghjklmnpqrstvwxz", min_size=9, max_size=14))
def test_a_word_that_is_none_gives_nothing(word: str) -> None:
    assert READER.read(word).roles == ()


def test_reading_twice_and_by_another_reader_gives_the_same() -> None:
    other = TitleReader()
    for title in TITLES:
        assert other.read(title) == READER.read(title)


@pytest.mark.parametrize("length", [2_000, 10_000, 1_000_000])
def test_a_title_of_any_length_reads(length: int) -> None:
    assert READER.read("Head of Sales " + "x" * length).roles[0].level == "head"
