"""Backups: make one, take one along, put one in the place of the present data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import streamlit as st

from pages import _ui
from ranker.care.restore import POSTGRES, check_backup, restore, uploaded
from ranker.store import backups
from ranker.store.backups import Backup
from ranker.store.engine import Database

_WHY = {
    backups.BY_HAND: "made by hand",
    "before-restore": "before a restore",
}


def draw_backups(database: Database) -> None:
    """The whole part of the page."""
    st.subheader("Backup and restore", anchor=False)
    if not database.is_sqlite:
        st.info(_ui.plain(POSTGRES), icon=":material/info:")
        return
    st.markdown(
        "A backup holds everything: leads, rankings, personas, exports. One is made by itself before an update of "
        f"the tables and before a restore; the newest {backups.KEPT} of those are kept. People who are deleted go "
        "from the backups here as well, and do not come back with one from elsewhere. "
        "Keys of language models are in none."
    )
    _say()
    if st.button("Make a backup now", icon=":material/backup:", key="backup_make"):
        with _ui.errors_shown(), st.spinner("Copying"):
            backups.make(database)
            st.session_state["backup_said"] = "Backup made."
            st.rerun()
    there = backups.list_backups(database)
    if there:
        _list(database, there)
    else:
        st.info("No backup yet.", icon=":material/info:")
    with st.expander("Restore from a file"):
        _upload(database)


def _list(database: Database, there: list[Backup]) -> None:
    st.caption("Choose one to download, restore or remove it.")
    chosen = st.dataframe(
        pd.DataFrame(
            {
                "Made": [_ui.ago(one.made_at) for one in there],
                "At (UTC)": [one.made_at.replace("T", " ").rstrip("Z") for one in there],
                "Why": [_why(one) for one in there],
                "Leads": ["can't be read" if one.leads is None else _ui.number(one.leads) for one in there],
                "Size": [f"{one.size_bytes / 1e6:,.1f} MB" for one in there],
            }
        ),
        hide_index=True,
        key=f"backup_list_{len(there)}_{there[0].path.name}",
        on_select="rerun",
        selection_mode="single-row",
        alt="The backups, the newest first",
    )
    rows = [row for row in chosen["selection"]["rows"] if row < len(there)]
    if not rows:
        return
    one = there[rows[0]]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Download", data=one.path.read_bytes, file_name=one.path.name, mime="application/vnd.sqlite3",
            icon=":material/download:", on_click="ignore", key="backup_download",
        )  # fmt: skip
        if st.button("Remove", icon=":material/delete:", key="backup_remove"):
            with _ui.errors_shown():
                backups.remove(database, one.path.name)
                st.session_state["backup_said"] = "Backup removed."
                st.rerun()
    _restore(one.path, "list", lambda: _replace(database, one.path))


def _upload(database: Database) -> None:
    file = st.file_uploader("A backup (ranker-….db)", type=["db"], key="backup_file")
    if file is None:
        st.caption("It is checked before anything changes: whether it is ours, whole, and not of a newer version.")
        return
    with _ui.errors_shown(), uploaded(database, file.getvalue()) as path:
        found = check_backup(path)
        st.markdown(
            f"It holds **{_ui.plural(found.leads, 'lead')}** at {_ui.plural(found.companies, 'company', 'companies')} "
            f"and {_ui.plural(found.runs, 'run')}."
        )
        _restore(path, "file", lambda: _replace(database, path))


def _restore(path: Path, key: str, work: Callable[[], None]) -> None:
    with st.form(f"backup_restore_{key}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input("Type “restore” to put it in the place of the present data", key=f"backup_typed_{key}")
        sent = st.form_submit_button("Restore", icon=":material/settings_backup_restore:")
    if sent and typed.strip().lower() != "restore":
        st.warning("Nothing was changed: type the word “restore” first.", icon=":material/warning:")
    elif sent:
        with _ui.errors_shown(), st.spinner("Making a backup of what is there, then restoring"):
            work()
            st.rerun()


def _replace(database: Database, path: Path) -> None:
    done = restore(database, path)
    deleted = " People who were deleted since then stayed deleted." if done.removed else ""
    st.session_state["backup_said"] = (
        f"Restored: {_ui.plural(done.leads, 'lead')}. What was there before is in the list as “before a restore”."
        + deleted
    )


def _why(one: Backup) -> str:
    return _WHY.get(one.why, "before an update" if one.why.startswith("before-") else one.why)


def _say() -> None:
    said = st.session_state.pop("backup_said", None)
    if said:
        st.success(said, icon=":material/check_circle:")
