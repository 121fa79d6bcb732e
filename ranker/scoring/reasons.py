"""The reasoning: one or two sentences for a sales person, quoting the persona's own line."""

from __future__ import annotations

from functools import cache

from ranker.personas.sizes import range_shown
from ranker.personas.spec import Bracket
from ranker.scoring.verdict import Verdict
from ranker.titles import Role

_AWAY = {
    "former": "a former role",
    "retired": "retired",
    "student": "a student",
    "investor": "an investor, not an employee",
    "board": "on the board, not in the business",
    "advisor": "an advisor, not an employee",
    "seeking": "looking for a job",
}
_SHORT = {
    "former": "Former",
    "retired": "Retired",
    "student": "Student",
    "intern": "Intern",
    "investor": "Investor",
    "board": "Board member",
    "advisor": "Advisor",
    "seeking": "Looking for a job",
    "assistant_to": "Assistant",
}


@cache
def people(bracket: Bracket) -> str:
    """The bracket as people say it: "51–200 people"."""
    if bracket.high is None and bracket.low <= 1:
        return "any size"
    return f"{range_shown(bracket.low, bracket.high)} people"


def named_role(role: Role, functions: dict[str, str], levels: dict[str, str]) -> str:
    """The role in words of the vocabulary: "Director in Sales", "Founder"."""
    if role.ownership is not None:
        return role.ownership.capitalize()
    level = levels.get(role.level or "", "")
    field = " and ".join(functions.get(function, function) for function in role.functions)
    if level and field:
        return f"{level} in {field}"
    return level or field or next((word for flag, word in _SHORT.items() if flag in role.flags), "This role")


def reason(verdict: Verdict, role: Role, bracket: Bracket, functions: dict[str, str], levels: dict[str, str]) -> str:
    """Why this verdict, in one or two sentences that a sales person accepts."""
    size = people(bracket)
    name = bracket.name
    text = ""
    if verdict.kind == "target" and verdict.target is not None:
        share = verdict.target.priority
        choice = "First choice" if share >= 0.95 else "Good choice" if share >= 0.75 else "Possible choice"
        text = f"{choice} at {size}: '{verdict.target.quote}'."
    elif verdict.kind == "champion" and verdict.target is not None:
        text = f"Champion at {size}, behind the buyers: '{verdict.target.quote}'."
    elif verdict.kind == "grid" and not verdict.qualified:
        text = f"Not contacted at {size}, though the team and level fit: {_lines(verdict, name)}."
    elif verdict.kind == "grid":
        text = f"Fits at {size}, though not a named title: {_lines(verdict, name)}."
    elif verdict.kind in ("hard", "soft") and verdict.exclusion is not None:
        line = verdict.exclusion.quote
        why = f" ({verdict.exclusion.reason.strip().rstrip('.')})" if verdict.exclusion.reason.strip() else ""
        who = named_role(role, functions, levels)
        kind = "a hard exclusion" if verdict.kind == "hard" else "a soft exclusion"
        text = f"Not contacted: {who} is {kind}, '{line}'{why}."
    elif verdict.kind == "away":
        flag = next((flag for flag in _AWAY if flag in role.flags), "")
        text = f"Not contacted: {_AWAY.get(flag, 'no role at this company')}."
    elif verdict.kind == "unlisted":
        who = named_role(role, functions, levels)
        text = f"Not contacted: {who} is in no team that the persona lists, and no title that it names."
    elif verdict.kind == "unknown":
        who = levels.get(role.level or "", "")
        if role.level in (None, "individual", "lead", "intern"):
            text = f"Not contacted: the title does not say in which field ('{role.text}')."
        else:
            text = f"{who} of something we could not place ('{role.text}'): please look."
    elif verdict.target is not None and verdict.target.priority > 0:
        text = f"Not contacted: only a low priority at {size}, '{verdict.target.quote}'."
    elif verdict.target is not None:
        text = f"Not contacted: named, but not wanted at {size}, '{verdict.target.quote}'."
    elif not role.headed:
        text = f"Not contacted at {size}: no level in the title, so the lowest counts: {_lines(verdict, name)}."
    elif verdict.seniority is not None and verdict.seniority >= 0.6:
        text = f"Not contacted at {size}: {_lines(verdict, name)}."
    else:
        who = named_role(role, functions, levels)
        text = f"Not contacted at {size}: {who} is too low: {_lines(verdict, name)}."
    for signal in verdict.signals[:1]:
        text += f" {'Raised' if signal.positive else 'Lowered'} by '{signal.quote}'."
    return text


def _lines(verdict: Verdict, bracket: str) -> str:
    quotes = [f"'{row.quote_at(bracket)}'" for row in (*verdict.departments, *verdict.levels)]
    return " and ".join(quotes) if quotes else "the persona says little about it"
