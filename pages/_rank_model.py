"""A ranking with a language model: how far it is while it runs, and afterwards what it cost and what failed."""

from __future__ import annotations

import math

import streamlit as st

from pages import _ui
from pages._rank_cost import button_words, cost_words, draw_estimate, estimated, refused, seconds_of
from ranker.errors import RankerError
from ranker.scoring import rank_run
from ranker.scoring.llm.words import strategy_words, task_words
from ranker.scoring.selection import Selection
from ranker.scoring.variants import asked_by
from ranker.store.ai_calls import Spending
from ranker.store.run_list import get_run_line
from ranker.store.run_queries import RunRow
from ranker.who import who


def bar(run: RunRow) -> None:
    """One bar, the task in words, leads, answers, cost so far, speed, time left, and what it waits for."""
    from ranker.scoring.llm.report import standing

    now = standing(_ui.database(), run)
    task = f": {task_words(now.task)}" if now.task else ""
    st.progress(min(now.share, 1.0) * 0.95, f"Asking the model{task}")
    told = [f"{_ui.number(now.asked)} of {_ui.plural(now.total, 'lead')}", _ui.plural(now.spending.ok, "answer")]
    told.append(_cost_so_far(now.spending, now.held, run.max_usd))
    if now.a_second:
        told.append(f"{now.a_second:,.1f} leads a second" if now.a_second < 10 else f"{now.a_second:,.0f} a second")
    if now.seconds_left is not None:
        told.append(f"{_ui.duration(now.seconds_left)} left")
    st.markdown(" · ".join(told))
    more = []
    if now.cached:
        more.append(f"{_ui.plural(now.cached, 'answer')} {_was(now.cached)} there from before, free")
    if now.retries:
        more.append(f"{_ui.plural(now.retries, 'call')} had to be repeated")
    more += [f"waits for {_ui.plain(one)}" for one in now.waiting]
    if more:
        st.caption(" · ".join(more))


def _cost_so_far(used: Spending, held: float, limit: float | None) -> str:
    if used.unknown and not used.spent:
        return "cost unknown"
    said = _ui.dollars(max(0.0, used.spent - held))
    said += " so far, no limit" if limit is None else f" of at most {_ui.dollars(limit)}"
    return said + (f" and {_ui.plural(used.unknown, 'call')} of unknown cost" if used.unknown else "")


def after(run: RunRow) -> None:
    """What it cost, what the gates did, what failed and why, and the button that takes only that again."""
    from ranker.scoring.llm import report

    database = _ui.database()
    strategy, model = asked_by(database, run.variant_id)
    used = report.cost_of(database, run.id)
    st.markdown(_cost(run, used, get_run_line(database, run.id).usd_a_lead))
    facts = [f"{strategy_words(strategy).name}: {_ui.plain(model)}", _ui.plural(used.calls, "call")]
    there, retries = run.counts.get("calls_cached", 0), run.counts.get("retries", 0)
    if there:
        facts.append(f"{_ui.plural(there, 'answer')} {_was(there)} there from before")
    if retries:
        facts.append(f"{_ui.plural(retries, 'call')} had to be repeated")
    if used.tokens_in or used.tokens_out:
        cached = f" ({_ui.number(used.tokens_cached)} of them from the provider's cache)" if used.tokens_cached else ""
        facts.append(f"{_ui.number(used.tokens_in)} tokens in{cached} and {_ui.number(used.tokens_out)} out")
    st.caption(" · ".join(facts))
    gated = report.gated_of(database, run.id)
    if gated.rejected or gated.judged:
        found = f"the model would contact {_ui.number(gated.kept)} of {_ui.number(gated.judged)}"
        checked = f" Others like them that were asked about as a check: {found}." if gated.judged else ""
        st.caption(f"{_ui.plural(gated.rejected, 'lead')} ruled out by the rules, free.{checked}")
    failed = report.failures(database, run.id)
    left = report.left_of(database, run)
    if failed:
        lost = sum(one.leads for one in failed)
        st.markdown(f"**{_ui.plural(lost, 'lead')} without a verdict, because a call failed** (this is no “no”):")
        st.markdown("\n".join(f"- {_ui.number(one.leads)}: {_ui.plain(one.words)}" for one in failed))
    later = report.taken_up_by(database, run.id)
    if later is not None:
        _ui.link(_ui.RANK, f"Run {later} took up what was left here", ":material/arrow_forward:", run=later)
    elif left and not run.active:
        _once_more(run, left, used.ok)


def _cost(run: RunRow, used: Spending, a_lead: float | None) -> str:
    """``About 2 minutes, $0.0841, $0.0009 a lead.``; "free" only where that is known."""
    parts = [_ui.duration(run.worked)] if run.worked and run.state != "cancelled" else []
    if not used.calls:
        parts.append(
            "free: all answers were there from before" if run.counts.get("calls_cached") else "no call was made"
        )
    elif used.spent:
        parts.append(_ui.dollars(used.spent, 4))
        if a_lead is not None:
            parts.append(f"{_ui.dollars(a_lead, 4)} a lead")
    elif not used.unknown and not used.lost:
        parts.append("free")
    if used.unknown:
        parts.append(f"{'and ' if used.spent else ''}{_ui.plural(used.unknown, 'call')} of unknown cost")
    if used.lost:
        counted = "counted at the most it can cost" if used.lost == 1 else "counted at the most they can cost"
        unended = f"{_ui.plural(used.lost, 'call')} without an end so far"
        parts.append(f"with {unended}, {counted}" if used.spent else f"{unended}, of unknown cost")
    said = ", ".join(parts)
    return f"{said[:1].upper()}{said[1:]}."


def _once_more(run: RunRow, left: int, answered: int) -> None:
    """Only the leads that failed or were not reached, asked as before; a stopped run with a limit to choose."""
    from ranker.scoring.llm.variants import again

    database, chosen = _ui.database(), Selection("failed", (run.id,))
    try:
        choice, version_id = again(database, run)
        found = estimated(chosen, version_id, choice)
    except RankerError as error:
        st.info(_ui.plain(error.message), icon=":material/info:")
        return
    stopped = run.state != "done"
    limit = run.max_usd
    if stopped:
        done = f"{_ui.number(max(0, run.total - left))} of {_ui.plural(run.total, 'lead')} done"
        rest = f"{_ui.number(left)} left: {cost_words(found)}, {_ui.duration(seconds_of(found))}"
        kept = f" It takes less: {_ui.plural(answered, 'answer')} came before the stop, and {_was(answered)} kept."
        st.markdown(f"{done}; {rest}.{kept if answered and left >= run.total else ''}")
        limit = st.number_input(
            "Most the rest may cost, in dollars", min_value=0.0, step=1.0, format="%.2f",
            value=_enough(limit, found.plan.usd), placeholder="no limit", key=f"rank_rest_{run.id}",
        )  # fmt: skip
        choice, version_id = again(database, run, limit)
        draw_estimate(found, choice.settings.max_usd)
    name = f"Go on with {_ui.plural(left, 'lead')}" if stopped else f"Ask again for {_ui.plural(left, 'lead')}"
    kind, icon = ("primary", ":material/play_arrow:") if stopped else ("secondary", ":material/replay:")
    if not refused(choice) and st.button(
        f"{name} ({button_words(found, choice.settings.max_usd)})", type=kind, icon=icon
    ):
        with _ui.errors_shown():
            begun = rank_run.start(database, chosen, version_id, who(), choice)
            st.session_state["followed"] = begun
            st.query_params.from_dict({"run": str(begun)})
            st.rerun()


def _enough(limit: float | None, usd: float | None) -> float | None:
    """The limit that there was, or more where the rest takes more."""
    if limit is None or usd is None:
        return limit
    return max(limit, math.ceil(usd * 150) / 100)


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
