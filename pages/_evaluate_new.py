"""Where labelled leads come from: a file, the sample, or what people said of leads."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from ranker.evaluation.set_list import list_drafts
from ranker.evaluation.set_reviews import grow, reviewed
from ranker.evaluation.set_rows import REASONS
from ranker.evaluation.set_sample import add_sample_set
from ranker.evaluation.set_upload import MAX_BYTES, check_size, stage_set
from ranker.store.engine import Database
from ranker.who import who

MEGABYTES = MAX_BYTES // 1024 // 1024
_MOST_DRAFTS = 5


def open_set(set_id: int | None) -> None:
    """Put a set (or none) into the address."""
    st.query_params.from_dict({} if set_id is None else {"set": str(set_id)})


def reasons(left_out: dict[str, int]) -> str:
    """Why rows are left out, with their numbers: ``6 that nobody has judged, 1 without a company``."""
    return ", ".join(f"{_ui.number(count)} {REASONS[reason]}" for reason, count in left_out.items())


def draw_uploader(database: Database) -> None:
    """A drop zone; the file is kept at once and its draft stands in the address, so that a refresh loses nothing."""
    uploaded = st.file_uploader(
        f"Drop a CSV or Excel file with labelled leads (up to {MEGABYTES} MB)",
        type=["csv", "tsv", "txt", "xlsx", "xlsm"],
        max_upload_size=MEGABYTES,
        key="evaluate_upload",
    )
    if uploaded is None:
        return
    with _ui.errors_shown():
        check_size(uploaded.size)
        with st.spinner(f"Reading {_ui.plain(uploaded.name)}"):
            draft = stage_set(database, uploaded.name, uploaded.getvalue(), who=who())
        st.query_params.from_dict({"draft": str(draft.id)})
        st.rerun()


def draw_sample(database: Database, words: str) -> None:
    """One click: the sample's leads, labelled."""
    if st.button(words, icon=":material/play_arrow:", key="evaluate_sample"):
        with _ui.errors_shown():
            with st.spinner("Reading the labelled sample"):
                saved = add_sample_set(database, who())
            open_set(saved.id)
            st.rerun()


def draw_reviews(database: Database) -> None:
    """What people said of leads so far, what it could measure, and the click that keeps it as a set."""
    found = reviewed(database)
    if not found.leads:
        st.caption(
            "Once you have said in or out of some leads in Results, a set can be made from that too: only what a "
            "person said counts as a label."
        )
        return
    st.markdown(
        f"**From your overrules:** {_ui.plural(found.leads, 'lead')} at "
        f"{_ui.plural(found.companies, 'company', 'companies')}, {_ui.number(found.relevant)} in, "
        f"{_ui.number(found.not_relevant)} out."
    )
    if found.same is not None:
        st.caption("All of them are in a set already.")
        if st.button("Open it", key="evaluate_reviews_same", icon=":material/folder_open:"):
            open_set(found.same)
            st.rerun()
        return
    st.caption(
        "“Out” counts as not relevant, “in” as relevant without a rank. So it measures who is contacted, not who comes "
        f"first. {_ui.plural(found.both, 'company has', 'companies have')} both, which gives "
        f"{_ui.plural(found.pairs, 'pair')} to compare. Leads of which nobody said anything are not in it."
    )
    if st.button("Make a set from your overrules", icon=":material/how_to_reg:", key="evaluate_reviews"):
        with _ui.errors_shown():
            saved = grow(database, "From overrules", who())
            open_set(saved.id)
            st.rerun()


def draw_drafts(database: Database) -> None:
    """Uploads that nobody saved yet."""
    for one in list_drafts(database)[:_MOST_DRAFTS]:
        said = f"{_ui.plain(one.file_name)} · not saved yet{_ui.by(one.who)} · {_ui.ago(one.created_at)}"
        _ui.link(_ui.EVALUATE, said, ":material/draft:", draft=one.id)
