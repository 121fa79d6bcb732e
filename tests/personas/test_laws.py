"""Laws of the text and its specification, on the personas that come with the project and on generated ones."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from ranker.personas.edit import replace
from ranker.personas.pieces import read_piece
from ranker.personas.reader import read_persona
from ranker.personas.spec import PersonaSpec, Place
from ranker.personas.version import persona_hash
from tests.personas.priorities import with_priority

KINDS = ("targets", "departments", "seniority", "exclusions", "signals")
PLACES = {"place", "places", "priority_place", "size_place"}


def bare(value: BaseModel) -> dict[str, Any]:
    return {key: found for key, found in value.model_dump().items() if key not in PLACES}


def all_bare(spec: PersonaSpec, without_line: int = 0) -> dict[str, list[dict[str, Any]]]:
    result = {k: [bare(v) for v in getattr(spec, k) if v.place.line != without_line] for k in (*KINDS, "brackets")}
    result["threshold"] = [bare(spec.threshold)] if spec.threshold else []
    return result


def every_place(value: Any) -> list[Place]:
    if isinstance(value, Place):
        return [value]
    if isinstance(value, BaseModel):
        return [place for name in type(value).model_fields for place in every_place(getattr(value, name))]
    if isinstance(value, dict):
        return [place for one in value.values() for place in every_place(one)]
    return [place for one in value for place in every_place(one)] if isinstance(value, tuple) else []


def named(value: Any) -> str:
    name: str = next(getattr(value, key) for key in ("title", "name", "role", "text") if hasattr(value, key))
    return name


def slice_of(text: str, place: Place) -> str:
    return " ".join(read_piece(text, place.start, place.end, place.line).text.split())


def test_every_place_is_where_its_value_is_written(persona_text: str) -> None:
    spec = read_persona(persona_text)
    lines = persona_text.splitlines()
    for kind in KINDS:
        for value in getattr(spec, kind):
            assert slice_of(persona_text, value.place) == named(value)
            assert value.place.line == persona_text.count("\n", 0, value.place.start) + 1
            assert named(value).split()[0] in lines[value.place.line - 1]
    for row in (*spec.departments, *spec.seniority):
        for bracket, place in row.places.items():
            assert slice_of(persona_text, place) == row.written[bracket]
    for target in spec.targets:
        if target.priority_place:
            assert target.quote.endswith(persona_text[target.priority_place.start : target.priority_place.end])


def test_replacing_a_place_by_itself_changes_nothing(persona_text: str) -> None:
    spec = read_persona(persona_text)
    places = every_place(spec)
    assert len(places) > 100
    for place in places:
        assert replace(persona_text, place, persona_text[place.start : place.end]) == persona_text
    assert read_persona(persona_text) == spec


@pytest.mark.parametrize("kind", KINDS)
def test_another_name_at_one_place_changes_that_value_only(persona_text: str, kind: str) -> None:
    spec = read_persona(persona_text)
    for value in {value.place: value for value in getattr(spec, kind)}.values():
        new = replace(persona_text, value.place, "Zebra keeper")
        assert new[: value.place.start] == persona_text[: value.place.start]
        assert new[value.place.start + len("Zebra keeper") :] == persona_text[value.place.end :]
        after = read_persona(new)
        expected, found = all_bare(spec), all_bare(after)
        for old, now, item in zip(expected[kind], found[kind], getattr(spec, kind), strict=True):
            if item.place == value.place:
                assert "Zebra keeper" in now.values()
                for key in ("title", "name", "role", "text", "quote", "title_words"):
                    old.pop(key, None)
                    now.pop(key, None)
        assert found == expected


def test_another_priority_at_one_place_changes_that_value_only(persona_text: str) -> None:
    spec = read_persona(persona_text)
    for target in spec.targets:
        if target.priority_place is None:
            continue
        after = read_persona(with_priority(persona_text, target.priority_place, 0.2))
        expected, found = all_bare(spec), all_bare(after)
        for old, now, item in zip(expected["targets"], found["targets"], spec.targets, strict=True):
            if item.priority_place == target.priority_place:
                assert now["priority"] == pytest.approx(0.2)
                for key in ("priority", "quote"):
                    old.pop(key)
                    now.pop(key)
        assert found == expected


def test_another_relevance_at_one_place_changes_that_value_only(persona_text: str) -> None:
    spec = read_persona(persona_text)
    for index, row in enumerate(spec.seniority):
        for bracket, place in row.places.items():
            after = read_persona(with_priority(persona_text, place, 0.2))
            assert after.seniority[index].relevance == pytest.approx({**row.relevance, bracket: 0.2})
            expected, found = all_bare(spec), all_bare(after)
            del expected["seniority"][index], found["seniority"][index]
            assert found == expected


def test_deleting_a_line_removes_exactly_its_values(persona_text: str) -> None:
    spec = read_persona(persona_text)
    brackets = {bracket.place.line for bracket in spec.brackets}
    lines = persona_text.splitlines(keepends=True)
    numbers = {value.place.line for kind in KINDS for value in getattr(spec, kind)} - brackets
    assert len(numbers) > 40
    for number in numbers:
        after = read_persona("".join(lines[: number - 1] + lines[number:]))
        assert all_bare(after) == all_bare(spec, without_line=number)


def test_line_ends_and_a_missing_last_one_make_no_difference(persona_text: str) -> None:
    spec = read_persona(persona_text)
    for text in (persona_text.replace("\n", "\r\n"), persona_text.replace("\n", "\r"), persona_text.rstrip("\n")):
        other = read_persona(text)
        assert all_bare(other) == all_bare(spec)
        assert [v.place.line for v in other.targets] == [v.place.line for v in spec.targets]
        for value in other.targets:
            assert slice_of(text, value.place) == value.title
    assert len({persona_hash(persona_text), persona_hash(persona_text.replace("\n", "\r\n"))}) == 2


def test_a_text_before_moves_places_and_nothing_else(persona_text: str) -> None:
    spec = read_persona(persona_text)
    comment = "<!-- äöü: 5/5 -->\n\n"
    after = read_persona(comment + persona_text)
    assert all_bare(after) == all_bare(spec)
    for old, now in zip(every_place(spec.targets), every_place(after.targets), strict=True):
        assert (now.line, now.start, now.end) == (old.line + 2, old.start + len(comment), old.end + len(comment))


words = st.lists(
    st.sampled_from(["Head", "Chief", "Lead", "of", "Ops", "R&D", "Sales", "Área", "Süd"]), min_size=1, max_size=4
)
rows = st.lists(st.tuples(words.map(" ".join), st.integers(0, 10)), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(
    edges=st.sets(st.integers(1, 2500).map(lambda half: 2 * half), min_size=1, max_size=4),
    data=st.data(),
    form=st.sampled_from(["table", "list", "matrix"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_what_is_read(edges: set[int], data: st.DataObject, form: str, end: str) -> None:
    highs = sorted(edges)
    lows = [1, *(high + 1 for high in highs)]
    sizes = [f"{low:,}-{high:,}" for low, high in zip(lows[:-1], highs, strict=True)] + [f"{lows[-1]:,}+"]
    names = ["Alpha", "Bravo", "Charlie", "Delta", "Echo"][: len(sizes)]
    lines = ["# Buyers", ""]
    expected = []
    if form == "matrix":
        lines += [
            "## Targets",
            "",
            "| Role | " + " | ".join(f"{n} ({s})" for n, s in zip(names, sizes, strict=True)) + " |",
        ]
        lines += ["|---" * (len(names) + 1) + "|"]
        for title, points in data.draw(rows):
            lines.append(f"| {title} " + f"| {points}/10 " * len(names) + "|")
            expected += [(name, title, points / 10) for name in names]
    else:
        for name, size in zip(names, sizes, strict=True):
            lines += ["", f"### {name} ({size} employees)", "", "**Primary Targets:**", ""]
            lines += ["| Title | Priority |", "|:--|--:|"] if form == "table" else []
            for title, points in data.draw(rows):
                lines.append(f"| {title} | {points}/10 |" if form == "table" else f"- {title} ({points}/10)")
                expected.append((name, title, points / 10))
    spec = read_persona(end.join(lines))
    assert [(b.name, b.low, b.high) for b in spec.brackets] == list(zip(names, lows, [*highs, None], strict=True))
    assert [(t.bracket, t.title, t.priority) for t in spec.targets] == expected
    assert spec.not_understood == ()


@given(st.text(max_size=200))
def test_any_text_at_all_is_read_or_refused_in_words(text: str) -> None:
    from ranker.errors import PersonaError

    try:
        spec = read_persona("## Targets\n- CEO\n\n" + text)
    except PersonaError:
        pytest.fail("the text has a target")
    whole = "## Targets\n- CEO\n\n" + text
    for place in every_place(spec):
        assert 0 <= place.start <= place.end <= len(whole)
        assert whole[place.start : place.end].count("\n") <= text.count("\n")
