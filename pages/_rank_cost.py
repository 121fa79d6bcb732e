"""What a ranking with a model would take, counted from the questions themselves, before the click that starts it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import streamlit as st

from pages import _ui
from ranker.errors import LlmError
from ranker.scoring.llm.words import task_words
from ranker.scoring.selection import Selection

if TYPE_CHECKING:
    from ranker.outreach.outreach_model import OutreachModel
    from ranker.scoring.llm.estimate import Estimate
    from ranker.scoring.llm.variants import ModelChoice


def estimated(selection: Selection, version_id: int, choice: ModelChoice) -> Estimate:
    """Counted once for the same leads, persona, prompts, model and pace; the counter of changes tells of others."""
    database = _ui.database()
    with st.spinner("Putting the questions together, to see what they would cost"):
        from ranker.scoring.llm.estimate import decided_by  # the client behind it takes a second to load

        key = f"{database.engine.url!r} {decided_by(database, version_id, choice)}"
        return _counted(key, json.dumps(selection.as_json()), version_id, choice)


@st.cache_data(max_entries=50, show_spinner=False)
def _counted(key: str, selection: str, version_id: int, _choice: ModelChoice) -> Estimate:
    from ranker.scoring.llm.estimate import estimate

    return estimate(_ui.database(), Selection.from_json(json.loads(selection)), version_id, _choice)


def cost_words(found: Estimate) -> str:
    """``about $0.42``, ``free``, ``cost unknown``."""
    return usd_words(found.plan.usd)


def usd_words(usd: float | None) -> str:
    """The same for any sum; ``None`` for one that is not known."""
    if usd is None:
        return "cost unknown"
    if usd == 0:
        return "free"
    said = _ui.dollars(usd)
    return said if said.startswith("less") else f"about {said}"


def button_words(found: Estimate, limit: float | None) -> str:
    """The same on a button: ``at most $0.02`` where the limit stops it before."""
    too_low = limit is not None and found.plan.usd is not None and found.plan.usd > limit
    return f"at most {_ui.dollars(limit or 0.0)}" if too_low else cost_words(found)


def seconds_of(found: Estimate) -> float:
    """How long it would take, with what ranking by rules takes."""
    return found.plan.seconds + 0.5


def draw_estimate(found: Estimate, limit: float | None, *, kept: bool = True) -> None:
    """Whom it asks about, each task's calls and tokens, the worst case, and how far that can be trusted.

    ``kept``: answers that are there from before are used.
    """
    plan = found.plan
    parts = [f"{_ui.number(found.asked)} to ask about"]
    if found.gated:
        parts.append(f"{_ui.number(found.gated)} ruled out by the rules, free")
    if found.free:
        parts.append(f"{_ui.number(found.free)} that nobody can judge, free")
    if found.alike:
        parts.append(f"{_ui.number(found.alike)} just like another one, free")
    lines = [f"{_ui.plural(found.leads, 'lead')} = {' + '.join(parts)}."]
    for step in plan.steps:
        cost = "" if step.usd is None or len(plan.steps) == 1 else f", {usd_words(step.usd)}"
        lines.append(
            f"{task_words(step.task).capitalize()}: {'at most ' if step.at_most else ''}"
            f"{_ui.plural(step.calls, 'call')} to {_ui.plain(step.model)}, about {_ui.number(step.tokens_in)} tokens "
            f"in and {_ui.number(step.tokens_out)} out{cost}."
        )
    doubts = []
    if plan.counted < plan.calls:
        doubts.append(f"Tokens are from a sample of {_ui.plural(plan.counted, 'question')}.")
    doubts.append(
        "The time is by how long this model took before." if found.measured
        else "The time is assumed: this model has not been asked yet."
    )  # fmt: skip
    if plan.worst:
        doubts.append(f"If every answer were of full length: {_ui.dollars(plan.worst)}.")
    if kept:
        doubts.append("Answers that are there from before cost nothing again.")
    st.caption("  \n".join([*lines, " ".join(doubts)]))
    if limit is not None and plan.usd is not None and plan.usd > limit:
        st.warning(
            f"It would stop before its end: it takes {cost_words(found)}, and the limit is {_ui.dollars(limit)}. What "
            "is judged until then is kept, and it can be gone on with.",
            icon=":material/payments:",
        )


def refused(choice: ModelChoice | OutreachModel) -> bool:
    """Whether nothing could be asked this way; it is said why."""
    try:
        choice.check()
    except LlmError as error:
        st.error(f"{_ui.plain(error.message)}", icon=":material/error:")
        return True
    return False
