"""The tables: a person a row or a company a row; a click on a heading sorts all of it, one on a cell opens the row."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages import _ui
from pages._flags import flag_name
from pages._results_state import FALLING, MOST_PICKED, PAGE_ROWS, View, bound, change
from ranker.store.results import CompanyRow, ResultRow

PEOPLE = {
    "rank": "Rank", "name": "Name", "title": "Title", "company": "Company", "score": "Score", "why": "Why",
    "flags": "Flags", "size": "Size", "status": "Status", "department_fit": "Team fit", "seniority_fit": "Level fit",
    "confidence": "Sure", "exported": "Exported",
}  # fmt: skip
NARROW = ("rank", "name", "title", "company", "score")
COMPANIES = {"company": "Company", "size": "Size", "leads": "People", "to_contact": "To contact", "best": "Best score"}
_ORDERS = {
    "company": "Company, then rank", "rank": "Rank", "score": "Score", "name": "Name", "title": "Title",
    "size": "Company size", "status": "Status", "department_fit": "Team fit", "seniority_fit": "Level fit",
    "confidence": "How sure", "exported": "Exported",
}  # fmt: skip
_GROUP_ORDERS = {
    "company": "Company", "to_contact": "People to contact", "best": "Best score", "leads": "People",
    "size": "Company size",
}  # fmt: skip
_WIDE = {"rank": 55, "name": 125, "title": 220, "company": 145, "score": 100, "why": 400, "size": 90}
_CLOSE = {"rank": 50, "name": 90, "title": 140, "company": 120, "score": 90, "best": 90}
_ROW, _MOST_HEIGHT, _OPEN_HEIGHT = 35, 640, 260


def status_text(row: ResultRow) -> str:
    """What is to be done with a person, in a word and a sign."""
    if row.suppressed:
        return "⛔ Do not contact"
    plain = {
        "ranked": "✓ To contact",
        "not_relevant": "– Not contacted",
        "not_judged": "? Could not be judged",
        "rejected": "? No company",
    }[row.status]
    return f"{plain} (by a person)" if row.review else plain


def draw_people(rows: Sequence[ResultRow], view: View, *, narrow: bool) -> None:
    """A page of people. Ticks pick people for an export and are kept from page to page."""
    ids = [row.lead_id for row in rows]
    picked = set(view.picked)
    ticked = [at for at, lead in enumerate(ids) if lead in picked]
    key = _key("people", view, (*ids, *(row.rank for row in rows)))
    _table(key, _people(rows), PEOPLE, view, ids, NARROW if narrow else tuple(PEOPLE), ticked, "People, a page of them")


def draw_members(rows: Sequence[ResultRow], view: View) -> None:
    """The people of an open company, in the order of their rank."""
    ids = [row.lead_id for row in rows]
    shown = ("rank", "name", "title", "score", "status", "why")
    _table(_key("members", view, ids), _people(rows), PEOPLE, view, ids, shown, None, "The people of this company")


def draw_companies(rows: Sequence[CompanyRow], view: View) -> None:
    """A page of companies, those with nobody to contact among them."""
    frame = pd.DataFrame(
        {
            "company": [row.company for row in rows],
            "size": [row.size for row in rows],
            "leads": [row.leads for row in rows],
            "to_contact": [str(row.to_contact) if row.to_contact else "nobody" for row in rows],
            "best": [row.best for row in rows],
        }
    )
    ids = [row.company_id for row in rows]
    _table(_key("companies", view, ids), frame, COMPANIES, view, ids, tuple(COMPANIES), None, "Companies")


def draw_order(view: View) -> None:
    """The order of the whole result, for keyboards and small screens; headings do the same on a click."""
    names = _GROUP_ORDERS if view.by_company else _ORDERS
    st.selectbox("Sort by", list(names), format_func=names.__getitem__, width=190, **bound("sort", view.sort, _natural))
    st.segmented_control(
        "Order",
        ["up", "down"],
        format_func=_directions(view.sort).__getitem__,
        required=True,
        **bound("way", "down" if view.descending else "up"),
    )


def _directions(sort: str) -> dict[str, str]:
    if sort in {"company", "name", "title", "status"}:
        return {"up": "↑ A to Z", "down": "↓ Z to A"}
    if sort == "exported":
        return {"up": "↑ Oldest first", "down": "↓ Newest first"}
    return {"up": "↑ Lowest first", "down": "↓ Highest first"}


def draw_paging(view: View, matching: int, many: str) -> None:
    """Where the page stands in the whole, and the way to the others."""
    pages = max(1, -(-matching // PAGE_ROWS))
    first = view.offset + 1
    last = min(matching, view.offset + PAGE_ROWS)
    with st.container(horizontal=True, vertical_alignment="center"):
        if pages > 1 or view.page > 1:
            _turn(view, pages)
        if first <= matching:
            st.caption(f"{many} {_ui.number(first)}–{_ui.number(last)} of {_ui.number(matching)}")
        if view.picked:
            st.caption(f"**{_ui.number(len(view.picked))} picked by hand**")
            st.button("Unpick all", type="tertiary", on_click=change, kwargs={"pick": None})


def _turn(view: View, pages: int) -> None:
    st.button(
        "Previous page", icon=":material/chevron_left:", disabled=view.page <= 1, on_click=change,
        kwargs={"page": (min(view.page, pages + 1) - 1 if view.page > 2 else None)},
    )  # fmt: skip
    st.button(
        "Next page", icon=":material/chevron_right:", icon_position="right", disabled=view.page >= pages,
        on_click=change, kwargs={"page": view.page + 1},
    )  # fmt: skip


def _people(rows: Sequence[ResultRow]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rank": pd.array([row.rank for row in rows], dtype="Int64"),
            "name": [row.name or "(no name)" for row in rows],
            "title": [row.title for row in rows],
            "company": [row.company for row in rows],
            "size": [row.size for row in rows],
            "score": [row.score for row in rows],
            "why": [row.reasoning for row in rows],
            "flags": [", ".join(flag_name(flag) for flag in row.flags) for row in rows],
            "status": [status_text(row) for row in rows],
            "department_fit": [row.department_fit for row in rows],
            "seniority_fit": [row.seniority_fit for row in rows],
            "confidence": [row.confidence for row in rows],
            "exported": [row.exported_at[:10] for row in rows],
        }
    )


def _key(table: str, view: View, ids: Sequence[Any]) -> str:
    """A table of other rows is another widget: a tick must never pass to the row that took another's place."""
    shown = repr((table, ids, view.sort, view.descending, st.session_state.get("results_turn", 0)))
    return f"results_{table}_{hashlib.sha256(shown.encode()).hexdigest()[:12]}"


def _table(
    key: str,
    frame: pd.DataFrame,
    labels: dict[str, str],
    view: View,
    ids: Sequence[int],
    shown: tuple[str, ...],
    ticked: Sequence[int] | None,
    alt: str,
) -> None:
    modes = (
        ["single-cell", "single-column"] if key.startswith(("results_people", "results_companies")) else ["single-cell"]
    )
    if ticked is not None:
        modes.append("multi-row")
        if key not in st.session_state:
            cells = [(ids.index(view.lead), shown[1])] if view.lead in ids else []
            st.session_state[key] = {"selection": {"rows": list(ticked), "columns": [], "cells": cells}}

    def selected() -> None:
        chosen = st.session_state[key]["selection"]
        if chosen["columns"]:
            _sort_by(chosen["columns"][0], view)
            return
        if ticked is not None and sorted(chosen["rows"]) != list(ticked):
            now = {ids[at] for at in chosen["rows"] if at < len(ids)}
            kept = [lead for lead in view.picked if lead not in set(ids) or lead in now]
            more = [lead for lead in ids if lead in now and lead not in set(kept)]
            change(pick=",".join(map(str, [*kept, *more][:MOST_PICKED])))
            if len(kept) + len(more) > MOST_PICKED:
                st.session_state["results_said"] = (
                    f"{MOST_PICKED} people can be picked by hand; the others were not added. Filters hold any number."
                )
        if chosen["cells"]:
            at = chosen["cells"][0][0]
            if at < len(ids):
                change(**{"open" if key.startswith("results_companies") else "lead": ids[at]})

    arrow = " ↓" if view.descending else " ↑"
    config: dict[str, Any] = {
        name: st.column_config.Column(label + (arrow if name == view.sort else "")) for name, label in labels.items()
    }
    for name in ("score", "best"):
        if name in labels:
            config[name] = st.column_config.ProgressColumn(
                labels[name] + (arrow if name == view.sort else ""),
                min_value=0,
                max_value=100,
                format="%.1f",
            )
    wide = len(shown) > 6
    for name, width in (_WIDE if wide else _CLOSE).items():
        if name in labels:
            config[name]["width"] = width
    for name in ("department_fit", "seniority_fit", "confidence"):
        if name in labels:
            config[name] = st.column_config.NumberColumn(config[name]["label"], format="percent")
    st.dataframe(
        frame,
        key=key,
        hide_index=True,
        column_order=shown,
        column_config=config,
        on_select=selected,
        selection_mode=modes,
        height=min(
            _OPEN_HEIGHT if key.startswith("results_members") and view.lead else _MOST_HEIGHT,
            _ROW * (len(frame) + 1) + 3,
        ),
        row_height=_ROW,
        placeholder="",
        alt=alt,
    )


def _sort_by(column: str, view: View) -> None:
    """A heading sorts by itself, the best first where there is a best; a second click turns the order."""
    names = _GROUP_ORDERS if view.by_company else _ORDERS
    st.session_state["results_turn"] = st.session_state.get("results_turn", 0) + 1  # takes the mark off the heading
    if column not in names:
        return
    down = not view.descending if column == view.sort else column in FALLING
    change(sort=column, way="down" if down else "up")


def _natural(column: str) -> str:
    change(way=None)  # each order has a direction of its own to begin with
    return column
