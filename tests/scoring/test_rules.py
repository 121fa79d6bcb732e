"""What the rules engine says of a lead, by the persona's own lines."""

from __future__ import annotations

import pytest

from ranker.scoring.assessment import Assessment, Inputs
from tests.scoring.personas import TEXT, engine

ENGINE = engine()


def judge(title: str, size: str = "51-200", company: str = "Lumen Works") -> Assessment:
    return ENGINE.assess(Inputs(title, company, size))


@pytest.mark.parametrize(
    ("title", "size", "status"),
    [
        ("Co-Founder", "2-10", "ranked"),
        ("Founder", "10001+", "not_relevant"),
        ("CEO", "11-50", "ranked"),
        ("CEO", "1001-5000", "not_relevant"),
        ("VP of Sales", "51-200", "ranked"),
        ("VP of Sales", "1001-5000", "ranked"),
        ("Director Comercial", "201-500", "ranked"),
        ("Sales Manager", "51-200", "ranked"),  # a champion there
        ("Sales Manager", "2-10", "not_relevant"),
        ("SDR", "51-200", "not_relevant"),
        ("CFO", "2-10", "not_relevant"),
        ("VP Finance", "51-200", "not_relevant"),
        ("Software Engineer", "51-200", "not_relevant"),
        ("Head of Design", "51-200", "not_relevant"),
        ("Head of Quibbling", "51-200", "ranked"),  # a word that only the persona knows
        ("Head of Quibbling", "2-10", "not_relevant"),
        ("Retired VP of Sales", "51-200", "not_relevant"),
        ("Former VP of Sales", "51-200", "not_relevant"),
        ("VP of Sales at Otherfirm", "51-200", "not_relevant"),
        ("VP of Sales at Lumen Works", "51-200", "ranked"),
        ("VP of Sales @ LUMENWORKS | we hire", "51-200", "ranked"),
        ("Investor", "2-10", "not_relevant"),
        ("", "51-200", "not_judged"),
        ("lumen.example", "51-200", "not_judged"),
    ],
)
def test_status(title: str, size: str, status: str) -> None:
    assert judge(title, size).status == status


def test_a_lead_without_company_is_rejected() -> None:
    found = judge("VP of Sales", company="  ")
    assert (found.status, found.qualified, found.score) == ("rejected", None, None)
    assert "company" in found.reasoning.lower()


def test_scores_follow_the_personas_order() -> None:
    titles = ["VP of Sales", "Sales Director", "Sales Manager", "Marketing Manager", "CFO"]
    scores = [judge(title).score or 0.0 for title in titles]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_a_champion_stands_behind_the_buyers() -> None:
    champion = judge("Sales Manager")
    assert "champion" in champion.flags
    assert (champion.score or 0) < min(judge(title).score or 0 for title in ("VP of Sales", "Sales Director"))


@pytest.mark.parametrize(
    ("title", "size", "words"),
    [
        ("VP of Sales", "51-200", "VP of Sales · 5/5"),
        ("CFO", "2-10", "CFO / Finance"),
        ("CEO", "1001-5000", "Too far away"),
        ("SDR", "51-200", "They see a rival in us"),
        ("Head of Revenue Operations", "51-200", "Revenue Operations · 4/5"),
        ("Sales Representative", "51-200", "Individual Contributor · 0/5"),
    ],
)
def test_reasoning_quotes_the_personas_line(title: str, size: str, words: str) -> None:
    found = judge(title, size)
    assert words in found.reasoning
    assert found.lines
    for line, quote in zip(found.lines, found.basis, strict=True):
        assert any(word in TEXT.splitlines()[line - 1] for word in quote.replace("·", " ").split())


def test_a_second_role_that_is_excluded_counts_against_a_founder() -> None:
    both, alone = judge("CTO & Co-Founder", "2-10"), judge("Co-Founder", "2-10")
    assert both.status == "ranked"
    assert (both.score or 0) < (alone.score or 0)
    assert "excluded_role" in both.flags


def test_a_sign_in_the_title_counts_against() -> None:
    assert (judge("Sales Director Consultant").score or 0) < (judge("Sales Director").score or 0)


@pytest.mark.parametrize(("size", "flag"), [("", "size_missing"), ("plenty", "size_unreadable")])
def test_without_a_size_only_what_holds_everywhere_is_a_yes(size: str, flag: str) -> None:
    founder, finance = judge("Founder", size), judge("CFO", size)
    assert (founder.status, finance.status) == ("not_relevant", "not_relevant")
    assert founder.needs_review
    assert finance.needs_review
    assert flag in founder.flags
    assert "1–50 people" in founder.reasoning
    assert judge("VP of Sales", size).status == "ranked" or "VP" not in judge("VP of Sales", size).reasoning


def test_a_size_that_spans_two_brackets_says_so() -> None:
    found = judge("Sales Manager", "11-100")
    assert "size_spans" in found.flags
    assert found.needs_review
    assert judge("Sales Manager", "201-500").flags == ("champion",)


def test_an_unknown_field_of_a_high_level_asks_for_a_look() -> None:
    found = judge("Director of Zanzibrix")
    assert found.status == "not_relevant"
    assert found.needs_review
    assert "zanzibrix" in found.reasoning.lower()
    assert found.confidence < 0.7


def test_the_engine_knows_no_trade_of_its_own() -> None:
    other = engine(TEXT.replace("Sales", "Gardening").replace("SDRs", "Gardeners"))
    assert other.assess(Inputs("VP of Gardening", "Lumen Works", "51-200")).status == "ranked"
    assert other.assess(Inputs("VP of Sales", "Lumen Works", "51-200")).status == "not_relevant"


def test_a_variant_names_everything_that_decides() -> None:
    assert engine().variant == ENGINE.variant
    assert engine(TEXT + "\nA word more.\n").variant != ENGINE.variant


def test_a_stated_threshold_is_used() -> None:
    strict = engine(TEXT + "\n## Threshold\n\nContact only people who score 80 or more out of 100.\n")
    assert strict.persona.threshold == 80
    title = "Head of Revenue Operations"
    assert judge(title).qualified
    assert (judge("Founder").score or 0) >= 60
    assert not strict.assess(Inputs("Founder", "Lumen Works", "51-200")).qualified


@pytest.mark.parametrize(
    ("text", "title", "status"),
    [
        ("## Targets\n- Dentist\n\n## Do not contact\n- Dental assistants\n", "Dentist", "ranked"),
        ("## Targets\n- Dentist\n\n## Do not contact\n- Dental assistants\n", "Dental assistant", "not_relevant"),
        ("## Targets\n- Dentist\n\n## Do not contact\n- Dental assistants\n", "Surgeon", "not_relevant"),
        ("## Targets\n- Safety Officer\n\n## Last resort\n- Safety consultants\n", "Safety Officer", "ranked"),
        ("## Targets\n- Principal / Headteacher\n", "Principal", "ranked"),
        ("## Targets\n- Principal / Headteacher\n", "Principal Engineer", "not_relevant"),
        ("## Targets\n- VP / Head of Sales\n", "VP Sales", "ranked"),
        ("## Targets\n- Head of HR / People\n", "Head of People", "ranked"),
        ("## Targets\n- Head of HR / People\n", "People Assistant", "not_relevant"),
        ("## Targets\n| Role | Priority |\n|---|---|\n| Teacher | no |\n| CEO | 5/5 |\n", "Teacher", "not_relevant"),
    ],
)
def test_a_trade_means_just_that_trade(text: str, title: str, status: str) -> None:
    assert engine(text).assess(Inputs(title, "Lumen Works", "30")).status == status
