"""The personas that come with the project are understood, and so is one that others wrote, if it is here."""

from pathlib import Path

import pytest

from ranker.personas.reader import read_persona

ROOT = Path(__file__).parents[2]
OTHER = ROOT.parent / "shared" / "gold" / "persona_spec.md"


def test_only_sentences_of_the_shipped_personas_are_not_understood(persona_text: str) -> None:
    spec = read_persona(persona_text)
    assert {one.why for one in spec.not_understood} <= {"a sentence; only tables, lists and lead-ins are read"}


@pytest.mark.parametrize(
    ("name", "brackets", "targets", "champions", "departments", "seniority", "hard", "soft", "signals"),
    [
        ("outbound-sales", 4, 29, 10, 8, 6, 9, 4, 10),
        ("hr-software", 3, 39, 7, 6, 6, 10, 4, 8),
        ("safety-equipment", 3, 21, 10, 8, 8, 10, 4, 7),
    ],
)
def test_the_shipped_personas_have_all_their_values(
    name: str,
    brackets: int,
    targets: int,
    champions: int,
    departments: int,
    seniority: int,
    hard: int,
    soft: int,
    signals: int,
) -> None:
    spec = read_persona((ROOT / "prompts" / "personas" / f"{name}.md").read_text(encoding="utf-8"))
    assert len(spec.brackets) == brackets
    assert sum(not t.champion for t in spec.targets) == targets
    assert sum(t.champion for t in spec.targets) == champions
    assert len(spec.departments) == departments
    assert len(spec.seniority) == seniority
    assert sum(e.hard for e in spec.exclusions) == hard
    assert sum(not e.hard for e in spec.exclusions) == soft
    assert len(spec.signals) == signals
    assert all(len(row.relevance) == brackets for row in (*spec.departments, *spec.seniority))


@pytest.mark.skipif(not OTHER.exists(), reason="that persona is not here")
def test_a_persona_that_others_wrote_has_all_its_values() -> None:
    spec = read_persona(OTHER.read_text(encoding="utf-8"))
    names = [bracket.name for bracket in spec.brackets]
    assert len(names) == 4
    assert [sum(t.bracket == n and not t.champion for t in spec.targets) for n in names] == [5, 7, 7, 7]
    assert [sum(t.bracket == n and t.champion for t in spec.targets) for n in names] == [0, 0, 3, 3]
    assert (len(spec.departments), len(spec.seniority)) == (6, 6)
    assert [sum(e.hard is hard for e in spec.exclusions) for hard in (True, False)] == [6, 4]
    assert spec.exclusions[0].brackets == tuple(names[2:])
    first, *others = spec.departments[-1].relevance.values()
    assert first == 1.0
    assert others == pytest.approx([0.2, 0.2, 0.2])
    assert spec.signals[-1].brackets == tuple(names[1:])
