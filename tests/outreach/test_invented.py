"""What no source holds is found in a message, and what one holds, or what claims nothing, is not."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranker.outreach.invented import invented
from ranker.outreach.sequence import Source

SOURCES = (
    Source("lead", "full_name", "Ada Example"),
    Source("lead", "first_name", "Ada"),
    Source("lead", "last_name", "Example"),
    Source("lead", "title", "VP Sales DACH"),
    Source("lead", "company_name", "Acme GmbH"),
    Source("lead", "domain", "acme.example"),
    Source("lead", "size", "51-200"),
    Source("lead", "industry", "Software Development"),
    Source("lead", "location", "Berlin, Germany"),
    Source("context", "context", "Ladderline fills calendars with first meetings for B2B firms such as Kupferhain: "
           "12 meetings a month for each rep within six weeks. See ladderline.example."),
)  # fmt: skip
_MARK = re.compile(r"<(name|employer|number|event):([^>]*)>")
LINES = [
    line.replace("|", "\n")
    for line in (Path(__file__).parent / "invented.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("line", [line for line in LINES if _MARK.search(line)])
def test_what_is_invented_is_marked(line: str) -> None:
    text, facts, at = "", [], 0
    for found in _MARK.finditer(line):
        text += line[at : found.start()]
        facts.append((found.group(1), len(text), len(text) + len(found.group(2))))
        text, at = text + found.group(2), found.end()
    text += line[at:]
    marks = invented(text, SOURCES)
    for kind, start, end in facts:
        # Who is an employer and who is but named is a matter of a word before; both are told apart below.
        kinds = {"name", "employer"} if kind in ("name", "employer") else {kind}
        assert any(one.kind in kinds and one.start < end and start < one.end for one in marks), (text[start:end], marks)
    for one in marks:
        assert any(one.start < end and start < one.end for _, start, end in facts), one


@pytest.mark.parametrize("text", [line for line in LINES if not _MARK.search(line)])
def test_what_is_held_or_claims_nothing_is_not_marked(text: str) -> None:
    assert invented(text, SOURCES) == ()


def test_the_kind_says_what_is_invented() -> None:
    text = "Congrats on raising $12M from Sequoia, Ada! Peter in Madrid, who was at Oracle, told me."
    found = {(one.kind, one.text) for one in invented(text, SOURCES)}
    assert {("number", "$12M"), ("employer", "Sequoia"), ("name", "Madrid"), ("employer", "Oracle")} <= found
    assert any(kind == "event" and words.startswith("Congrats") for kind, words in found)


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("250", "Your 250 people deserve better."),
        ("two hundred and fifty people", "Your 250 people deserve better."),
        ("1,200", "With 1200 people, this matters."),
        ("1.2k people", "With 1,200 people, this matters."),
        ("40%", "With 40 percent more, this matters."),
        ("€5M", "With 5 million euros at hand, this matters."),
        ("two dozen offices", "With 24 offices, this matters."),
        ("half of all deals", "With 50% of all deals, this matters."),
    ],
)  # fmt: skip
def test_a_number_is_held_in_whatever_notation(told: str, text: str) -> None:
    def marked(*more: Source) -> set[str]:
        return {one.text for one in invented(text, [*SOURCES, *more]) if one.kind == "number"}

    assert marked()
    assert not marked(Source("lead", "notes", told))


@pytest.mark.parametrize(
    "text",
    [
        "Your Salesforce data is rich.",
        "I saw that you are hiring SDRs.",
        "Your 120 people matter.",
        "Greetings from Oslo.",
    ],
)
def test_a_fact_counts_where_the_lead_or_the_context_tells_it_and_nowhere_else(text: str) -> None:
    told = "You are hiring SDRs in Oslo: 120 people on Salesforce data"
    assert invented(text, SOURCES)
    assert not invented(text, [*SOURCES, Source("lead", "notes", told)])
    assert invented(text, [*SOURCES, Source("persona", "12", told)]) == invented(text, SOURCES)
    assert invented(text, [*SOURCES, Source("verdict", "reason", told)]) == invented(text, SOURCES)


def test_what_happened_can_be_told_by_the_context() -> None:
    met = Source("context", "context", "We met these people at Sample Fair in Oslo in May.")
    text = "Hi Ada, we met at Sample Fair in Oslo."
    assert invented(text, SOURCES)
    assert not invented(text, [*SOURCES, met])


def test_a_title_does_not_tell_of_an_event() -> None:
    hiring = [Source("lead", "title", "Hiring Manager"), Source("lead", "full_name", "Ada Example")]
    assert [one.kind for one in invented("I noticed that you are hiring.", hiring)] == ["event"]


PIECES = """Hi Ada, you recently raised €5M at Acme in Oslo? as discussed we met Peter. 120 people\n and of
the your new role Globex's 30% congratulations on twice if Are hiring Sie haben vi que 🚀 ex-Google http://x.example"""
words = st.sampled_from(PIECES.split(" "))
texts = st.one_of(st.text(max_size=80), st.lists(words, max_size=25).map(" ".join))


@given(texts, st.permutations(SOURCES))
def test_marks_are_in_order_apart_and_the_same_for_any_order_of_sources(text: str, order: list[Source]) -> None:
    marks = invented(text, order)
    at = 0
    for one in marks:
        assert at <= one.start < one.end <= len(text)
        assert one.text == text[one.start : one.end]
        assert one.text.strip()
        at = one.end
    assert marks == invented(text, SOURCES)


@pytest.mark.parametrize(
    "piece", ["Aa ", "you ", "Your new ", "1,", "I saw that ", "a.b", "Sie haben ", "x’", "-", "[", "12 to "]
)
def test_no_text_takes_long(piece: str) -> None:
    text = (piece * 500)[:500]
    invented(text, SOURCES)  # the word lists are read
    start = time.process_time()
    invented(text, SOURCES)
    assert time.process_time() - start < 0.25


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("As Head of Marketing at Acme you know this.", "Head of Marketing"),
        ("As a founder you do it all yourself.", "founder"),
        ("You are the CEO of Acme.", "CEO"),
        ("Als Geschäftsführer wissen Sie das.", "Geschäftsführer"),
    ],
)
def test_a_position_that_the_title_does_not_give_is_marked(text: str, position: str) -> None:
    assert [one.text for one in invented(text, SOURCES)] == [position]


@pytest.mark.parametrize(
    "text",
    [
        "As a sales leader you decide.",
        "As a vice president you decide.",
        "As the owner of the number, you care.",
        "In your role as Chief Revenue Officer you know this.",
        "As a leader, an expert, or a team, you decide.",
        "We act as an SDR team for you.",
    ],
)
def test_a_position_in_other_words_is_not(text: str) -> None:
    assert invented(text, SOURCES) == ()
