"""Home: the three things to do, in their order, each with its state; then what needs a person."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from pages import _ui
from ranker.ingest.sample import import_sample
from ranker.store.home_queries import OpenImport, RecentRun, open_imports, recent_runs
from ranker.store.overview import Overview, overview
from ranker.store.run_queries import RunRow, active_runs
from ranker.who import who

STATES = {
    "queued": ("Waiting", ":material/schedule:"),
    "running": ("Running", ":material/progress_activity:"),
    "done": ("Done", ":material/check_circle:"),
    "failed": ("Failed", ":material/error:"),
    "cancelled": ("Cancelled", ":material/block:"),
}


def first_visit(waiting: list[OpenImport]) -> None:
    with st.container(horizontal=True):
        if st.button("Try it with sample leads", type="primary", icon=":material/play_arrow:"):
            with _ui.errors_shown():
                with st.spinner("Importing the sample leads"):
                    done = import_sample(_ui.database(), who())
                _ui.go(_ui.RANK, batch=done.id)
        if st.button("Import my own", icon=":material/upload_file:"):
            _ui.go(_ui.IMPORT, batch=waiting[0].id if waiting else None)


def cards(figures: Overview, runs: list[RecentRun], running: RunRow | None) -> None:
    following = next_card(figures, running)
    ranked = next((run for run in runs if run.state == "done"), None)
    leads, ranking, contact = st.columns(3)
    with leads.container(border=True, height="stretch"):
        st.subheader("Leads", anchor=False)
        where = _ui.plural(figures.companies, "company", "companies")
        st.markdown(f"**{_ui.number(figures.leads)}** at {where}")
        if st.button("Import", type=_kind(following == "leads"), icon=":material/upload_file:"):
            _ui.go(_ui.IMPORT)
    with ranking.container(border=True, height="stretch"):
        st.subheader("Ranking", anchor=False)
        last = f"Last run {_ui.ago(ranked.at)}" if ranked else "Never ranked"
        if running:
            st.markdown(f"Running now: **{running.share:.0%}** of {_ui.plural(running.total, 'lead')}")
            if st.button("Watch it", type="primary", icon=":material/visibility:"):
                _ui.go(_ui.RANK, run=running.id)
        elif figures.unranked:
            new = f"**{_ui.plural(figures.unranked, 'lead')}**"
            st.markdown(f"{last}, {new} new or changed since" if ranked else f"{last}: {new} to rank")
            if st.button("Rank the new ones", type="primary", icon=":material/sort:"):
                _ui.go(_ui.RANK, who="changed")
        elif figures.outdated:
            old = _ui.plural(figures.outdated, "lead")
            st.markdown(f"{last}, **{old}** by an older version of the persona")
            if st.button("Rank again", type="primary", icon=":material/sort:"):
                _ui.go(_ui.RANK, who="all")
        else:
            st.markdown(f"{last}, nothing new since")
            if st.button("Rank again", icon=":material/sort:"):
                _ui.go(_ui.RANK, who="all")
    with contact.container(border=True, height="stretch"):
        st.subheader("To contact", anchor=False)
        people = _ui.plural(figures.to_contact, "person", "people")
        where = _ui.plural(figures.companies_with, "company", "companies")
        out = f", **{_ui.number(figures.exported)}** of them exported" if figures.exported else ""
        st.markdown(f"**{people}** at {where}{out}" if figures.companies_judged else "Nobody yet: rank first")
        kind = _kind(following == "contact")
        with st.container(horizontal=True):
            if figures.companies_judged and st.button("See and export", type=kind, icon=":material/checklist:"):
                some = 0 < figures.exported < figures.to_contact and not figures.exports_since
                _ui.go(_ui.RESULTS, status="contact", exported=0 if some else None)
            if figures.to_contact and st.button("Write to the best", icon=":material/edit_note:"):
                _ui.go(_ui.OUTREACH)


def next_card(figures: Overview, running: RunRow | None) -> str:
    """The one card whose button comes next: leads to rank (again), people that nobody took along, else new leads."""
    if running or figures.unranked or figures.outdated:
        return "ranking"
    return "contact" if figures.to_contact and not figures.exports_since else "leads"


def _kind(following: bool) -> Literal["primary", "secondary"]:
    return "primary" if following else "secondary"


def needs_a_person(figures: Overview, waiting: list[OpenImport]) -> None:
    st.subheader("Needs you", anchor=False)
    if figures.needs_review:
        _ui.link(_ui.RESULTS, f"{_ui.number(figures.needs_review)} to review", ":material/rate_review:", review=1)
    if figures.unjudged:
        what = f"{_ui.number(figures.unjudged)} with a blank or wrong title"
        _ui.link(_ui.RESULTS, what, ":material/warning:", status="unjudged", overruled=0)
    if figures.unanswered:
        what = f"{_ui.number(figures.unanswered)} that a model gave no answer for: ask again"
        _ui.link(_ui.RANK, what, ":material/sync_problem:", run=figures.unanswered_run)
    if figures.failed_runs:
        what = f"{_ui.plural(figures.failed_runs, 'run')} that failed"
        if figures.failed_runs == 1 and figures.failed_run is not None:
            _ui.link(_ui.RANK, what, ":material/error:", run=figures.failed_run)
        else:
            _ui.link(_ui.RUNS, what, ":material/error:", state="failed")
    if figures.to_approve:
        people = _ui.plural(figures.to_approve, "person", "people")
        _ui.link(
            _ui.PROSPECTS, f"Messages to {people} wait for approval", ":material/mark_email_unread:",
            state="to_approve",
        )  # fmt: skip
    if figures.unwritten:
        what = f"Nothing could be written to {_ui.plural(figures.unwritten, 'person', 'people')}"
        _ui.link(_ui.PROSPECTS, what, ":material/error:", state="failed")
    if figures.left:
        what = f"Messages to {_ui.plural(figures.left, 'person', 'people')} were begun and not written: go on"
        _ui.link(_ui.PROSPECTS, what, ":material/hourglass_disabled:", state="waiting")
    for file in waiting:
        said = f"{_ui.plain(file.file_name)}: {_ui.plural(file.rows, 'row')} not imported yet"
        _ui.link(_ui.IMPORT, said, ":material/upload_file:", batch=file.id)
    asked = (
        figures.needs_review, figures.unjudged, figures.unanswered, figures.failed_runs, figures.to_approve,
        figures.unwritten, figures.left, waiting,
    )  # fmt: skip
    if not any(asked):
        st.markdown(":material/check: Nothing.")


def recent(runs: list[RecentRun]) -> None:
    st.subheader("Recent runs", anchor=False)
    if not runs:
        st.markdown("No run yet.")
    for run in runs:
        state, icon = STATES[run.state]
        found = "" if run.to_contact is None else f" · {_ui.number(run.to_contact)} to contact"
        said = f"{state} {_ui.ago(run.at)} · {_ui.plural(run.leads, 'lead')} for “{_ui.plain(run.persona)}”{found}"
        _ui.link(_ui.RANK, said, icon, run=run.id)


def page() -> None:
    database = _ui.database()
    figures, waiting = overview(database), open_imports(database)
    st.title("Persona Ranker", anchor=False)
    st.markdown("Upload leads, and see whom to contact first at each company, and why.")
    if not figures.leads:
        first_visit(waiting)
        return
    runs, active = recent_runs(database), active_runs(database, "rank")
    cards(figures, runs, active[0] if active else None)
    left, right = st.columns(2, gap="large")
    with left:
        needs_a_person(figures, waiting)
    with right:
        recent(runs)


page()
