"""What is set up, what is not and what it would give, and the limits."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._results_state import MOST_PICKED
from ranker.ingest.files import MAX_BYTES
from ranker.ingest.suppression_file import LARGEST
from ranker.jobs.alive import workers
from ranker.store.engine import Database
from ranker.store.health import Health, health

_YES, _NO = ":green-badge[:material/check: works]", ":red-badge[:material/error: needs a hand]"
_NOT = ":gray-badge[:material/remove: not set up]"


def draw_health(database: Database) -> None:
    """Database, data folder, worker; then what could be set up beside them."""
    st.subheader("What is set up", anchor=False)
    found, alive = health(database), workers(database)
    kind = "Embedded file" if found.embedded else "Postgres"
    with st.container(border=True, key="settings_health"):
        holds = (
            f"{_ui.plural(found.leads, 'lead')} at {_ui.plural(found.companies, 'company', 'companies')}, "
            f"{_ui.plural(found.imports, 'import')}, {_ui.plural(found.runs, 'run')}"
        )
        _row("Database", _YES, f"{kind}, {_megabytes(found.size_bytes)}: {holds}.", found.place)
        if found.embedded:
            _folder(found)
        if alive:
            _row("Worker", _YES, f"{_ui.plural(alive, 'process', 'processes')} taking imports and rankings.")
        else:
            _row("Worker", _NO, "Nobody takes imports and rankings, so they wait. Start the app again.")
        if found.embedded:
            told = (
                "A Postgres database lets several computers work on the same leads. "
                "Name one in DATABASE_URL before the start; leads of the embedded file do not move along."
            )
            _row("Shared database", _NOT, told)
        if found.embedded and not found.folder_named:
            _row("Another place for the data", _NOT, "RANKER_DATA names another folder, such as one with a backup.")


def _folder(found: Health) -> None:
    if found.writable:
        free = "" if found.free_bytes is None else f"{_megabytes(found.free_bytes)} free on its disk. "
        _row("Data folder", _YES, f"{free}Keep a copy of it: everything is in there.", found.folder)
    else:
        told = "It can't be written to. Give this program the right to write there, then start it again."
        _row("Data folder", _NO, told, found.folder)


def draw_limits() -> None:
    """How much fits at once."""
    st.subheader("Limits", anchor=False)
    st.markdown(
        f"- A file of leads: up to **{_megabytes(MAX_BYTES)}**; a larger one is refused before it is read.\n"
        f"- A do-not-contact list: up to **{_megabytes(LARGEST)}** at once.\n"
        f"- People picked by hand for an export: up to **{_ui.number(MOST_PICKED)}**; filters have no limit.\n"
        "- The app answers this computer only."
    )


def _row(name: str, badge: str, told: str, place: str = "") -> None:
    st.markdown(f"**{name}** {badge}")
    st.caption(told)
    if place:
        st.caption(_ui.plain(place))


def _megabytes(size: int) -> str:
    if size >= 1 << 30:
        return f"{size / (1 << 30):,.1f} GB"
    return f"{size / (1 << 20):,.0f} MB" if size >= 1 << 20 else f"{max(1, size >> 10):,} KB"
