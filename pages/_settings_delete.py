"""Deletion: a person, a company or an import is found, what would go is told, and it goes once it is confirmed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages import _ui
from ranker.care.deletion import Deleted, count_deleted, delete, finish, let_in
from ranker.care.finding_people import find_by_address, find_companies, find_labelled, find_people
from ranker.care.preview import Preview, count_backups, tell_before
from ranker.store.engine import Database
from ranker.store.imports import list_imports
from ranker.store.traces import is_pending

_KINDS = {"person": "A person", "company": "A company", "import": "An import"}


def draw_deletion(database: Database) -> None:
    """The whole part of the page."""
    st.subheader("Delete", anchor=False)
    st.markdown(
        "What is deleted goes from every list, verdict, label and export mark, from the stored files and from the "
        "backups here. A person is then turned away when a later file names them; only a mark is kept, which names "
        "nobody. Files that were exported or downloaded before are yours to clean. Keys of language models name no "
        "lead, and stay until you remove them above."
    )
    _say()
    if is_pending(database):
        _rest(database)
    kind = st.segmented_control(
        "What to delete",
        list(_KINDS),
        format_func=_KINDS.__getitem__,
        default="person",
        key="delete_kind",
        required=True,
    )
    with _ui.errors_shown():
        wanted = {"person": _person, "company": _company, "import": _import}[kind or "person"](database)
        if wanted is not None:
            _confirm(database, wanted)
    _let_in(database)


def _turn() -> int:
    return int(st.session_state.setdefault("delete_turn", 0))


def _person(database: Database) -> Preview | None:
    who = st.text_input("Find by name, email, profile or company", key=f"delete_who_{_turn()}", max_chars=300)
    if not who.strip():
        return None
    found, others, alone = find_people(database, who), find_labelled(database, who), find_by_address(database, who)
    count = len(found) + len(others) + len(alone)
    if not count:
        st.info("Nobody fits. An email or a profile finds best.", icon=":material/search_off:")
        return None
    blank = [""] * len(alone)
    only = [*("in labelled sets only" for _ in others), *("known by profile only" for _ in alone)]
    chosen = st.dataframe(
        pd.DataFrame(
            {
                "Name": [*(one.name for one in (*found, *others)), *blank],
                "Title": [*(one.title for one in found), *only],
                "Company": [*(one.company for one in (*found, *others)), *blank],
                "Email": [*(one.email for one in (*found, *others)), *blank],
                "Profile": [one.url for one in (*found, *others, *alone)],
            }
        ),
        hide_index=True,
        key=f"delete_people_{hash((*found, *others, *alone))}",
        on_select="rerun",
        selection_mode="multi-row",
        alt="People who fit; tick those to delete",
    )
    rows = chosen["selection"]["rows"]
    if not rows and count > 1:
        st.caption("Tick those to delete. One person can be in the list twice, under two profiles.")
        return None
    ticked = set(rows or range(count))
    before = len(found) + len(others)
    return Preview.people(
        [one.lead_id for at, one in enumerate(found) if at in ticked],
        [one.label for at, one in enumerate(others, start=len(found)) if at in ticked],
        [one.prospect_id for at, one in enumerate(alone, start=before) if at in ticked],
    )


def _company(database: Database) -> Preview | None:
    who = st.text_input("Find by name or domain", key=f"delete_company_{_turn()}", max_chars=300)
    if not who.strip():
        return None
    found = find_companies(database, who)
    if not found:
        st.info("No company fits.", icon=":material/search_off:")
        return None
    names = {number: f"{name} ({_ui.plural(leads, 'lead')})" for number, name, leads in found}
    chosen = st.selectbox("Which", list(names), format_func=names.__getitem__, key="delete_which_company")
    return Preview.company(chosen)


def _import(database: Database) -> Preview | None:
    found = {one.id: one for one in list_imports(database)}
    if not found:
        st.info("No file was imported yet.", icon=":material/info:")
        return None

    def shown(number: int) -> str:
        one = found[number]
        return f"{one.file_name} · {_ui.plural(one.row_count, 'row')} · {_ui.ago(one.done_at or one.staged_at)}"

    chosen = st.selectbox("Which", list(found), format_func=shown, key="delete_which_import")
    leads = st.checkbox("Delete the leads that only this import brought", value=True, key="delete_with_leads")
    if not leads:
        st.caption("The leads stay; their original columns are gone where no other file has them.")
    return Preview.of_import(chosen, with_leads=leads)


def _confirm(database: Database, wanted: Preview) -> None:
    told = tell_before(database, wanted)
    copies = count_backups(database)
    also = f" Also from {_ui.plural(copies, 'backup')}." if copies else ""
    st.warning(f"This deletes {told.words}.{also} It can't be taken back.", icon=":material/delete_forever:")
    with (
        st.form("delete_confirm", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        typed = st.text_input(f"Type “{told.phrase}” to confirm", key="delete_typed")
        sent = st.form_submit_button("Delete", icon=":material/delete_forever:")
    if sent and " ".join(typed.lower().split()) != told.phrase:
        st.warning(f"Nothing was deleted: type “{told.phrase}” first.", icon=":material/warning:")
    elif sent:
        with st.spinner("Deleting, and cleaning the backups"):
            _told(delete(database, wanted))
        st.session_state["delete_turn"] = _turn() + 1  # new keys empty the fields
        st.rerun()


def _told(gone: Deleted) -> None:
    st.session_state["delete_said"] = f"Deleted: {gone.words}."


def _rest(database: Database) -> None:
    st.warning(
        "Traces of a deletion are still in the database's file, because another window was using it.",
        icon=":material/warning:",
    )
    if st.button("Remove them now", icon=":material/cleaning_services:", key="delete_rest"):
        with _ui.errors_shown():
            if finish(database):
                st.session_state["delete_said"] = "Nothing of it is left."
                st.rerun()
            st.warning("It is still in use. Close other windows, then try again.", icon=":material/warning:")


def _let_in(database: Database) -> None:
    count = count_deleted(database)
    if not count:
        return
    with st.expander(f"{_ui.plural(count, 'deleted person', 'deleted people')} kept out: let somebody in again"):
        st.caption("Nobody's name is kept, so write whom you mean. The next file that names them brings them back.")
        with (
            st.form("delete_let_in", border=False, clear_on_submit=True),
            st.container(horizontal=True, vertical_alignment="bottom"),
        ):
            who = st.text_input("Email, profile or whole name", key="delete_let_in_who")
            sent = st.form_submit_button("Let in again", icon=":material/undo:")
        if sent:
            with _ui.errors_shown():
                found = let_in(database, who)
                st.session_state["delete_said"] = f"Let in again (deleted on {found.since[:10]}). Import the file anew."
                st.rerun()


def _say() -> None:
    said = st.session_state.pop("delete_said", None)
    if said:
        st.success(said, icon=":material/check_circle:")
