"""An import that runs, and one that is done: what became of it, and the next thing to do, which is to rank."""

from __future__ import annotations

import streamlit as st

from pages import _import_rows, _ui
from pages._rank_start import begin, sentence, usual_persona
from ranker.ingest import import_run
from ranker.ingest.staged import StagedImport
from ranker.personas.catalog import list_personas
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store.overview import unranked_of
from ranker.store.run_queries import get_run


@st.fragment(run_every=0.5)
def importing(run_id: int) -> None:
    """Follows the run that imports; it goes on without this page."""
    run = get_run(_ui.database(), run_id)
    if not run.active:
        st.rerun()
    writing = run.phase == "writing"
    said = "Writing the leads" if writing else f"Read {_ui.number(run.done)} of {_ui.plural(run.total, 'row')}"
    st.progress(0.95 if writing else run.share * 0.9, said if run.phase else "Starting")
    st.caption("You can leave this page or close it: the import goes on.")
    if not writing and st.button("Cancel", icon=":material/close:"):
        import_run.cancel(_ui.database(), run_id)
        st.rerun()


def done_file(staged: StagedImport) -> None:
    """What was imported, "Rank them", and the rows."""
    leads = staged.counts["new"] + staged.counts["changed"]
    if leads:
        st.success(
            f"Imported {_ui.plural(leads, 'lead')}: {_ui.number(staged.counts['new'])} new, "
            f"{_ui.number(staged.counts['changed'])} changed.",
            icon=":material/check_circle:",
        )
    else:
        st.success("Nobody in this file was new or had changed.", icon=":material/check_circle:")
    _rank_them(staged)
    _import_rows.outcomes(staged)
    _import_rows.problems(staged)


def _rank_them(staged: StagedImport) -> None:
    """One click starts the ranking for the persona used last; another persona is one click more."""
    database = _ui.database()
    selection = Selection("import", (staged.id,))
    personas = list_personas(database)
    persona = personas[usual_persona(personas)]
    with _ui.errors_shown():
        plan = rank_run.plan(database, selection, persona.live_version_id)
        ranked = plan.leads > 0 and not unranked_of(database, staged.id)
        if ranked:
            st.markdown("Everybody in this file is ranked.")
        elif plan.leads:
            st.markdown(f"Next: {sentence(plan, persona.name)}")
        with st.container(horizontal=True):
            if ranked and st.button("See results", type="primary", icon=":material/checklist:"):
                _ui.go(_ui.RESULTS, status="contact")
            label, kind = ("Rank them again", "secondary") if ranked else ("Rank them", "primary")
            if plan.leads and st.button(label, type=kind, icon=":material/sort:"):
                _ui.go(_ui.RANK, run=begin(selection, persona))
            if plan.leads and st.button("Choose another persona", icon=":material/person_search:"):
                _ui.go(_ui.RANK, batch=staged.id)
            if st.button("Import another file", icon=":material/upload_file:"):
                _ui.go(_ui.IMPORT)
