"""A ranking that runs, or has ended: followed from the database, whoever started it."""

from __future__ import annotations

from typing import Literal, NoReturn

import streamlit as st

from pages import _rank_model, _ui
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.scoring.variants import asked_by
from ranker.store.home_queries import best_so_far, first_results
from ranker.store.run_queries import RunRow, get_run

PHASES = {
    "": "Starting", "reading": "Reading the leads", "judging": "Judging the leads",
    "ranking": "Ranking within each company", "publishing": "Making the new ranks the current ones",
}  # fmt: skip
TAIL = {"ranking": 0.85, "publishing": 0.92}  # judging fills the bar up to here


@st.fragment(run_every=1)
def following(run_id: int) -> None:
    """One bar, the phase in words, counts, speed, time left, and "Cancel"."""
    with _ui.errors_shown():
        run = get_run(_ui.database(), run_id)
        if not run.active:
            st.rerun()
        with_model = asked_by(_ui.database(), run.variant_id)[0] != ""
        if with_model and run.phase == "judging":
            _rank_model.bar(run)
        else:
            _bar(run, with_model=with_model)
        if st.button("Cancel", icon=":material/close:"):
            rank_run.cancel(_ui.database(), run_id)
            st.rerun()
        stops = " Cancelling asks nothing further; calls under way still end, and count." if with_model else ""
        st.caption(f"You can leave this page or close it: the run goes on, and this page finds it again.{stops}")
        if run.phase == "judging":
            _first(run, with_model=with_model)


def _bar(run: RunRow, *, with_model: bool) -> None:
    st.progress(TAIL.get(run.phase, run.share * 0.85), PHASES.get(run.phase, run.phase))
    told = [f"{_ui.number(run.done)} of {_ui.plural(run.total, 'lead')}"]
    if not with_model:
        if run.speed:
            told.append(f"{_ui.number(run.speed)} a second")
        if run.seconds_left is not None:
            told.append(f"{_ui.duration(run.seconds_left)} left")
        told.append("free")
    st.markdown(" · ".join(told))


def _first(run: RunRow, *, with_model: bool) -> None:
    if with_model:
        which, found = "the best so far", best_so_far(_ui.database(), run.live.get("best", ()))
    else:
        which, found = "among those judged last", first_results(_ui.database(), run.id, run.at)
    if found:
        st.markdown(f"**To contact, {which}** (ranks come at the end)")
        st.dataframe(
            [{"Name": one.name, "Job title": one.title, "Company": one.company, "Score": one.score} for one in found],
            hide_index=True,
            alt=f"Leads to contact, {which}",
        )


def ended(run: RunRow) -> None:
    """How it ended, and the next thing to do."""
    strategy, _ = asked_by(_ui.database(), run.variant_id)
    if run.state == "failed":
        st.error(_ui.plain(run.error), icon=":material/error:")
        st.markdown("The ranks from before are still in use.")
    elif run.state == "cancelled":
        st.info("This run was cancelled. The ranks from before are still in use.", icon=":material/block:")
    else:
        _done(run, free=not strategy)
    if strategy:
        _rank_model.after(run)
    with st.container(horizontal=True):
        if run.state == "done" and st.button("See results", type="primary", icon=":material/checklist:"):
            _ui.go(_ui.RESULTS, status="contact")
        kind: Literal["primary", "secondary"] = "secondary" if strategy else "primary"
        if run.state != "done" and st.button("Choose again", type=kind, icon=":material/sort:"):
            _ui.go(_ui.RANK, **again(run))
        if run.state == "done" and st.button("Rank others", icon=":material/sort:"):
            _ui.go(_ui.RANK)


def opens_results(run: RunRow) -> bool:
    """Whether its results open by themselves: somebody is to contact, and there is no bill to be seen before."""
    return bool(run.counts["ranked"]) and not asked_by(_ui.database(), run.variant_id)[0]


def outcome(run: RunRow) -> str:
    """``97 to contact at 44 companies; 17 companies with nobody``."""
    counts = run.counts
    where = _ui.plural(counts["companies_with"], "company", "companies")
    nobody = _ui.plural(counts["companies_without"], "company", "companies")
    return f"{_ui.number(counts['ranked'])} to contact at {where}; {nobody} with nobody"


def open_results(run: RunRow) -> NoReturn:
    """Results open by themselves for whoever waited for them, and say how it ended."""
    st.session_state["results_said"] = f"Ranked {_ui.plural(run.total, 'lead')}: {outcome(run)}."
    _ui.go(_ui.RESULTS, status="contact")


def again(run: RunRow) -> dict[str, str | int]:
    """The parameters of the Rank page that choose the same leads, in the same way."""
    strategy, model = asked_by(_ui.database(), run.variant_id)
    how: dict[str, str | int] = {"how": strategy, "model": model} if strategy else {}
    chosen = Selection.from_json(run.selection)
    while chosen.kind == "failed":  # what was left of another run: the same leads are those of that one
        chosen = Selection.from_json(get_run(_ui.database(), chosen.ids[0]).selection)
    if chosen.kind == "import":
        return {"batch": chosen.ids[0], **how}
    if chosen.kind == "companies":
        return {"who": "companies", "companies": ",".join(map(str, chosen.ids)), **how}
    return {"who": chosen.kind, **how} if chosen.kind in {"all", "changed"} else how


def _done(run: RunRow, *, free: bool) -> None:
    counts = run.counts
    found, _, nobody = outcome(run).partition("; ")
    st.success(f"**{found}**; {nobody}", icon=":material/check_circle:")
    parts = [f"{_ui.number(counts['ranked'])} to contact", f"{_ui.number(counts['not_relevant'])} not to contact"]
    if counts["held"]:
        parts.append(f"{_ui.number(counts['held'])} on the do-not-contact list")
    if counts["not_judged"] or counts.get("rejected"):
        parts.append(f"{_ui.number(counts['not_judged'] + counts.get('rejected', 0))} could not be judged")
    took = f" {_ui.duration(run.worked).capitalize()}, free." if run.worked and free else ""
    st.markdown(f"{_ui.plural(counts['leads'], 'lead')} = {' + '.join(parts)}.{took}")
    if counts["needs_review"]:
        said = f"{_ui.number(counts['needs_review'])} should be looked at by a person"
        _ui.link(_ui.RESULTS, said, ":material/rate_review:", review=1)
