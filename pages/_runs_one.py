"""One run: what it was about, how it ended, where its leads ended, and what to do next."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._runs_model import draw_model
from pages._runs_money import how_of
from ranker.store.engine import Database
from ranker.store.run_list import RunLine, get_run_line, page_runs, run_counts, same_leads
from ranker.store.run_queries import get_run

_KINDS = {"import": "Import", "evaluate": "Evaluation", "optimize": "Optimization", "outreach": "Messages"}
_STATES = {
    "queued": "◷ waiting", "running": "▶ running", "done": "✓ done", "failed": "✕ failed", "cancelled": "– cancelled",
}  # fmt: skip
_ENDS = {
    "ranked": "to contact",
    "held": "on the do-not-contact list",
    "not_relevant": "not to contact",
    "not_judged": "could not be judged",
    "rejected": "without a company",
    "waiting": "not reached",
}
_JUDGED = ("ranked", "not_relevant", "not_judged", "rejected")
_WRITTEN = {
    "complete": "written by a model", "template": "from templates", "fallback": "templates in place of failed calls",
    "failed": "failed", "waiting": "not written",
}  # fmt: skip
_OUTCOMES = ("new", "changed", "unchanged", "repeated", "rejected")
_PHASES = {
    "reading": "reading", "judging": "judging", "ranking": "ranking", "publishing": "putting to use",
    "measuring": "comparing with the labels", "writing": "writing", "searching": "trying texts",
    "opening": "looking at the companies held out",
}  # fmt: skip


def what_of(run: RunLine) -> str:
    """What ran, in words: "Ranked all leads", "Imported leads.csv"."""
    return f"{_KINDS.get(run.kind, 'Ranking')}: {run.selected}"


def persona_of(run: RunLine) -> str:
    """The persona and its version, or a dash."""
    return f"{run.persona}, version {run.version}" if run.persona else "–"


def ended(run: RunLine) -> str:
    """The state with a sign, and how far a run is that still works."""
    if run.state == "running" and run.total:
        return f"{_STATES['running']}, {min(run.done / run.total, 1):.0%}"
    return _STATES.get(run.state, run.state)


def draw_run(database: Database, run_id: int) -> None:
    """Everything about one run; one that works is read again every second."""
    run = get_run_line(database, run_id)
    active = run.state in ("queued", "running")
    st.fragment(_draw, run_every=1 if active else None)(database, run_id, active)


def _draw(database: Database, run_id: int, was_active: bool) -> None:
    run = get_run_line(database, run_id)
    if was_active and run.state not in ("queued", "running"):
        st.rerun()
    with st.container(border=True, key="runs_one"):
        st.subheader(f"Run {run.id}", anchor=False)
        st.markdown(f"**{_ui.plain(what_of(run))}** · {ended(run)}")
        if run.error:
            st.error(f"{_ui.plain(run.error)} {run.advice}", icon=":material/error:")
        elif run.advice:
            st.info(run.advice, icon=":material/info:")
        if was_active and run.total:
            share, done = _share(database, run)
            st.progress(share, f"{_ui.number(done)} of {_ui.number(run.total)}")
        _adds_up(database, run)
        if run.decided.is_model:
            draw_model(database, run)
        _facts(run)
        _next(run)
        _other(database, run)


def _share(database: Database, run: RunLine) -> tuple[float, int]:
    """How much of a run is done, and how many leads; a model's answers count before their piece is kept."""
    if not run.decided.is_model or run.kind == "optimize":
        return min(run.done / run.total, 1.0), run.done
    from ranker.scoring.llm.report import standing

    now = standing(database, get_run(database, run.id))
    return now.share, now.asked


def _adds_up(database: Database, run: RunLine) -> None:
    if run.kind == "import":
        parts = [(name, int(run.counts[name])) for name in _OUTCOMES if name in run.counts]
        what = "row"
    elif run.kind == "evaluate":
        parts = [(_ENDS[name], int(run.counts[name])) for name in _JUDGED if name in run.counts]
        what = "labelled lead"
    elif run.kind == "outreach":
        parts = [(word, int(run.counts[name])) for name, word in _WRITTEN.items() if run.counts.get(name)]
        what = "sequence"
    else:
        counts = run_counts(database, run.id)
        parts = [(_ENDS[name], count) for name, count in counts.items() if count or name in ("ranked", "not_relevant")]
        what = "lead"
    total = sum(count for _, count in parts)
    if total:
        told = " + ".join(f"{_ui.number(count)} {name}" for name, count in parts)
        st.markdown(f"**{_ui.plural(total, what)}** = {told}")
    if run.counts.get("companies") and run.kind == "rank":
        companies = _ui.plural(int(run.counts["companies"]), "company", "companies")
        st.caption(
            f"At {companies}: {_ui.number(run.counts.get('companies_with', 0))} with somebody to contact, "
            f"{_ui.number(run.counts.get('companies_without', 0))} with nobody."
        )


def _facts(run: RunLine) -> None:
    facts = [f"Asked for {_ui.ago(run.queued_at)}{_ui.by(run.who)}"]
    if run.ended_at:
        facts.append(f"ended {_ui.ago(run.ended_at)}")
    if run.seconds >= 0.05:  # a piece under way when a run was cancelled is not timed
        spent = [
            f"{_PHASES.get(phase, phase)} {seconds:.1f} s" for phase, seconds in run.spent.items() if seconds >= 0.05
        ]
        facts.append(f"worked {run.seconds:.1f} s" + (f" ({', '.join(spent)})" if len(spent) > 1 else ""))
    st.caption(" · ".join(facts))
    if run.variant:
        persona = f"{_ui.plain(persona_of(run))} · " if run.persona else ""
        st.caption(f"{persona}engine {_ui.plain(run.engine)} · fingerprint {run.variant}")


def _next(run: RunLine) -> None:
    if run.kind == "evaluate":
        if st.button("Open it on Evaluate", type="primary", icon=":material/analytics:"):
            _ui.go(_ui.EVALUATE, set=run.selection["ids"][0], runs=run.id)
        return
    if run.kind == "optimize":
        if st.button("Open it on Optimize", type="primary", icon=":material/trending_up:"):
            _ui.go(_ui.OPTIMIZE, run=run.id)
        return
    if run.kind == "outreach":
        if st.button("Open it on Outreach", type="primary", icon=":material/mail:"):
            _ui.go(_ui.OUTREACH, run=run.id)
        return
    page, where = (_ui.IMPORT, "batch") if run.kind == "import" else (_ui.RANK, "run")
    number = run.selection.get("batch") if run.kind == "import" else run.id
    with st.container(horizontal=True):
        if run.state in ("queued", "running"):
            if st.button("Watch it", type="primary", icon=":material/visibility:"):
                _ui.go(page, **{where: number})
        elif run.goes_on:
            if st.button("Go on with the rest", type="primary", icon=":material/resume:"):
                _ui.go(page, run=run.id)
        elif run.state != "done":
            if st.button("Start it again", type="primary", icon=":material/replay:"):
                here = run.kind == "import" or run.engine.startswith("llm")  # there a ranking can be gone on with
                _ui.go(page, **({where: number} if here else {}))
        elif run.kind == "import":
            if st.button("Rank them", type="primary", icon=":material/sort:"):
                _ui.go(_ui.RANK, batch=number)
        elif st.button("See results", type="primary", icon=":material/checklist:"):
            _ui.go(_ui.RESULTS)
        if run.version_id is not None and st.button("Read the persona", icon=":material/person_search:"):
            _ui.go(_ui.PERSONAS, version=run.version_id)


def _other(database: Database, run: RunLine) -> None:
    """The way to a comparison that needs no ticking: the runs over the same leads first."""
    if run.kind != "rank" or run.state != "done":
        return
    alike = same_leads(database, run.id)
    known = {one.id for one in alike} | {run.id}
    others = [one for one in page_runs(database, states=("done",), limit=200)[0] if one.kind == "rank"]
    labels = {one.id: _named(one, "the same leads") for one in alike}
    labels |= {one.id: _named(one, one.selected) for one in others if one.id not in known}
    if not labels:
        st.caption("Once there is a second ranking, the two can be compared here.")
        return
    other = next((one for one in alike if one.variant != run.variant), None)
    if other is not None:
        label = f"Compare with run {other.id}: {_judged_by(other)}"
        st.button(label, icon=":material/compare_arrows:", on_click=_compare, args=(other.id,), key="runs_compare")
    st.selectbox(
        "Compare with", list(labels), index=None, format_func=labels.__getitem__, placeholder="Choose a run",
        key=f"runs_with_{run.id}", on_change=lambda: _compare(st.session_state[f"runs_with_{run.id}"]),
    )  # fmt: skip


def _judged_by(run: RunLine) -> str:
    return f"{_ui.plain(how_of(run.decided))}, {_ui.plain(persona_of(run))}"


def _named(run: RunLine, leads: str) -> str:
    return f"Run {run.id}: {how_of(run.decided)}, {leads}, {_ui.ago(run.ended_at)}"


def _compare(other: int | None) -> None:
    if other is not None:
        st.query_params["with"] = str(other)
