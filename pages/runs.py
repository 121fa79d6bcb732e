"""Runs: what ran, with what, by whom, how long, how it ended; and two runs compared."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages import _ui
from pages._paging import draw_paging
from pages._runs_compare import draw_comparison
from pages._runs_money import cost_of, how_of
from pages._runs_one import draw_run, ended, persona_of, what_of
from ranker.store.engine import Database
from ranker.store.run_list import STATES, RunLine, page_runs

PAGE_ROWS = 25
_WIDTHS = {"What": 195, "How": 155, "Persona": 130, "State": 78, "Leads": 58, "Cost": 75, "When": 112, "Worked": 72}
_NAMES = {"": "All", "done": "Done", "failed": "Failed", "cancelled": "Cancelled", "running": "Running"}


def main() -> None:
    database = _ui.database()
    st.title("Runs", anchor=False)
    state = st.query_params.get("state", "")
    states = (state,) if state in STATES else ()
    page = max(1, _ui.parameter("page") or 1)
    runs, count = page_runs(database, states=states, offset=(page - 1) * PAGE_ROWS, limit=PAGE_ROWS)
    if page > 1 and not runs:
        st.query_params.pop("page", None)
        st.rerun()
    if not runs and not states:
        _first_visit()
        return
    _filter(state)
    if not runs:
        st.info(f"No run is {_NAMES.get(state, state).lower()}.", icon=":material/search_off:")
    else:
        active = any(run.state in ("queued", "running") for run in runs)
        st.fragment(_table, run_every=1 if active else None)(database, states, page, active)
        told = f", {_ui.plural(count, 'run')}"
        draw_paging(page, -(-count // PAGE_ROWS), "runs", words=("Newer", "Older"), told=told)
    _below(database)


def _below(database: Database) -> None:
    run, other = _ui.parameter("run"), _ui.parameter("with")
    with _ui.errors_shown():
        if run is not None and other is not None:
            draw_comparison(database, min(run, other), max(run, other))
        elif run is not None:
            draw_run(database, run)


def _filter(state: str) -> None:
    def write() -> None:
        st.query_params.update({"state": st.session_state["runs_state"] or ""})
        for name in ("page", "run", "with"):
            st.query_params.pop(name, None)

    st.session_state["runs_state"] = state if state in _NAMES else ""
    st.segmented_control(
        "Show", list(_NAMES), format_func=_NAMES.__getitem__, required=True, key="runs_state", on_change=write
    )


def _table(database: Database, states: tuple[str, ...], page: int, active: bool) -> None:
    """The list; while something runs it is read again every second."""
    runs, _ = page_runs(database, states=states, offset=(page - 1) * PAGE_ROWS, limit=PAGE_ROWS)
    if active and not any(run.state in ("queued", "running") for run in runs):
        st.rerun()
    ids = [run.id for run in runs]
    key = f"runs_{page}_{'_'.join(states)}_{ids[0] if ids else 0}"
    chosen = [ids.index(run) for run in (_ui.parameter("run"), _ui.parameter("with")) if run in ids]
    st.caption("Tick one run to see all of it, two rankings to compare them.")

    def write() -> None:
        picked = [ids[row] for row in st.session_state[key]["selection"]["rows"] if row < len(ids)][-2:]
        for name, value in zip(("run", "with"), [*picked, None, None], strict=False):
            if value is None:
                st.query_params.pop(name, None)
            else:
                st.query_params[name] = str(value)
        for name in ("kind", "moves"):
            st.query_params.pop(name, None)

    st.dataframe(
        _frame(runs),
        hide_index=True,
        key=key,
        on_select=write,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": chosen}} if chosen else None,
        column_config={"Run": st.column_config.NumberColumn(width=45)}
        | {name: st.column_config.TextColumn(width=width) for name, width in _WIDTHS.items()},
        alt="Runs, the newest first",
    )


def _frame(runs: list[RunLine]) -> pd.DataFrame:
    columns = {
        "Run": [run.id for run in runs],
        "What": [what_of(run) for run in runs],
        "How": [how_of(run.decided) for run in runs],
        "Persona": [persona_of(run) for run in runs],
        "State": [ended(run) for run in runs],
        "Leads": ["–" if run.kind == "optimize" else _ui.number(run.total) for run in runs],
        "Cost": [cost_of(run) for run in runs],
        "When": [_ui.ago(run.started_at or run.queued_at) for run in runs],
        "Worked": [_worked(run.seconds) for run in runs],
    } | ({"By": [run.who or "–" for run in runs]} if any(run.who for run in runs) else {})
    return pd.DataFrame(columns)


def _worked(seconds: float) -> str:
    if seconds < 0.05:  # nothing was done; of a cancelled run also the piece under way, which nobody timed
        return "–"
    return f"{seconds:.1f} s" if seconds < 100 else f"{seconds / 60:,.0f} min"


def _first_visit() -> None:
    st.markdown("Nothing has run yet. Import leads and rank them: every run is kept here, with who, what and how long.")
    if st.button("Import leads", type="primary", icon=":material/upload_file:"):
        _ui.go(_ui.IMPORT)


with _ui.errors_shown():
    main()
