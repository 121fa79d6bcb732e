"""Where answer and person disagree: which way, by how much, and in groups of a kind."""

import math

from ranker.evaluation.labelled import LabelledLead
from ranker.optimizer.model_errors import Answered, Labelled, groups, signed_errors
from ranker.scoring.assessment import Assessment, Inputs

STATES = {True: "ranked", False: "not_relevant", None: "not_judged"}


def answered(name, label, qualified, rank=None, company="One"):
    verdict = Assessment(STATES[qualified], qualified, 70.0 if qualified else 20.0, None, None, 0.9, "Because.", ())
    return Answered(Labelled(LabelledLead(name, company, label), Inputs(name, company, "10", "")), verdict, rank)


def kinds(*company):
    return {one.answered.of.lead.source_id: (one.kind, one.places) for one in signed_errors(company)}


def test_verdicts_that_differ_from_the_label_are_errors_whatever_the_rank():
    found = kinds(
        answered("a", 1, True, 1), answered("b", 2, False), answered("c", math.inf, True, 2),
        answered("d", math.inf, False),
    )  # fmt: skip
    assert found == {"b": ("out", 0), "c": ("in", 0)}


def test_a_rank_is_wrong_only_among_those_contacted_rightly():
    found = kinds(answered("a", 2, True, 2), answered("b", 5, True, 3), answered("c", math.inf, True, 1))
    assert found == {"c": ("in", 0)}
    found = kinds(answered("a", 1, True, 3), answered("b", 2, True, 1), answered("c", 3, True, 2))
    assert found == {"a": ("low", 2), "b": ("high", -1), "c": ("high", -1)}


def test_ties_in_the_labels_and_in_the_answer_are_counted_as_they_are():
    assert kinds(answered("a", 1, True, 1), answered("b", 1, True, 1)) == {}
    assert kinds(answered("a", 1, True, 1), answered("b", 1, True, 2)) == {"b": ("low", 1)}
    assert kinds(answered("a", 1, True, 1), answered("b", 2, True, 1)) == {"b": ("high", -1)}


def test_a_failure_is_no_error_of_the_text():
    assert kinds(answered("a", 1, None), answered("b", math.inf, None)) == {}


def test_a_row_says_what_was_wanted_what_came_and_why():
    errors = signed_errors([answered("a", 1, False), answered("b", 2, True, 1), answered("c", 3, True, 1)])
    rows = {row["title"]: row for row in (one.row(4) for one in errors)}
    assert rows["a"] == {
        "id": 4, "title": "a", "size": "10", "label": "to be contacted, choice 1 of 3 at this company",
        "answer": "not contacted, score 20 of 100", "reason": "Because.",
    }  # fmt: skip
    assert rows["c"]["answer"] == "contacted, rank 1, score 70 of 100: 1 place too far up"


def test_a_choice_is_one_of_those_there_are_whatever_gaps_the_labels_have():
    errors = signed_errors([answered("a", 2, False), answered("b", 7, False), answered("c", math.inf, False)])
    said = [one.row(1)["label"] for one in errors]
    assert said == [f"to be contacted, choice {at} of 2 at this company" for at in (1, 2)]


def test_groups_are_of_one_kind_each_up_to_four_drawn_by_the_seed():
    company = [answered(f"out{at}", 1, False) for at in range(9)] + [
        answered(f"in{at}", math.inf, True, 1) for at in range(2)
    ]
    errors = signed_errors(company)
    found = groups(errors, 8, seed=1)
    assert [[one.kind for one in group] for group in found] == [["out"] * 4, ["in"] * 2, ["out"] * 4, ["out"]]
    assert groups(list(reversed(errors)), 8, seed=1) == found
    assert groups(errors, 8, seed=2) != found
    assert groups(errors, 2, seed=1) == found[:2]
    assert groups([], 3, seed=1) == []
