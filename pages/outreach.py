"""Outreach: messages for those who rank: for whom, in which tone; then read, put right, approve and export them."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._outreach_export import draw_export
from pages._outreach_reader import draw_reader
from pages._outreach_run import ended, following
from pages._outreach_start import draw_start
from pages._outreach_state import View, change, read_view, say
from ranker.errors import UsageError
from ranker.outreach import outreach_run
from ranker.store.engine import Database
from ranker.store.overview import overview
from ranker.store.run_queries import RunRow, get_run, list_runs

_MOST_RUNS = 30


def main() -> None:
    database = _ui.database()
    st.title("Outreach", anchor=False)
    say()
    if not _ready(database):
        return
    view = read_view()
    run = _run(database, view)
    with st.container(key="outreach_reading" if run or view.sequence else "outreach_first"):
        left, right = st.columns([2, 3], gap="large")
    asked = None
    with left, _ui.errors_shown():
        asked = draw_start(database, view)
    with right, _ui.errors_shown():
        if run is None and view.sequence is None:
            st.info(
                "Nothing is written yet. Choose for whom at the left, in which tone, and say what you offer; then "
                "read it here, put it right, and approve it.", icon=":material/forum:",
            )  # fmt: skip
            return
        _head(database, view, run)
        if run is not None and run.active:
            following(database, run.id)
        elif run is not None:
            ended(database, run)
        draw_reader(database, view, None if run is None else run.id, asked)


def _run(database: Database, view: View) -> RunRow | None:
    """The run in the address, else the newest; None before the first one."""
    if view.run is not None:
        with _ui.errors_shown():  # the page goes on with the newest
            run = get_run(database, view.run)
            if run.kind == outreach_run.KIND:
                return run
            raise UsageError(f"Run {run.id} wrote to nobody, so here is what was written last.")
    newest = list_runs(database, outreach_run.KIND, limit=1)
    return newest[0] if newest else None


def _head(database: Database, view: View, run: RunRow | None) -> None:
    """Which run is read, where there are several, and the export."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        runs = {one.id: one for one in list_runs(database, outreach_run.KIND, limit=_MOST_RUNS)}
        if run is not None and (len(runs) > 1 or run.id not in runs):
            runs.setdefault(run.id, run)
            key = f"outreach_run_{run.id}_{len(runs)}"
            st.session_state[key] = run.id
            st.selectbox(
                "What was written", list(runs), key=key, width="stretch",
                format_func=lambda one: _named(runs[one]),
                on_change=lambda: change(
                    run=st.session_state[key], sequence=None, beside=None, another=None, show=None
                ),
            )  # fmt: skip
        draw_export(database, None if run is None else run.id)


def _named(run: RunRow) -> str:
    """A choice is known by its label: no two are alike, and it says nothing that time changes."""
    return f"Run {run.id} · {_ui.day(run.queued_at)} · {_ui.plural(run.total, 'person', 'people')}"


def _ready(database: Database) -> bool:
    """Whether there is anybody to write to, or something to read; if not, what to do first, with its button."""
    if list_runs(database, outreach_run.KIND, limit=1):
        return True
    counted = overview(database)
    if not counted.leads:
        st.markdown("There are no leads yet. Import some and rank them; then messages can be written to the best.")
        if st.button("Import leads", type="primary", icon=":material/upload_file:"):
            _ui.go(_ui.IMPORT)
        return False
    if not counted.to_contact:
        st.markdown(
            f"{_ui.plural(counted.leads, 'lead')} are here, and nobody is ranked to be contacted. Rank them first: "
            "messages go to those who rank."
        )
        if st.button("Rank them", type="primary", icon=":material/sort:"):
            _ui.go(_ui.RANK)
        return False
    return True


with _ui.errors_shown():
    main()
