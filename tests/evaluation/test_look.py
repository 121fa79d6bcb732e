"""What a labelled set holds, and what in it contradicts itself or the persona."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from ranker.commands import load_engine
from ranker.evaluation.comparison_report import look_text, look_values
from ranker.evaluation.labelled import LabelledLead
from ranker.evaluation.look import LabelledCompany, look
from ranker.scoring.assessment import Inputs
from ranker.scoring.rules import RulesEngine

PERSONA = Path(__file__).parents[2] / "prompts/personas/outbound-sales.md"
NONE = math.inf


@pytest.fixture(scope="module")
def engine() -> RulesEngine:
    return load_engine(str(PERSONA))


def labelled(*rows: tuple[str, str, str, float]) -> tuple[list[LabelledLead], dict[str, Inputs]]:
    """Leads L1, L2, … from (company, title, size, label)."""
    leads = [LabelledLead(f"L{at}", company, label) for at, (company, _, _, label) in enumerate(rows, start=1)]
    inputs = {f"L{at}": Inputs(title, company, size) for at, (company, title, size, _) in enumerate(rows, start=1)}
    return leads, inputs


@pytest.mark.parametrize(
    ("ranks", "gaps", "ties"),
    [
        ((1, 2, 3), (), ()),
        ((1, 1, 3), (), ((1, 2),)),
        ((1, 1, 2), (), ((1, 2),)),
        ((2, 5), (1, 3, 4), ()),
        ((1, 1, 1, 6), (4, 5), ((1, 3),)),
        ((), (), ()),
    ],
)
def test_gaps_are_places_that_neither_a_rank_nor_a_tie_takes(
    ranks: tuple[int, ...], gaps: tuple[int, ...], ties: tuple[tuple[int, int], ...]
) -> None:
    company = LabelledCompany("A", 9, 9 - len(ranks), ranks)
    assert (company.gaps, company.ties) == (gaps, ties)


def test_a_rank_of_a_million_is_no_million_gaps() -> None:
    assert len(LabelledCompany("A", 2, 0, (1, 1_000_000)).gaps) < 1_000


def test_companies_come_in_the_order_of_the_labels_with_their_ranks_sorted(engine: RulesEngine) -> None:
    found = look(*labelled(("B", "CEO", "1-10", 3), ("A", "Chef", "1-10", NONE), ("B", "CFO", "1-10", 1)), engine)
    assert [(one.name, one.leads, one.not_relevant, one.ranks) for one in found.companies] == [
        ("B", 2, 0, (1, 3)),
        ("A", 1, 1, ()),
    ]


def test_one_title_and_size_with_two_labels_is_a_contradiction_however_it_is_written(engine: RulesEngine) -> None:
    (one,) = look(
        *labelled(
            ("A", "Head of Sales", "51-200", 2),
            ("B", "head  of SALES", "51–200 employees", NONE),
            ("C", "Head of Sales", "201-500", NONE),
        ),
        engine,
    ).contradictions
    assert (one.title, one.labels, one.across) == ("Head of Sales", (("L1", 2.0), ("L2", NONE)), True)


def test_ranks_contradict_each_other_within_a_company_only(engine: RulesEngine) -> None:
    leads = labelled(("A", "CEO", "1-10", 1), ("B", "CEO", "1-10", 2))
    assert look(*leads, engine).contradictions == ()
    (one,) = look(*labelled(("A", "CEO", "1-10", 1), ("A", "CEO", "1-10", 2)), engine).contradictions
    assert not one.across


def test_two_blank_titles_are_no_contradiction(engine: RulesEngine) -> None:
    found = look(*labelled(("A", "", "1-10", 1), ("A", " ", "1-10", NONE)), engine)
    assert found.contradictions == ()
    assert (found.not_judged, found.disagreements) == (2, ())


def test_labels_against_the_persona_come_with_its_words(engine: RulesEngine) -> None:
    found = look(
        *labelled(("A", "Accountant", "1-10", 1), ("A", "CEO", "1-10", NONE), ("A", "Founder", "1-10", 2)), engine
    )
    assert [(one.source_id, one.qualified) for one in found.disagreements] == [("L1", False), ("L2", True)]
    assert "'CEO or Managing Director · 5/5'" in found.disagreements[1].reason


def test_the_summary_counts_what_was_found_and_json_has_ids_but_no_words_of_leads(engine: RulesEngine) -> None:
    found = look(
        *labelled(
            ("A", "Accountant", "1-10", 1), ("A", "CEO", "1-10", NONE), ("A", "CEO", "1-10", 4), ("B", "CEO", "", 1)
        ),
        engine,
    )
    text = look_text(found)
    first, second, third, fourth = text.splitlines()
    assert first.startswith("Labelled leads: 4 (3 ranked, 1 not relevant). Companies: 2, of them with one lead")
    assert first.endswith("for relevance only: 1.")
    assert second == "Companies with gaps in their ranks: 1; with ranks that leads share: 0."
    assert third.startswith("Titles that have another label at the same size: 1; ")
    assert third.endswith("relevant for one lead and not for another: 1.")
    assert "Labels against this persona: 3 (2 ranked that it leaves out, 1 not relevant that it takes)" in fourth
    assert fourth.endswith("without a doubt on its side: 2.")
    values = look_values(found)
    assert values["companies"]["A"] == {"leads": 3, "not_relevant": 1, "ranks": (1, 4), "gaps": (2, 3), "ties": ()}
    assert values["contradictions"] == [["L3", "L2"]]
    assert values["against_persona"] == ["L1", "L2", "L4"]
    assert "Accountant" not in str(values)
