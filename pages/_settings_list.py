"""The do-not-contact list: who is on it, how many leads each entry holds; add one, add many, take off."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from pages import _ui
from pages._paging import draw_paging
from ranker.ingest.suppression_file import SuppressionList, read_suppression_file, read_suppression_text
from ranker.store.engine import Database
from ranker.store.suppression_list import ListChange, add_many, guess_kind, held_leads, page_entries, remove_many
from ranker.store.suppressions import KINDS, Entry

PAGE_ROWS = 50
_GUESS = "guess"
_NAMES = {
    _GUESS: "Tell by itself",
    "person": "Person",
    "email": "Email",
    "domain": "Domain",
    "company": "Company",
}
_MANY = {"person": "people", "email": "emails", "domain": "domains", "company": "companies"}


def draw_list(database: Database) -> None:
    """The whole part of the page."""
    st.subheader("Do not contact", anchor=False)
    st.markdown(
        f"People on this list get no rank and are in no export. It holds "
        f"**{_ui.plural(held_leads(database), 'lead')}** back now."
    )
    _say()
    one, many = st.tabs(["Add one", "Add many"])
    with one:
        _add_one(database)
    with many, _ui.errors_shown():
        _add_many(database)
    _entries(database)


def _add_one(database: Database) -> None:
    form = st.form("settings_add", clear_on_submit=True, border=False)
    with form, st.container(horizontal=True, vertical_alignment="bottom"):
        value = st.text_input("Who", max_chars=300, placeholder="name, email, domain or company", width=320)
        kind = st.selectbox("Kind", list(_NAMES), format_func=_NAMES.__getitem__, width=170)
        note = st.text_input("Why", max_chars=300, placeholder="asked not to be written to", width=260)
        sent = st.form_submit_button("Add", type="primary", icon=":material/block:")
    st.caption("A company is held under its name; a domain with all of its addresses; a person by name or profile.")
    if sent:
        _do(lambda: add_many(database, [(guess_kind(value) if kind == _GUESS else kind, value)], note), "added")
        st.rerun()


def _add_many(database: Database) -> None:
    turn = st.session_state.setdefault("settings_turn", 0)  # a new key empties the fields once they are added
    file = st.file_uploader("A list as CSV or text", type=["csv", "tsv", "txt"], key=f"settings_file_{turn}")
    pasted = st.text_area("or paste it, one a line", key=f"settings_text_{turn}", height=120)
    kind = st.selectbox("What each line is", list(_NAMES), format_func=_NAMES.__getitem__, key="settings_kind")
    if file is None and not pasted.strip():
        st.caption(
            "Columns named Email, LinkedIn, Name, Domain or Company are found; without names, one entry a line. "
            "Of a row with an email and a company, the email counts: a person who opted out does not take the "
            "whole company along."
        )
        return
    chosen = None if kind == _GUESS else kind
    if file is not None:
        found = read_suppression_file(file.getvalue(), chosen)
    else:
        found = read_suppression_text(pasted, chosen)
    _preview(found)
    if not found.entries:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        note = st.text_input("Why", max_chars=300, key=f"settings_note_{turn}", placeholder="opt-outs, November")
        if st.button(f"Add {_ui.plural(len(found.entries), 'entry', 'entries')}", icon=":material/block:"):
            if _do(lambda: add_many(database, found.entries, note), "added"):
                st.session_state["settings_turn"] = turn + 1
            st.rerun()


def _preview(found: SuppressionList) -> None:
    told = ", ".join(
        _ui.plural(count, _NAMES[kind].lower(), _MANY[kind]) for kind in KINDS if (count := found.counts.get(kind))
    )
    st.markdown(f"Found: **{told or 'nothing'}**.")
    if found.entries:
        st.caption("The first: " + _ui.plain("; ".join(value for _, value in found.entries[:5])))
    if found.unread:
        rows = _ui.plural(len(found.unread), "row is", "rows are")
        number, why = found.unread[0]
        st.warning(f"{rows} left out. The first is row {number}: {_ui.plain(why)}", icon=":material/warning:")


def _entries(database: Database) -> None:
    search = st.query_params.get("q", "")
    kind = st.query_params.get("kind", "")
    page = max(1, _ui.parameter("page") or 1)
    found = page_entries(
        database, search=search, kind=kind if kind in KINDS else "", offset=(page - 1) * PAGE_ROWS, limit=PAGE_ROWS
    )
    if not found.total:
        st.info("Nobody is on the list yet.", icon=":material/info:")
        return
    _search(search, kind)
    if not found.entries:
        st.info("No entry matches.", icon=":material/search_off:")
        return
    st.caption(
        f"{_ui.number(found.matching)} of {_ui.plural(found.total, 'entry', 'entries')}. Tick those to take off."
    )
    key = f"settings_entries_{page}_{found.total}_{hash(found.entries)}"
    chosen = st.dataframe(
        _frame(found.entries, found.held),
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="multi-row",
        alt="The do-not-contact list",
    )
    picked = [found.entries[row] for row in chosen["selection"]["rows"] if row < len(found.entries)]
    with st.container(horizontal=True, vertical_alignment="center") as row:
        label = f"Take {_ui.plural(len(picked), 'entry', 'entries')} off" if picked else "Take off the list"
        if st.button(label, disabled=not picked, icon=":material/undo:", key="settings_remove"):
            _do(lambda: remove_many(database, [(one.kind, one.value) for one in picked]), "taken off")
            st.rerun()
    draw_paging(page, -(-found.matching // PAGE_ROWS), "settings", row=row)


def _search(search: str, kind: str) -> None:
    def write(name: str) -> None:
        st.query_params.pop("page", None)
        st.query_params[name] = st.session_state[f"settings_{name}"] or ""

    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["settings_q"] = search
        st.text_input("Search the list", key="settings_q", on_change=write, args=("q",), width=320)
        names = {"": "All"} | {one: _NAMES[one] for one in KINDS}
        st.session_state["settings_kind_shown"] = kind if kind in names else ""

        def write_kind() -> None:
            st.query_params.pop("page", None)
            st.query_params["kind"] = st.session_state["settings_kind_shown"] or ""

        st.segmented_control(
            "Show", list(names), format_func=names.__getitem__, key="settings_kind_shown", on_change=write_kind,
            required=True,
        )  # fmt: skip


def _frame(entries: tuple[Entry, ...], held: tuple[int, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Who": [entry.shown or entry.value for entry in entries],
            "Kind": [_NAMES.get(entry.kind, entry.kind) for entry in entries],
            "Holds": [_ui.plural(count, "lead") for count in held],
            "Why": [entry.note for entry in entries],
            "Since": [_ui.ago(entry.since) for entry in entries],
        }
    )


def _do(work: Callable[[], ListChange], what: str) -> bool:
    """Do it and say what became of it, after the page is drawn anew."""
    try:
        change = work()
    except Exception as error:  # noqa: BLE001 - shown in words
        st.session_state["settings_said"] = error
        return False
    entries = _ui.plural(change.entries, "entry", "entries")
    leads = f"{_ui.plural(change.leads, 'lead')} {'held back' if what == 'added' else 'free again'}"
    known = f" {_ui.number(change.known)} stood there before." if change.known and what == "added" else ""
    st.session_state["settings_said"] = f"{entries} {what}, {leads}.{known}"
    return True


def _say() -> None:
    said = st.session_state.pop("settings_said", None)
    if isinstance(said, Exception):
        _ui.show_error(said)
    elif said:
        st.success(said, icon=":material/check_circle:")
