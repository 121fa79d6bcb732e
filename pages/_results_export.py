"""The export: who, which columns, which format; the file is made on the click, and its people are marked."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._download import draw_download
from pages._results_state import View, act, say
from ranker.export.leads import FORMATS, Columns, Request, available_columns, export_leads, file_name
from ranker.store.engine import Database
from ranker.store.exports import Preset, Selection, choose, delete_preset, list_exports, list_presets, save_preset
from ranker.store.filters import Filters
from ranker.who import who

_WHO = {"top": "The best of each company", "all": "Everybody that matches", "picked": "Picked by hand"}
_USUAL = "Usual columns"


def draw_export(database: Database, view: View) -> None:
    """The content of the dialog."""
    with _ui.errors_shown():
        say()
        selection = _selection(view)
        chosen = choose(database, selection)
        told = [f"**= {_ui.plural(len(chosen.lead_ids), 'person', 'people')}**"]
        if chosen.held:
            told.append(f"{_ui.number(chosen.held)} on the do-not-contact list left out")
        if chosen.skipped:
            told.append(f"{_ui.number(chosen.skipped)} exported before left out")
        st.markdown(" · ".join(told))
        form = st.segmented_control(
            "Format", list(FORMATS), default="csv", required=True, key="results_format",
            format_func={"csv": "CSV", "xlsx": "Excel (XLSX)"}.__getitem__,
        )  # fmt: skip
        columns = _columns(database, form or "csv")
        request = Request(selection, columns, form or "csv", who())
        _download(database, request, len(chosen.lead_ids))
        sent = list_exports(database, limit=5)
        if sent:
            with st.expander("Exported before"):
                for entry in sent:
                    people = _ui.plural(entry.row_count, "person", "people")
                    st.caption(f"{entry.file_name}: {people}, {_ui.ago(entry.created_at)}{_ui.by(entry.who)}")


def _selection(view: View) -> Selection:
    names = [name for name in _WHO if name != "picked" or view.picked]
    labels = _WHO | {"picked": f"Picked by hand ({_ui.number(len(view.picked))})"}
    who = st.radio(
        "Who", names, index=len(names) - 1 if view.picked else 0, format_func=labels.__getitem__, horizontal=True,
        key=f"results_who_{bool(view.picked)}",
    )  # fmt: skip
    top = None
    if who == "top":
        top = int(st.number_input("People a company, at most", 1, 1000, 3, key="results_top"))
        st.caption("People who share the last place come along.")
    narrowing = view.active - (who == "top" and view.status == "contact")  # the best are to contact anyway
    if who != "picked" and narrowing:
        st.caption(f":material/filter_alt: Only those that match {_ui.plural(narrowing, 'filter')} of the page.")
    if who == "all" and view.status != "contact":
        st.caption(":material/warning: Also those not to contact. The filter “To contact” leaves them out.")
    skip = st.checkbox("Leave out those exported before", key="results_skip")
    filters = Filters() if who == "picked" else view.filters
    return Selection(filters, top, view.picked if who == "picked" else None, bool(skip))


def _columns(database: Database, form: str) -> tuple[str, ...]:
    known = available_columns(database)
    presets = {preset.name: preset for preset in list_presets(database)}
    with st.expander("Columns"):
        name = st.selectbox("Preset", [_USUAL, *presets], key="results_preset")
        preset = presets.get(name or "")
        start = known.default if preset is None else tuple(one for one in preset.columns if one in set(known.every))
        gone = [] if preset is None else [one for one in preset.columns if one not in set(start)]
        if gone:
            st.caption(f":material/info: Left out, as no file has it any more: {', '.join(gone)}")
        columns = st.multiselect("Columns, in their order", known.every, list(start), key=f"results_columns_{name}")
        if not columns:
            st.caption("None chosen: the usual ones are taken.")
        _presets(database, preset, tuple(columns), form)
    return _ordered(tuple(columns), known)


def _ordered(columns: tuple[str, ...], known: Columns) -> tuple[str, ...]:
    """Original columns first, whatever the order in which they were chosen."""
    original = set(known.original)
    return (*(one for one in columns if one in original), *(one for one in columns if one not in original))


def _presets(database: Database, preset: Preset | None, columns: tuple[str, ...], form: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Keep these columns as", max_chars=80, placeholder="Name of the preset", key="results_keep")
        st.button("Keep", disabled=not columns, on_click=_keep, args=(database, columns, form))
        if preset is not None:
            st.button(
                "Delete preset", type="tertiary", on_click=act,
                args=(lambda: delete_preset(database, preset.name), f"“{preset.name}” is deleted."),
            )  # fmt: skip


def _keep(database: Database, columns: tuple[str, ...], form: str) -> None:
    name = str(st.session_state["results_keep"]).strip()
    act(lambda: save_preset(database, Preset(name, columns, form, {})), f"Kept as “{name}”.")


def _download(database: Database, request: Request, people: int) -> None:
    def make() -> tuple[bytes, str]:
        made = export_leads(database, request)
        return made.data, f"{_ui.plural(made.rows, 'person', 'people')} in {made.name}, marked as exported."

    draw_download("results", people, make, name=file_name(request), mime=FORMATS[request.format])
