"""An outreach run that works, or has ended: followed from the database, whoever started it."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._outreach_state import change
from ranker.outreach import outreach_run
from ranker.outreach.outreach_queries import reasons_of
from ranker.scoring.llm.report import Standing, cost_of, standing
from ranker.scoring.llm.words import task_words
from ranker.scoring.variants import asked_by
from ranker.store.ai_calls import Spending
from ranker.store.engine import Database
from ranker.store.run_queries import RunRow, get_run
from ranker.who import who

_WORDS = {
    "complete": "written by the model", "template": "from templates", "fallback": "templates in place of failed calls",
    "failed": "failed", "waiting": "waiting",
}  # fmt: skip


def following(database: Database, run_id: int) -> None:
    """How far it is, read again every second, and “Cancel”."""
    st.fragment(_following, run_every=1)(database, run_id)


def _following(database: Database, run_id: int) -> None:
    with _ui.errors_shown():
        run = get_run(database, run_id)
        if not run.active:
            st.rerun()
        with_model = asked_by(database, run.variant_id)[0] not in {"", "templates"}
        counts = counts_of(database, run_id)
        done = run.total - counts["waiting"]
        now = standing(database, run)
        task = task_words(now.task).capitalize() if now.task else "Writing"
        st.progress(0.98 * done / max(1, run.total), task if run.started_at else "Starting")
        told = [f"{_ui.number(done)} of {_ui.plural(run.total, 'sequence')}"]
        told.append(_cost(now, run.max_usd) if with_model else "free")
        if now.seconds_left is not None and with_model:
            told.append(f"{_ui.duration(now.seconds_left)} left")
        st.markdown(" · ".join(told))
        st.caption(f"{sums(counts)}." + "".join(f" Waits for {_ui.plain(one)}." for one in now.waiting))
        if st.button("Cancel", icon=":material/close:", key=f"outreach_cancel_{run_id}"):
            outreach_run.cancel(database, run_id)
            st.rerun()
        stops = " Cancelling asks nothing further; calls under way still end, and count." if with_model else ""
        st.caption(f"You can leave this page or close it: it goes on, and this page finds it again.{stops}")


def counts_of(database: Database, run_id: int) -> dict[str, int]:
    """What became of each sequence of a run, counted from their rows."""
    from ranker.outreach.outreach_piece import counts_of as counted  # the client behind it takes a second to load

    with database.session() as session:
        return counted(session, run_id)


def sums(counts: dict[str, int]) -> str:
    """``40 sequences = 37 written by the model + 2 templates in place of failed calls + 1 failed``."""
    parts = [f"{_ui.number(counts[name])} {words}" for name, words in _WORDS.items() if counts[name]]
    return f"{_ui.plural(sum(counts.values()), 'sequence')} = {' + '.join(parts) or 'none'}"


def _cost(now: Standing, limit: float | None) -> str:
    used = now.spending
    if used.unknown and not used.spent:
        return "cost unknown"
    said = f"{_ui.dollars(max(0.0, used.spent - now.held))} so far"
    return said if limit is None else f"{said} of at most {_ui.dollars(limit)}"


def ended(database: Database, run: RunRow) -> None:
    """How it ended, what came of it, why some failed, and the button that asks for those again."""
    counts = counts_of(database, run.id)
    if run.state == "failed":
        st.error(f"It stopped before its end: {_ui.plain_line(run.error)}", icon=":material/error:")
    elif run.state == "cancelled":
        st.info("It was cancelled. What was written until then is kept.", icon=":material/block:")
    told = [f"{sums(counts)}."]
    used = cost_of(database, run.id)
    if used.calls:
        told.append(f"{_ui.plural(used.calls, 'call')}, {_spent(used)}.")
    st.caption(" ".join(told))
    if counts["failed"]:
        reasons = [f"- {_ui.number(number)}: {_ui.plain_line(why)}" for why, number in reasons_of(database, run.id)]
        told = [f"{_ui.plural(counts['failed'], 'sequence')} failed:", *reasons]
        st.warning("\n".join(told), icon=":material/warning:")
    with database.session() as session:
        left = len(outreach_run.left_of(session, run.id))
    if left:
        _again(database, run, left)


def _spent(used: Spending) -> str:
    said = _ui.dollars(used.spent, 4) if used.spent else "cost unknown" if used.unknown else "free"
    return f"{said} and {_ui.plural(used.unknown, 'call')} of unknown cost" if used.spent and used.unknown else said


def _again(database: Database, run: RunRow, left: int) -> None:
    """Only what failed or was not reached, asked as before; where there is a limit, with a new one."""
    stopped, limit = run.state != "done", run.max_usd
    if limit is not None:
        limit = st.number_input(
            "Most the rest may cost, in dollars", min_value=0.0, value=limit, step=1.0, format="%.2f",
            placeholder="as in Settings", key=f"outreach_rest_{run.id}",
        )  # fmt: skip
    label = f"Go on with {_ui.number(left)}" if stopped else f"Ask again for {_ui.number(left)}"
    if st.button(
        label, icon=":material/play_arrow:" if stopped else ":material/replay:", key=f"outreach_again_{run.id}"
    ):
        with _ui.errors_shown():
            begun = outreach_run.go_on(database, run.id, who=who(), max_usd=limit)
            change(run=begun, sequence=None, beside=None, another=None, show=None)
            st.rerun()
