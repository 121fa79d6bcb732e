"""What every page shares: the database, numbers in words, errors in words, and the way to another page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NoReturn

import streamlit as st

from ranker.errors import RankerError
from ranker.events import tell, tell_error
from ranker.personas.catalog import seed_personas
from ranker.store.engine import Database, data_folder, open_database
from ranker.templates.shipped import seed_templates

HOME, IMPORT, RANK, RESULTS = "pages/home.py", "pages/import_leads.py", "pages/rank.py", "pages/results.py"
PERSONAS, PROMPTS, EVALUATE = "pages/personas.py", "pages/prompts.py", "pages/evaluate.py"
OPTIMIZE = "pages/optimize.py"
OUTREACH, PROSPECTS = "pages/outreach.py", "pages/prospects.py"
RUNS, SETTINGS = "pages/runs.py", "pages/settings.py"


def database() -> Database:
    """The database that the surroundings name (``DATABASE_URL``, else the file in ``RANKER_DATA``), opened once."""
    return _open(os.environ.get("DATABASE_URL", ""), str(data_folder().resolve()))


@st.cache_resource(show_spinner=False)
def _open(url: str, folder: str) -> Database:
    opened = open_database(url or None, None if url else folder)
    seed_personas(opened)
    seed_templates(opened)
    return opened


def number(value: float) -> str:
    """3412 → ``3,412``."""
    return f"{value:,.0f}"


def plural(count: int, one: str, many: str = "") -> str:
    """``plural(1, "lead")`` → ``1 lead``; ``plural(3412, "company", "companies")`` → ``3,412 companies``."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def ago(iso: str) -> str:
    """How long a moment of the database (UTC, ISO) is past: ``just now``, ``5 minutes ago``, ``2 days ago``."""
    if not iso:
        return ""
    seconds = (datetime.now(UTC) - datetime.fromisoformat(iso)).total_seconds()
    if seconds < 60:
        return "just now"
    for unit, length, below in (("minute", 60, 60), ("hour", 3600, 24), ("day", 86400, 60)):
        if seconds < length * below:
            return f"{plural(int(seconds // length), unit)} ago"
    return f"on {iso[:10]}"


def day(iso: str) -> str:
    """The day and minute of a moment of the database (UTC): ``2026-11-21 04:09``. Unlike ``ago`` it stays the same."""
    return iso[:16].replace("T", " ")


def by(who: str) -> str:
    """`` by Ada``, or nothing where nobody is named."""
    return f" by {plain(who)}" if who else ""


def duration(seconds: float) -> str:
    """A time to wait or one that passed: ``about 2 seconds``, ``about 42 hours``."""
    if seconds < 1:
        return "less than a second"
    if seconds < 100:
        return f"about {plural(round(seconds), 'second')}"
    if seconds < 100 * 60:
        return f"about {plural(round(seconds / 60), 'minute')}"
    hours = seconds / 3600
    return f"about {plural(round(hours), 'hour')}" if hours < 72 else f"about {plural(round(hours / 24), 'day')}"


def dollars(amount: float, digits: int = 2) -> str:
    """A sum for a place that reads Markdown: ``\\$0.42``; less than the last digit is ``less than a cent``."""
    if 0 < amount < 0.5 * 10**-digits:
        return "less than a cent" if digits == 2 else f"less than \\${10**-digits:.{digits}f}"
    return f"\\${amount:,.{digits}f}"


def plain(text: str) -> str:
    """Text of a file (a header, a name) for a place that reads Markdown: shown sign for sign."""
    return _escaped(text, "\\`*_{}[]<>#~$:|")


def plain_line(text: str) -> str:
    """``plain`` for a line of its own: nor is it a list, a heading's rule or a picture, whatever it begins with."""
    return " ".join(_escaped(text, "\\`*_{}[]()#+-.!|<>~$:^=").split())


def _escaped(text: str, signs: str) -> str:
    return "".join(f"\\{sign}" if sign in signs else sign for sign in text)


def show_error(error: Exception) -> None:
    """Say what is wrong and what to do. Of an unexpected error only its kind and place are logged: never its text,
    which may hold a lead.
    """
    if isinstance(error, RankerError):
        tell("page.refused", level="debug", code=error.code)
        st.error(error.message, icon=":material/error:")
        return
    tell_error("page.failed", error)
    st.error(
        "Something went wrong here that should not have. Nothing that was saved is lost: reload the page and try "
        "again. If it comes back, the log says where it happened (logs/ranker.log in the data folder).",
        icon=":material/error:",
    )


@contextmanager
def errors_shown() -> Iterator[None]:
    """Around work that may fail: the error is shown in its place and the rest of the page goes on."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 – shown in words, its kind and place logged
        show_error(error)


def go(page: str, **params: Any) -> NoReturn:
    """Open another page, such as ``go(RESULTS, run=3)``; ``None`` leaves a parameter out."""
    st.switch_page(_script(page), query_params=_texts(params))


def link(page: str, label: str, icon: str | None = None, **params: Any) -> None:
    """A link to another page, for what is not the one thing to do next."""
    st.page_link(_script(page), label=label, icon=icon, query_params=_texts(params))


def parameter(name: str) -> int | None:
    """A number in the address, such as ``?run=3``; None if it is not there or no number."""
    text = st.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def _script(page: str) -> str:
    """The router is the main script, and it stands in ``pages`` itself."""
    return page.removeprefix("pages/")


def _texts(params: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items() if value is not None}
