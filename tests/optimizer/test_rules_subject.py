"""The rules' persona as a search sees it: an error that was planted is found back, offline, and can be read."""

from __future__ import annotations

import difflib
import math
import random
import re
import time
from dataclasses import replace

import pytest

from ranker.errors import CandidateRefused, LabelError
from ranker.evaluation.evaluate import Prediction, evaluate
from ranker.evaluation.labelled import LabelledLead
from ranker.optimizer.rules_subject import RulesSubject
from ranker.personas.form import read_form
from ranker.personas.reader import read_persona
from ranker.scoring.assessment import Inputs
from ranker.scoring.ranks import assign_ranks
from ranker.scoring.rules import RulesEngine
from tests.optimizer.rules_cases import READER, RIGHT, climbed, inputs, labelled, subject, worth

PLANTED = {
    "a title's priority": ("| VP of Sales | 5/5 |", "| VP of Sales | 1/5 |"),
    "two titles changed places": (
        "| VP of Sales | 5/5 |\n| Sales Director | 4/5 |",
        "| VP of Sales | 3/5 |\n| Sales Director | 5/5 |",
    ),
    "a title that is lacking": ("| Director of Partnerships | 3/5 |\n", ""),
    "a team's cell": ("| Marketing | 4/5 |", "| Marketing | 2/5 |"),
    "a level's cell": ("| Director | 3/5 | 5/5 |", "| Director | 3/5 | 1/5 |"),
    "an exclusion too many": ("- Finance\n", "- Finance\n- Marketing\n"),
    "an exclusion at every size": ("- Founder (51+ employees)", "- Founder"),
    "the threshold": ("score 60 or more", "score 85 or more"),
}


def planted(name: str) -> str:
    """The right persona with an error."""
    right, wrong = PLANTED[name]
    assert RIGHT.count(right) == 1
    return RIGHT.replace(right, wrong)


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_error_is_mended(name: str) -> None:
    one = subject(planted(name))
    lost = 1 - worth(one, one.start)
    assert lost > 0.005
    assert 1 - worth(one, climbed(one, 3)) < 0.3 * lost


@pytest.mark.parametrize(
    "name",
    [
        "a title's priority",
        "a title that is lacking",
        "an exclusion too many",
        "an exclusion at every size",
        "the threshold",
    ],
)
def test_an_error_in_one_line_is_found_back_at_once(name: str) -> None:
    one = subject(planted(name))
    best = one.propose(one.start, one.companies, 8, 0)[0]
    assert worth(one, best.text) == 1.0
    assert sorted(read_form(best.text).rows, key=repr) == sorted(read_form(RIGHT).rows, key=repr)


def test_who_agrees_with_the_labels_needs_no_change() -> None:
    one = subject(RIGHT)
    assert worth(one, RIGHT) == 1.0
    assert one.propose(RIGHT, one.companies, 8, 0) == []


def test_the_critique_says_who_was_wrong_where_and_the_edit_what_changes() -> None:
    one = subject(planted("a title's priority"))
    best = one.propose(one.start, one.companies, 1, 0)[0]
    assert re.fullmatch(
        r"(Vice Presidents in Sales at 51\+ people were left out in 4 companies \(4 leads\)|"
        r"By “VP of Sales” \(1/5\) at 51\+ people, 4 leads were left out in 4 companies), "
        r"though people had ranked them\.",
        best.critique,
    )
    assert "VP of Sales" in best.edit
    assert " did better, 0 worse, " in best.edit


def test_figures_are_those_of_the_persona_as_it_would_be_used() -> None:
    given = inputs()
    leads = labelled(RIGHT, given)
    text = planted("a level's cell")
    engine = RulesEngine(read_persona(text), "", READER)
    verdicts = {key: engine.assess(value) for key, value in given.items()}
    ranks = assign_ranks(
        [one.domain for one in given.values()], [one.score if one.qualified else None for one in verdicts.values()]
    )
    answers = {
        key: Prediction(verdict.qualified, rank, verdict.score)
        for (key, verdict), rank in zip(verdicts.items(), ranks, strict=True)
    }
    one = subject(RIGHT)
    assert one.evaluate(text, one.companies) == evaluate(leads, answers).companies
    assert set(one.evaluate(text, ["Company 03"])) == {"Company 03"}


@pytest.mark.parametrize("name", PLANTED)
def test_every_proposal_reads_back_and_leaves_the_other_lines_as_they_are(name: str) -> None:
    one = subject(planted(name))
    old = one.start.splitlines(keepends=True)
    for seed in range(2):
        for proposal in one.propose(one.start, one.companies, 8, seed):
            new = proposal.text.splitlines(keepends=True)
            kept = sum(match.size for match in difflib.SequenceMatcher(None, old, new).get_matching_blocks())
            compound = ";" in proposal.edit
            assert len(old) - kept <= (4 if compound else 2), proposal.edit
            assert len(new) - kept <= (10 if compound else 5), proposal.edit
            assert not set(read_form(proposal.text).missed) - set(read_form(one.start).missed)
            assert worth(one, proposal.text) > worth(one, one.start)


def test_no_two_proposals_are_for_the_same_place_and_the_same_arguments_give_the_same() -> None:
    one = subject(planted("an exclusion too many"))
    first = one.propose(one.start, one.companies, 8, 5)
    assert first == one.propose(one.start, one.companies, 8, 5)
    assert len({proposal.text for proposal in first}) == len(first) <= 8
    assert len(one.propose(one.start, one.companies, 2, 5)) <= 2
    assert one.propose(one.start, one.companies, 0, 5) == []
    other = subject(planted("an exclusion too many"))
    other.propose(other.start, other.companies[:4], 8, 1)
    assert other.propose(other.start, other.companies, 8, 5) == first


def test_another_seed_may_give_other_proposals() -> None:
    one = subject(planted("the threshold"))
    assert len({one.propose(one.start, one.companies, 1, seed)[0].text for seed in range(12)}) > 1


def test_only_the_companies_that_are_given_have_a_say() -> None:
    text, given = planted("two titles changed places"), inputs()
    leads = labelled(RIGHT, given)
    training = [f"Company {at:02}" for at in range(6)]
    other = [
        lead
        if lead.company in training
        else replace(lead, label=math.inf if lead.label < math.inf else float(at % 5 + 1))
        for at, lead in enumerate(leads)
    ]
    one, turned = RulesSubject(text, leads, given, READER), RulesSubject(text, other, given, READER)
    found = one.propose(text, training, 8, 0)
    assert found
    assert turned.propose(text, training, 8, 0) == found
    assert turned.evaluate(text, turned.companies) != one.evaluate(text, one.companies)


def test_the_order_of_rows_and_companies_has_no_say() -> None:
    text, given = planted("a level's cell"), inputs()
    leads = labelled(RIGHT, given)
    shuffled = [*leads]
    random.Random(3).shuffle(shuffled)
    backwards = dict(reversed(given.items()))
    one, other = RulesSubject(text, leads, given, READER), RulesSubject(text, shuffled, backwards, READER)
    assert one.companies == other.companies
    assert one.evaluate(text, one.companies) == other.evaluate(text, other.companies)
    assert one.propose(text, one.companies, 8, 2) == other.propose(text, other.companies[::-1], 8, 2)


def test_no_word_of_a_lead_gets_into_a_proposal() -> None:
    given = inputs()
    odd = {
        key: replace(value, title=f"Zorblax {value.title} of Quuxland | the {at}th Frobnicator")
        for at, (key, value) in enumerate(given.items())
    }
    leads = labelled(RIGHT, given)
    for name in PLANTED:
        one = RulesSubject(planted(name), leads, odd, READER)
        for proposal in one.propose(one.start, one.companies, 8, 0):
            told = f"{proposal.text} {proposal.critique} {proposal.edit}".casefold()
            assert not re.search("zorblax|quux|frobnic|company \\d", told)


def test_a_title_is_added_in_the_vocabularys_words() -> None:
    given = inputs()
    there = {
        key: replace(value, title="Dir. Alliances & Channel") if value.title == "Director of Partnerships" else value
        for key, value in given.items()
    }
    one = RulesSubject(planted("a title that is lacking"), labelled(RIGHT, given), there, READER)
    found = one.propose(one.start, one.companies, 8, 0)
    assert any("Director of Partnerships" in proposal.text for proposal in found)
    assert not any("Alliances" in proposal.text for proposal in found)


@pytest.mark.parametrize("text", ["", "   \n", "Dear all, please think of something."])
def test_a_text_that_is_no_persona_is_refused(text: str) -> None:
    one = subject(RIGHT)
    with pytest.raises(CandidateRefused):
        one.evaluate(text, one.companies)
    with pytest.raises(CandidateRefused):
        one.propose(text, one.companies, 8, 0)


def test_labels_without_leads_are_refused() -> None:
    with pytest.raises(LabelError, match="no labelled leads"):
        RulesSubject(RIGHT, [], {}, READER)
    with pytest.raises(LabelError, match="no row"):
        RulesSubject(RIGHT, [LabelledLead("1", "A", 1.0)], {"2": Inputs("CEO", "A", "5")}, READER)


def test_leads_that_nobody_can_judge_are_blamed_on_no_line() -> None:
    given = {
        "1": Inputs("", "A", "5"),
        "2": Inputs("Founder at Other Firm", "A", "5", "a.example"),
        "3": Inputs("Founder", "A", ""),
        "4": Inputs("Clerk", "A", "5"),
    }
    leads = [LabelledLead("1", "A", 1.0), LabelledLead("2", "A", 2.0), LabelledLead("3", "A", 3.0)]
    one = RulesSubject(RIGHT, [*leads, LabelledLead("4", "A", math.inf)], given, READER)
    assert worth(one, RIGHT) < 1
    assert one.propose(RIGHT, one.companies, 8, 0) == []


def test_a_candidate_takes_little_time() -> None:
    given = dict(list(inputs(26).items())[:353])
    assert len(given) == 353
    one = RulesSubject(RIGHT, labelled(RIGHT, given), given, READER)
    one.evaluate(RIGHT, one.companies)
    taken = []
    for at in range(3):
        begun = time.process_time()
        one.evaluate(RIGHT + " " * at + "\n", one.companies)
        taken.append(time.process_time() - begun)
    assert min(taken) < 0.25
