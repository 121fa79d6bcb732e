"""Import: a file lands, what was understood is shown, then what it would do, and then it is done."""

from __future__ import annotations

import streamlit as st

from pages import _import_rows, _ui
from pages._import_back import back
from pages._import_done import done_file, importing
from pages._import_mapping import understood
from pages._import_paste import paste
from ranker.ingest import import_run
from ranker.ingest.check import check
from ranker.ingest.files import MAX_BYTES, check_size
from ranker.ingest.sample import import_sample
from ranker.ingest.stage import cancel, stage_file
from ranker.ingest.staged import StagedImport, get_import
from ranker.store.imports import ImportSummary, count_imports, list_imports
from ranker.store.run_queries import active_runs, list_runs
from ranker.who import who

STATES = {
    "staged": "not checked yet", "checked": "checked, not imported", "done": "imported", "cancelled": "cancelled",
    "undone": "undone",
}  # fmt: skip
PAGE_FILES = 10
MEGABYTES = MAX_BYTES // 1024 // 1024


def show(batch_id: int | None) -> None:
    """Open an import (or none): its number stands in the address, so that a refresh loses nothing."""
    st.query_params.from_dict({} if batch_id is None else {"batch": str(batch_id)})
    st.rerun()


def drop_zone() -> None:
    uploaded = st.file_uploader(
        f"Drop a CSV or Excel file with your leads here (up to {MEGABYTES} MB)",
        type=["csv", "tsv", "txt", "xlsx", "xlsm"],
        max_upload_size=MEGABYTES,
    )
    if uploaded is None:
        st.caption(
            "Any header names, any order, any sheet. Nothing is written before you saw it. "
            f"Is it larger than {MEGABYTES} MB? Split it into several files with the same header row."
        )
        return
    with _ui.errors_shown():
        check_size(uploaded.size)
        with st.spinner(f"Reading {_ui.plain(uploaded.name)}"):
            staged = stage_file(_ui.database(), uploaded.name, uploaded.getvalue(), who=who())
        show(staged.id)


def earlier() -> None:
    """Every file that was handed over, the newest first."""
    count = count_imports(_ui.database())
    if not count:
        if st.button("Try it with sample leads", icon=":material/play_arrow:"):
            with _ui.errors_shown():
                show(import_sample(_ui.database(), who()).id)
        return
    st.subheader("Earlier files", anchor=False)
    place = st.container()
    pages = -(-count // PAGE_FILES)
    page = st.pagination(pages, key=f"files-{pages}") if pages > 1 else 1
    with place:
        _files(list_imports(_ui.database(), offset=(page - 1) * PAGE_FILES, limit=PAGE_FILES))


def _files(imports: list[ImportSummary]) -> None:
    for one in imports:
        told = (
            _ui.plural(one.row_count, "row"),
            STATES.get(one.state, one.state),
            _ui.ago(one.done_at or one.staged_at),
        )
        said = " · ".join([_ui.plain(one.file_name), *told])
        _ui.link(_ui.IMPORT, said, ":material/description:", batch=one.id)


def same_file(staged: StagedImport) -> None:
    if staged.same_as is not None:
        before = get_import(_ui.database(), staged.same_as)
        st.info(
            f"This very file was imported {_ui.ago(before.done_at)}. Nobody is added twice: importing it again only "
            "brings back what has changed since.",
            icon=":material/content_copy:",
        )


def check_now(staged: StagedImport) -> None:
    """The check runs in this page and says how far it is; a second time it goes on from the start."""
    bar = st.progress(0.0, f"Checking {_ui.plural(staged.row_count, 'row')}")
    total = max(1, staged.row_count)

    def progress(done: int) -> None:
        bar.progress(min(1.0, done / total), f"Checked {_ui.number(done)} of {_ui.plural(total, 'row')}")

    check(_ui.database(), staged.id, progress)


def open_file(staged: StagedImport) -> None:
    """A file that is not imported yet. It is checked by itself as soon as company and title have a column."""
    same_file(staged)
    understood(staged)
    if staged.missing:
        return
    if staged.state == "staged":
        with _ui.errors_shown():
            check_now(staged)
            st.rerun()
        st.button("Check again", icon=":material/fact_check:")  # a check that failed does not run again by itself
        return
    leads = staged.counts["new"] + staged.counts["changed"]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("What this file would do", anchor=False, width="content")
        label = f"Import {_ui.plural(leads, 'lead')}" if leads else "Keep this file in the list"
        icon = ":material/download_done:" if leads else ":material/bookmark:"
        if st.button(label, type="primary", icon=icon):
            with _ui.errors_shown():
                import_run.start(_ui.database(), staged.id, who())
                st.rerun()
    if not leads:
        st.info("Everybody in this file is known already, and nothing about them has changed.", icon=":material/check:")
    _import_rows.outcomes(staged)
    _import_rows.problems(staged)


def one_import(batch_id: int) -> None:
    staged = get_import(_ui.database(), batch_id)
    runs = [run for run in active_runs(_ui.database(), import_run.KIND) if run.selection.get("batch") == batch_id]
    if runs:
        importing(runs[0].id)
        return
    _failed(batch_id)
    if staged.state == "done":
        done_file(staged)
        back(staged)
        return
    if staged.state == "undone":
        st.info(f"This import was undone {_ui.ago(staged.undone_at)}. The file is still here.", icon=":material/undo:")
        back(staged)
    elif staged.state == "cancelled":
        st.info("This import was cancelled, and nothing of it was written.", icon=":material/block:")
    else:
        open_file(staged)
    with st.container(horizontal=True):
        if staged.state not in {"cancelled", "undone"} and st.button(
            "Drop this file", type="tertiary", icon=":material/delete:"
        ):
            with _ui.errors_shown():
                cancel(_ui.database(), batch_id)
                show(None)
        if st.button("Choose another file", type="tertiary", icon=":material/upload_file:"):
            show(None)


def _failed(batch_id: int) -> None:
    """The newest attempt to import it, if it failed."""
    runs = list_runs(_ui.database(), import_run.KIND)
    tried = [run for run in runs if run.selection.get("batch") == batch_id]
    if tried and tried[0].state == "failed":
        st.error(tried[0].error, icon=":material/error:")


def page() -> None:
    batch_id = _ui.parameter("batch")
    if batch_id is None:
        st.title("Import", anchor=False)
        drop_zone()
        pasted = paste()
        if pasted is not None:
            show(pasted)
        earlier()
        return
    heading = st.empty()
    heading.title("Import", anchor=False)
    with _ui.errors_shown():
        staged = get_import(_ui.database(), batch_id)
        heading.title(f"Import {_ui.plain(staged.file_name)}", anchor=False)
        one_import(batch_id)
        return
    if st.button("Choose another file", icon=":material/upload_file:"):
        show(None)


page()
