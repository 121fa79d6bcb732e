"""Signed errors of single leads, the cells they are charged to, and titles made of the vocabulary's words."""

from __future__ import annotations

import math

import pytest

from ranker.optimizer.rules_critique import RoleKind, faults
from ranker.optimizer.rules_leads import RulesLeads, Wrong, wrong_answers
from ranker.optimizer.rules_names import Names
from ranker.personas.form import form_of
from ranker.personas.reader import read_persona
from ranker.scoring.rules import RulesEngine
from tests.optimizer.rules_cases import READER, RIGHT, inputs, labelled

NONE = math.inf


def test_a_right_answer_has_no_error() -> None:
    assert wrong_answers([1, 2, NONE, NONE], [1, 2, NONE, NONE]) == []


def test_who_is_left_out_belongs_higher_and_nobody_else_is_blamed() -> None:
    assert wrong_answers([1, 2, NONE, NONE], [1, NONE, NONE, NONE]) == [
        Wrong(1, 1 + 1 / 3, left_out=True, taken=False, under=(), over=())
    ]


def test_who_is_taken_belongs_lower_and_who_stands_behind_higher() -> None:
    assert wrong_answers([1, NONE, NONE], [2, 1, NONE]) == [
        Wrong(0, 0.5, left_out=False, taken=False, under=(1,), over=()),
        Wrong(1, -2.0, left_out=False, taken=True, under=(), over=(0,)),
    ]


def test_a_tie_is_half_an_error_for_both() -> None:
    assert [(one.at, one.error) for one in wrong_answers([1, 2], [1, 1])] == [(0, 0.5), (1, -0.5)]


def test_errors_are_charged_to_the_rows_and_the_kind_of_role_at_the_size() -> None:
    text = RIGHT.replace("| Director | 3/5 | 5/5 |", "| Director | 3/5 | 1/5 |")
    given = inputs()
    leads = RulesLeads(labelled(RIGHT, given), given)
    engine = RulesEngine(read_persona(text), "", READER)
    answers = leads.judge(engine, leads.companies)
    found = faults(leads, answers, engine, form_of(engine.persona.spec), leads.companies)
    assert found == sorted(found, key=lambda one: -one.strength)
    level = next(one for one in found if one.cell.row is not None and one.cell.row.name == "Director")
    assert (level.cell.bracket, level.what, level.error > 0) == ("Big firms", "left out", True)
    assert level.companies == level.wrong == 4  # big firms with a director of marketing
    role = next(one for one in found if one.cell.role == RoleKind("marketing", "director", None))
    assert (role.what, role.companies) == ("left out", 4)
    assert all(one.cell.bracket in ("Big firms", "") for one in found)


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (RoleKind("partnerships", "director", None), "Director of Partnerships"),
        (RoleKind("plant_management", "manager", None), "Plant Manager"),
        (
            RoleKind("account_management", "manager", None),
            "Account Management Manager",
        ),  # an account manager leads none
        (RoleKind("hr", "vp", None), "VP of Human Resources"),
        (RoleKind("executive", "c_level", None), "CEO"),
        (RoleKind(None, None, "founder"), "Founder"),
        (RoleKind("engineering", "individual", None), None),  # an engineer is one trade of many
        (RoleKind("sales", None, None), None),
        (RoleKind(None, "director", None), None),
    ],
)
def test_a_kind_of_role_has_a_name_of_the_vocabularys_words_or_none(kind: RoleKind, title: str | None) -> None:
    assert Names(READER).title(kind) == title


def test_every_name_is_read_as_what_it_stands_for() -> None:
    names, found = Names(READER), 0
    for function in READER.vocabulary.functions:
        for level in READER.vocabulary.levels:
            title = names.title(RoleKind(function, level, None))
            if title is not None:
                found += 1
                roles = READER.read(title).roles
                assert roles[0].level == level, title
                assert function in roles[0].functions, title
    assert found > 400
