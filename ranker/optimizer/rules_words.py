"""Faults of a persona as sentences for an analyst: in the persona's and the vocabulary's words, never in a lead's."""

from __future__ import annotations

from collections.abc import Mapping

from ranker.optimizer.rules_critique import Fault, RoleKind
from ranker.personas.describe import out_of_five
from ranker.personas.form import Row
from ranker.personas.spec import PersonaSpec
from ranker.scoring.reasons import people
from ranker.titles import Vocabulary

_GROUPS = {
    "departments": "the team {}",
    "seniority": "the level {}",
    "champions": "the champion {}",
    "hard": "{} (never to be contacted)",
    "soft": "{} (a last resort)",
    "positive": "the sign {}",
    "negative": "the sign {}",
}


def sizes_of(spec: PersonaSpec) -> dict[str, str]:
    """Each bracket by name, as people say it: "51–200 people"."""
    return {bracket.name: people(bracket) for bracket in spec.brackets}


def plural(role: RoleKind, vocabulary: Vocabulary) -> str:
    """A kind of role: "Directors in Sales", "Founders"."""
    if role.ownership is not None:
        return f"{role.ownership.capitalize()}s"
    level = vocabulary.levels.get(role.level or "", "")
    many = "C-level people" if role.level == "c_level" else f"{level}s" if level else "People of no stated level"
    function = vocabulary.functions.get(role.function or "", "")
    return f"{many} in {function}" if function else many


def sentence(fault: Fault, sizes: Mapping[str, str], vocabulary: Vocabulary) -> str:
    """What was wrong, in how many companies: "Directors in Sales at 51–200 people were left out in 3 companies …"."""
    cell = fault.cell
    leads = "1 lead" if fault.wrong == 1 else f"{fault.wrong} leads"
    where = "in 1 company" if fault.companies == 1 else f"in {fault.companies} companies"
    other = "others" if fault.other is None else plural(fault.other, vocabulary)
    done, though = {
        "left out": ("left out", "though people had ranked them"),
        "taken": ("contacted", "though people had marked them as not relevant"),
        "under": (f"ranked under {other}", "against people's ranks"),
        "over": (f"ranked over {other}", "against people's ranks"),
    }[fault.what]
    if cell.role is not None:
        return f"{plural(cell.role, vocabulary)} at {sizes[cell.bracket]} were {done} {where} ({leads}), {though}."
    were = f"{leads} {'was' if fault.wrong == 1 else 'were'} {done} {where}, {though}."
    if cell.row is None:
        return f"By the score from which people are contacted, {were}"
    return f"By {_row(cell.row, cell.bracket)} at {sizes[cell.bracket]}, {were}"


def _row(row: Row, bracket: str) -> str:
    value = row.value(bracket)
    rated = "" if value is None else f" ({out_of_five(value)})"
    return _GROUPS.get(row.kind, "{}").format(f"“{row.name}”{rated}")
