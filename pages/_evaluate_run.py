"""Evaluations that wait, work or ended too early: how far each is, “Cancel”, and “Go on”."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages import _ui
from pages._evaluate_again import draw_go_on
from pages._evaluate_words import variant_of
from ranker.evaluation import eval_run
from ranker.scoring.llm.words import task_words
from ranker.store.engine import Database
from ranker.store.evaluations import EvalLine, dismiss, get_evaluation
from ranker.store.run_queries import get_run
from ranker.who import who

_PHASES = {"": "Starting", "judging": "Judging the labelled leads", "measuring": "Comparing with the labels"}


def draw_open(database: Database, lines: Sequence[EvalLine]) -> None:
    """What is under way, read again every second, then what ended too early."""
    active = tuple(line.run.id for line in lines if line.active)
    if active:
        st.fragment(_following, run_every=1)(database, active)
    for line in lines:
        if not line.active:
            _stopped(database, line)


def _following(database: Database, runs: tuple[int, ...]) -> None:
    for run_id in runs:
        line = get_evaluation(database, run_id)
        if not line.active:
            st.rerun()
        with st.container(border=True, key=f"evaluate_run_{run_id}"):
            st.markdown(f"**{_ui.plain(variant_of(line))}**")
            _bar(database, line)
            if st.button("Cancel", icon=":material/close:", key=f"evaluate_cancel_{run_id}"):
                eval_run.cancel(database, run_id)
                st.rerun()
    st.caption("You can leave this page or close it: it goes on, and this page finds it again.")


def _bar(database: Database, line: EvalLine) -> None:
    run = get_run(database, line.run.id)
    if not line.run.decided.is_model:
        st.progress(run.share * 0.9, _PHASES.get(run.phase, run.phase))
        st.caption(f"{_ui.number(run.done)} of {_ui.plural(run.total, 'lead')} · free")
        return
    from ranker.scoring.llm.report import standing

    now = standing(database, run)
    task = f": {task_words(now.task)}" if now.task else ""
    st.progress(min(now.share, 1.0) * 0.95, f"Asking the model{task}")
    spent = _ui.dollars(max(0.0, now.spending.spent - now.held))
    cost = f"{spent} so far" if run.max_usd is None else f"{spent} of at most {_ui.dollars(run.max_usd)}"
    told = [f"{_ui.number(now.asked)} of {_ui.plural(now.total, 'lead')}", _ui.plural(now.spending.ok, "answer")]
    told.append("cost unknown" if now.spending.unknown and not now.spending.spent else cost)
    if now.seconds_left is not None:
        told.append(f"{_ui.duration(now.seconds_left)} left")
    st.caption(" · ".join([*told, *(f"waits for {_ui.plain(one)}" for one in now.waiting)]))


def _stopped(database: Database, line: EvalLine) -> None:
    run = line.run
    with st.container(border=True, key=f"evaluate_run_{run.id}"):
        what = f"**{_ui.plain(variant_of(line))}**"
        if run.state == "failed":
            st.error(f"{what} was not evaluated to its end: {_ui.plain(run.error)}", icon=":material/error:")
        else:
            st.info(f"{what}: cancelled {_ui.ago(run.ended_at)}.", icon=":material/block:")
        with _ui.errors_shown():
            draw_go_on(database, line)
        st.button(
            "Put aside", icon=":material/close:", type="tertiary", key=f"evaluate_dismiss_{run.id}",
            help="It is not shown here any more; the page Runs keeps it.",
            on_click=dismiss, args=(database, run.id, who()),
        )  # fmt: skip
