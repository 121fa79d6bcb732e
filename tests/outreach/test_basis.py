"""What each sentence of a message rests on is told from its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranker.outreach.basis import basis
from ranker.outreach.invented import invented
from ranker.outreach.sequence import Analysis, Mark, Signal, Source

SOURCES = (
    Source("lead", "full_name", "Ada Example"),
    Source("lead", "first_name", "Ada"),
    Source("lead", "title", "VP Sales DACH"),
    Source("lead", "company", "Acme Widgets GmbH"),
    Source("lead", "domain", "acme.example"),
    Source("lead", "size", "51-200"),
    Source("lead", "industry", "Industrial Machinery"),
    Source("lead", "location", "Berlin, Germany"),
    Source("persona", "12", "| Head of Sales | 5/5 | Measured on pipeline every Monday |"),
    Source("verdict", "reasoning", "Carries the number, but nobody builds prospecting properly."),
    Source(
        "context", "about", "Ladderline fills calendars with first meetings. We research accounts and write to people."
    ),
)


def one(sentence: str, analysis: Analysis | None = None, sources: tuple[Source, ...] = SOURCES) -> tuple[str, set[str]]:
    """What the only sentence rests on, and the names of the sources."""
    (found,) = basis(sentence, sources, analysis, invented(sentence, sources))
    return found.rests, {source.name for source in found.sources}


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("As VP Sales DACH you see this every day.", {"title"}),
        ("You lead sales, so this will not be new.", {"title"}),
        ("As a vice president you decide.", {"title"}),
        ("I think of Acme Widgets as a fit.", {"company"}),
        ("Acme's people could use this.", {"company"}),
        ("I looked at acme.example before writing.", {"domain"}),
        ("Firms of 51 to 200 people rarely do this alone.", {"size"}),
        ("Makers of industrial machinery tell me the same.", {"industry"}),
        ("Berlin is full of such firms.", {"location"}),
        ("German firms are careful here.", {"location"}),
    ],
)
def test_a_sentence_rests_on_the_columns_whose_words_it_uses(sentence: str, names: set[str]) -> None:
    assert one(sentence) == ("lead", names)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("People are measured on their pipeline each Monday.", ("persona", {"12"})),
        ("Nobody builds prospecting properly there.", ("verdict", {"reasoning"})),
        ("We fill calendars with first meetings.", ("context", {"about"})),
        ("Ladderline does it for you.", ("context", {"about"})),
        ("You probably spend your evenings on lists.", ("inferred", set())),
        ("Your reps would rather talk to customers.", ("inferred", set())),
        ("You recently raised money.", ("invented", set())),
        ("You met Peter at Globex.", ("invented", set())),
    ],
)
def test_a_sentence_rests_on_what_it_repeats_else_it_is_inferred_or_invented(
    sentence: str, expected: tuple[str, set[str]]
) -> None:
    assert one(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Hi Ada,", "Dear Ms Example,", "Best wishes,", "Thank you for your time.",
        "Would 15 minutes on Tuesday work for you?",
        "Let me know what you think.", "Is this something that you look after?", "Happy to send you more.",
        "Have a good week!",
        "Mit freundlichen Grüßen", "Hätten Sie 15 Minuten Zeit?", "¿Hablamos el jueves?", "I'd love to show you how.",
    ],
)  # fmt: skip
def test_what_claims_nothing_of_them_rests_on_nothing(sentence: str) -> None:
    assert one(sentence) == ("none", set())


def test_a_sentence_with_a_mark_is_invented_whatever_else_it_uses() -> None:
    assert one("As VP Sales DACH at Acme Widgets you use Salesforce.") == ("invented", {"title", "company"})


def test_stop_words_and_single_words_by_chance_are_no_basis() -> None:
    assert one("Most sales teams would rather not.") == ("none", set())
    assert one("This is what the people of the other firms do with it.") == ("none", set())


def test_a_signal_of_the_analysis_tells_what_its_repetition_rests_on() -> None:
    signals = (
        Signal("Owns the forecast of a whole region", "title"),
        Signal("Struggles with silent accounts", "inferred"),
        Signal("Quarterly targets set by a board", "persona"),
    )
    analysis = Analysis("", "", signals)
    assert one("You own a forecast for the whole region.", analysis) == ("lead", {"title"})
    assert one("You struggle with accounts that stay silent.", analysis) == ("inferred", set())
    assert one("Your quarterly targets come from the board.", analysis) == ("persona", set())


def test_a_long_persona_is_quoted_by_the_line_that_was_used() -> None:
    text = "Buyers\n- Measured on pipeline every Monday\n- Hires a first seller after the founder"
    (found,) = basis("You are measured on pipeline.", [Source("persona", "persona", text)], None, ())
    assert found.sources == (Source("persona", "persona", "Measured on pipeline every Monday"),)


def test_sentences_keep_their_order_and_their_places() -> None:
    text = "Hi Ada,\n\nAs VP Sales you know this. You use Salesforce.\n\nBest,\nLadderline"
    found = basis(text, SOURCES, None, invented(text, SOURCES))
    assert [text[part.start : part.end] for part in found] == [
        "Hi Ada,", "As VP Sales you know this.", "You use Salesforce.", "Best,", "Ladderline",
    ]  # fmt: skip
    assert [part.rests for part in found] == ["none", "lead", "invented", "none", "none"]


@given(st.text(max_size=80), st.permutations(SOURCES), st.integers(0, 60), st.integers(1, 20))
def test_the_same_whatever_the_order_of_sources_and_every_mark_is_counted(
    text: str, order: list[Source], start: int, length: int
) -> None:
    marks = (
        [Mark("name", text[start : start + length], start, min(len(text), start + length))] if start < len(text) else []
    )
    found = basis(text, order, None, marks)
    assert found == basis(text, SOURCES, None, marks)
    at = 0
    for part in found:
        assert at <= part.start < part.end <= len(text)
        touched = any(mark.start < part.end and part.start < mark.end for mark in marks)
        assert (part.rests == "invented") == touched
        at = part.end
