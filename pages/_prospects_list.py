"""The table of prospects: search, pills with counts, headings that sort all of it, and a click that opens one."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd
import streamlit as st

from pages import _clicks, _ui
from pages._paging import draw_paging
from pages._prospects_words import ORIGINS, STANDINGS, origin_of, standing_of, when
from ranker.outreach.prospect_list import SORTS, ProspectFilters, ProspectPage, ProspectRow, page_prospects
from ranker.store.engine import Database

PAGE_ROWS = 50
_COLUMNS = {
    "name": "Name", "standing": "State", "title": "Title", "company": "Company", "sequences": "Sequences",
    "origin": "Newest by", "approved": "Approved", "written": "Last written",
}  # fmt: skip
_WIDTHS = {
    "name": 125, "standing": 115, "title": 215, "company": 150, "sequences": 85, "origin": 120, "approved": 125,
    "written": 105,
}  # fmt: skip
_FALLING = frozenset({"sequences", "approved", "written"})
"""Orders that begin with the highest unless they are turned."""
_DIRECTIONS = {
    "sequences": {"up": "↑ Fewest first", "down": "↓ Most first"},
    **{key: {"up": "↑ Oldest first", "down": "↓ Newest first"} for key in ("approved", "written")},
}
_ROW, _MOST_HEIGHT = 35, 640


def draw_list(database: Database) -> bool:
    """The list; False where nothing was written to anybody yet."""
    filters = _filters()
    sort = st.query_params.get("sort", "")
    sort = sort if sort in SORTS else "written"
    falling = {"down": True, "up": False}.get(st.query_params.get("way", ""), sort in _FALLING)
    page = max(1, _ui.parameter("page") or 1)
    found = page_prospects(
        database, filters, sort=sort, descending=falling, offset=(page - 1) * PAGE_ROWS, limit=PAGE_ROWS
    )
    if not found.total:
        return False
    if page > 1 and not found.rows:
        _change(page=None)
        st.rerun()
    st.markdown(f"**{_ui.number(found.matching)} of {_ui.plural(found.total, 'prospect')}**")
    _bar(filters, found, sort, falling=falling)
    if not found.rows:
        st.info("No prospect matches.", icon=":material/search_off:")
        st.button("Clear filters", key="prospects_clear", on_click=_clear)
        return True
    st.caption("Click one to see all that was written to them; a heading sorts.")
    _table(found.rows, sort, falling=falling)
    draw_paging(page, -(-found.matching // PAGE_ROWS), "prospects", told=f", {_ui.plural(found.matching, 'prospect')}")
    return True


def _filters() -> ProspectFilters:
    get = st.query_params.get
    standing, origin = get("state", ""), get("by", "")
    return ProspectFilters(get("q", ""), standing if standing in STANDINGS else "", origin if origin in ORIGINS else "")


def _bar(filters: ProspectFilters, found: ProspectPage, sort: str, *, falling: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Search", placeholder="Name, title, company or profile", icon=":material/search:", width=300,
            **_bound("q", filters.search),
        )  # fmt: skip
        st.selectbox(
            "Sort by", list(_COLUMNS), format_func=_COLUMNS.__getitem__, width=170, **_bound("sort", sort, also="way")
        )
        names = _DIRECTIONS.get(sort, {"up": "↑ A to Z", "down": "↓ Z to A"})
        st.segmented_control(
            "Order", list(names), format_func=names.__getitem__, required=True,
            **_bound("way", "down" if falling else "up"),
        )  # fmt: skip
        if filters != ProspectFilters():
            st.button("Clear filters", key="prospects_clear", icon=":material/filter_alt_off:", on_click=_clear)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.pills(
            "State",
            [
                name
                for name in STANDINGS
                if found.standings[name] or name in ("to_approve", "approved", filters.standing)
            ],
            format_func=lambda name: f"{STANDINGS[name]} {_ui.number(found.standings[name])}",
            **_bound("state", filters.standing or None),
        )
        st.pills("Newest by", list(ORIGINS), format_func=ORIGINS.__getitem__, **_bound("by", filters.origin or None))


def _table(rows: tuple[ProspectRow, ...], sort: str, *, falling: bool) -> None:
    ids = [row.id for row in rows]
    shown = repr((ids, sort, falling, st.session_state.get("prospects_turn", 0)))
    key = f"prospects_{hashlib.sha256(shown.encode()).hexdigest()[:12]}"

    def selected() -> None:
        chosen = st.session_state[key]["selection"]
        st.session_state["prospects_turn"] = st.session_state.get("prospects_turn", 0) + 1  # takes the mark off again
        if chosen["columns"]:
            column = chosen["columns"][0]
            down = not falling if column == sort else column in _FALLING
            _change(sort=column, way="down" if down else "up")
        elif chosen["cells"] and chosen["cells"][0][0] < len(ids):
            st.query_params["prospect"] = str(ids[chosen["cells"][0][0]])

    arrow = " ↓" if falling else " ↑"
    st.dataframe(
        _frame(rows),
        hide_index=True,
        column_order=tuple(_COLUMNS),
        key=key,
        on_select=selected,
        selection_mode=["single-cell", "single-column"],
        column_config={
            name: st.column_config.Column(label + (arrow if name == sort else ""), width=_WIDTHS[name])
            for name, label in _COLUMNS.items()
        },
        height=min(_MOST_HEIGHT, _ROW * (len(rows) + 1) + 3),
        row_height=_ROW,
        alt="Prospects, a page of them",
    )


def _frame(rows: tuple[ProspectRow, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": [_named(row) for row in rows],
            "title": [row.title for row in rows],
            "company": [row.company for row in rows],
            "sequences": [row.sequences for row in rows],
            "standing": [standing_of(row.standing) for row in rows],
            "origin": [origin_of(row.origin, edited=row.edited) for row in rows],
            "approved": [f"No. {row.approved}, {_ui.ago(row.approved_at)}" if row.approved else "–" for row in rows],
            "written": [when(row.written) for row in rows],
        }
    )


def _named(row: ProspectRow) -> str:
    if row.lead_id is None:
        return row.profile_url or "(only a number)"
    return f"{'⛔ ' if row.suppressed else ''}{row.name or '(no name)'}"


def _bound(name: str, value: Any, also: str = "") -> dict[str, Any]:
    """``key`` and ``on_change`` for a widget that shows a value of the address; ``also`` is taken out with it."""
    more = {also: None} if also else {}
    return _clicks.bound(f"prospects_{name}", value, lambda shown: _change(**({name: shown} | more)))


def _change(**params: Any) -> None:
    """Write to the address; blank takes a parameter out, and all begins again at page 1."""
    _clicks.change(**({"page": None} | params))


def _clear() -> None:
    _change(q=None, state=None, by=None)
