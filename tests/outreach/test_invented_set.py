"""The labelled messages for the checker of invented facts, and the scoring of marks against them."""

import json
from collections import Counter
from itertools import combinations

import pytest

from eval.outreach.score import LATER, MESSAGES, NOTHING_DONE, THIRD, Labelled, load, mark_capitals, score
from ranker.outreach.sequence import Mark, Source, longest


@pytest.fixture(scope="module", params=[MESSAGES, LATER, THIRD], ids=lambda path: path.stem)
def messages(request: pytest.FixtureRequest) -> tuple[Labelled, ...]:
    return load(request.param)


def test_half_of_the_messages_invent(messages: tuple[Labelled, ...]) -> None:
    inventing = sum(bool(one.facts) for one in messages)

    assert len(messages) >= 80
    assert 0.45 <= inventing / len(messages) <= 0.55


def test_ids_and_texts_differ_and_lengths_are_those_of_outreach(messages: tuple[Labelled, ...]) -> None:
    assert len({one.id for one in messages}) == len({one.text for one in messages}) == len(messages)
    assert [one.id for one in messages if not 0 < len(one.text) <= longest(one.step)] == []


def test_facts_stand_in_their_text_and_do_not_overlap(messages: tuple[Labelled, ...]) -> None:
    for one in messages:
        taken: set[int] = set()
        for fact in one.facts:
            assert one.text[fact.start : fact.end] == fact.text
            assert not taken & set(range(fact.start, fact.end)), one.id
            taken |= set(range(fact.start, fact.end))


def test_a_name_or_employer_that_is_invented_stands_in_no_source(messages: tuple[Labelled, ...]) -> None:
    held = [
        (one.id, fact.text)
        for one in messages
        for fact in one.facts
        if fact.kind in {"name", "employer"} and any(fact.text in source.value for source in one.sources)
    ]

    assert held == []


def test_every_kind_of_fact_and_every_language_is_there(messages: tuple[Labelled, ...]) -> None:
    kinds = Counter(fact.kind for one in messages for fact in one.facts)
    languages = Counter(one.language for one in messages)

    assert min(kinds[kind] for kind in ("name", "number", "employer", "event")) >= 5
    assert set(languages) >= {"en", "de", "fr", "es"}
    assert 0.1 <= 1 - languages["en"] / len(messages) <= 0.2


def test_the_set_that_was_there_before_the_checker_is_large_enough_and_has_every_language() -> None:
    messages = load(MESSAGES)

    assert len(messages) >= 120
    assert {one.language for one in messages} == {"en", "de", "fr", "es", "pt"}


def test_no_message_and_no_company_is_in_two_sets() -> None:
    sets = [load(path) for path in (MESSAGES, LATER, THIRD)]

    for one, other in combinations(sets, 2):
        assert not {message.text for message in one} & {message.text for message in other}
    assert not _companies(sets[2]) & (_companies(sets[0]) | _companies(sets[1]))


def test_the_third_set_has_more_events_than_anything_else_and_every_language() -> None:
    messages = load(THIRD)
    kinds = Counter(fact.kind for one in messages for fact in one.facts)

    assert len(messages) == 100
    assert {one.language for one in messages} == {"en", "de", "fr", "es", "pt"}
    assert 0.4 <= kinds["event"] / kinds.total() <= 0.5
    assert min(kinds.values()) / kinds.total() >= 0.1


def test_a_fact_that_is_not_in_its_message_is_an_error(tmp_path) -> None:
    row = json.loads(MESSAGES.read_text(encoding="utf-8").splitlines()[0])
    path = tmp_path / "messages.jsonl"
    path.write_text(json.dumps(row | {"invented": [{"kind": "name", "text": "not in there"}]}), encoding="utf-8")

    with pytest.raises(ValueError, match="stands 0 times"):
        load(path)


def test_marks_are_scored_by_whether_they_overlap_a_fact() -> None:
    sources = (Source("lead", "title", "CEO"),)
    text = "Saw you at Expo with 40 others. Talk to Bob?"
    facts = (Mark("name", "Expo", 11, 15), Mark("number", "40", 21, 23))
    messages = (Labelled("a", 1, "en", sources, text, facts), Labelled("b", 1, "en", sources, "Hello Bob", ()))

    found = score(messages, mark_capitals)

    assert (found.recall.part, found.recall.whole) == (2, 2)
    assert (found.precision.part, found.precision.whole) == (2, 7)
    assert (found.message_recall.value, found.message_precision.value) == (1.0, 0.5)
    assert found.same_kind.value == 1.0
    assert [mark.text for _, mark in found.false] == ["Saw", "Talk", "Bob", "Hello", "Bob"]


def test_answers_that_need_no_checker_do_not_pass_for_one(messages: tuple[Labelled, ...]) -> None:
    for of in NOTHING_DONE.values():
        found = score(messages, of)
        assert found.recall.value < 0.9 or found.precision.value < 0.8


def _companies(messages: tuple[Labelled, ...]) -> set[str]:
    return {source.value for one in messages for source in one.sources if source.name == "company"}
