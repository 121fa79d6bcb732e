"""What writing with a model would take, counted from the questions themselves, before the click that starts it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from pages import _ui
from pages._rank_cost import usd_words
from ranker.outreach.outreach_queries import decided_by
from ranker.outreach.outreach_run import request_json
from ranker.outreach.sequence import Request

if TYPE_CHECKING:
    from ranker.outreach.outreach_estimate import Estimate
    from ranker.outreach.outreach_model import OutreachModel


def estimated(request: Request, model: OutreachModel, lead_ids: Sequence[int]) -> Estimate:
    """Counted once for the same people, request, prompts, model and pace."""
    database = _ui.database()
    said = [f"{database.engine.url!r}", decided_by(database, model), request_json(request), list(lead_ids)]
    key = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    with st.spinner("Putting the questions together, to see what they would cost"):
        return _counted(key, request, model, tuple(lead_ids))


@st.cache_data(max_entries=50, show_spinner=False)
def _counted(key: str, _request: Request, _model: OutreachModel, _lead_ids: tuple[int, ...]) -> Estimate:
    from ranker.outreach.outreach_estimate import estimate  # the client behind it takes a second to load

    return estimate(_ui.database(), _request, _model, lead_ids=_lead_ids)


def button_words(found: Estimate, limit: float | None) -> str:
    """``about $0.42``, ``cost unknown``; ``at most $0.02`` where the limit stops it before."""
    too_low = limit is not None and found.usd is not None and found.usd > limit
    return f"at most {_ui.dollars(limit or 0.0)}" if too_low else usd_words(found.usd)


def draw_estimate(found: Estimate, limit: float | None, model: str) -> None:
    """Calls, tokens, dollars, time, the worst case, and what the limit means."""
    if not found.people:
        return
    if found.kept and not found.analyses:
        first = "the analyses are there from before, free"
    else:
        there = f" ({_ui.number(found.kept)} are there from before, free)" if found.kept else ""
        first = f"{_ui.plural(found.analyses, 'analysis', 'analyses')} to make{there}"
    worst = "cost unknown" if found.worst is None else _ui.dollars(found.worst)
    tokens = f"about {_ui.number(found.tokens_in)} tokens in and {_ui.number(found.tokens_out)} out"
    assumed = "" if found.measured else " (assumed: this model has not been asked yet)"
    lines = [f"{_ui.plural(found.people, 'person', 'people')}: {first}, then the writing."]
    lines.append(
        f"{_ui.plural(found.calls, 'call')} to {_ui.plain(model)}, {tokens}: {usd_words(found.usd)}, "
        f"{_ui.duration(found.seconds)}{assumed}."
    )
    lines.append(
        "At worst, with every message asked for again and every answer at its full length: "
        f"{_ui.plural(found.most_calls, 'call')}, {worst}."
    )
    st.caption("  \n".join(lines))
    if limit is not None and found.usd is not None and found.usd > limit:
        st.warning(
            f"It would stop before its end: it takes {usd_words(found.usd)}, and the limit is {_ui.dollars(limit)}. "
            "What is written until then is kept, and it can be gone on with.", icon=":material/payments:",
        )  # fmt: skip
