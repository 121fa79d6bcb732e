"""Results: whom to contact, why, and the file to take along."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages import _ui
from pages._results_export import draw_export
from pages._results_filters import draw_filters
from pages._results_lead import draw_lead
from pages._results_messages import write_label, write_to
from pages._results_outdated import draw_outdated
from pages._results_pictures import draw_pictures
from pages._results_state import PAGE_ROWS, VIEWS, View, bound, change, clear, read_view, say, turn
from pages._results_table import draw_companies, draw_members, draw_order, draw_paging, draw_people
from ranker.store import results
from ranker.store.engine import Database
from ranker.store.facets import facets
from ranker.store.overview import overview


def main() -> None:
    database = _ui.database()
    view = read_view()
    listed = results.page(
        database, view.filters, sort="company" if view.by_company else view.sort, descending=view.descending,
        offset=view.offset, limit=PAGE_ROWS,
    )  # fmt: skip
    if not listed.total:
        _first_visit(database)
        return
    if view.page > 1 and not listed.rows and not view.by_company:
        change(page=None)  # the result became shorter than this page
        st.rerun()
    _head(database, view, listed)
    say()
    draw_outdated(database)
    counts = facets(database, view.counted())
    unsure = replace(view.counted(), needs_review=True, reviewed=False)
    draw_filters(view, counts, results.page(database, unsure, limit=1).matching)
    _body(database, view, listed)


def _head(database: Database, view: View, listed: results.Page) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title("Results", anchor=False, width="content")
        st.markdown(f"**{_ui.number(listed.matching)} of {_ui.number(listed.total)}** leads", width="stretch")
        nobody = not view.picked and (view.status not in ("", "contact") or view.filters.suppressed is True)
        if st.button(
            write_label(view), icon=":material/edit_note:", key="results_write", disabled=nobody,
            help="Messages go only to those to contact." if nobody else None,
        ):  # fmt: skip
            _ui.go(_ui.OUTREACH, **write_to(view))
        if st.button("Export", type="primary", icon=":material/download:", key="results_export"):
            st.session_state["results_exporting"] = True
    if st.session_state.get("results_exporting"):
        dialog = st.dialog("Export", width="medium", icon=":material/download:", on_dismiss=_exported)
        dialog(draw_export)(database, view)


def _exported() -> None:
    for name in ("results_exporting", "results_outcome"):
        st.session_state.pop(name, None)


def _body(database: Database, view: View, listed: results.Page) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "Show", VIEWS, format_func=str.capitalize, required=True, **bound("view", view.shown, _other_view)
        )
        if view.shown != "pictures":
            draw_order(view)
    if view.shown == "pictures":
        draw_pictures(database, facets(database, view.filters))
        return
    beside = view.lead is not None or (view.by_company and view.opened is not None)
    with st.container(key="results_beside" if beside else "results_alone"):
        left, right = st.columns([3, 2], gap="medium") if beside else (st.container(), None)
    with left:
        if view.by_company:
            _companies(database, view)
        elif listed.rows:
            draw_people(listed.rows, view, narrow=beside)
            draw_paging(view, listed.matching, "People")
        else:
            _nothing()
    if right is not None:
        with right:
            members: tuple[int, ...] = ()
            if view.by_company and view.opened is not None:
                members = _company(database, view, view.opened)
            if view.lead is not None:
                draw_lead(database, view.lead, members or tuple(row.lead_id for row in listed.rows))


def _other_view(name: str) -> str:
    change(sort=None, way=None, open=None)  # the two views have orders of their own
    return name.replace("people", "")


def _companies(database: Database, view: View) -> None:
    found = results.companies(
        database, view.filters, sort=view.sort, descending=view.descending, offset=view.offset, limit=PAGE_ROWS
    )
    if not found.rows:
        if found.matching:
            change(page=None)
            st.rerun()
        _nothing()
        return
    st.caption(
        f"{_ui.plural(found.matching, 'company', 'companies')}, {_ui.number(found.without)} with nobody to contact. "
        "Click one to see its people."
    )
    draw_companies(found.rows, view)
    draw_paging(view, found.matching, "Companies")


def _company(database: Database, view: View, company_id: int) -> tuple[int, ...]:
    """The people of an open company; their numbers, in their order."""
    people = results.page(database, replace(view.filters, company_id=company_id), sort="rank", limit=200)
    name = people.rows[0].company if people.rows else "This company"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(name, anchor=False)
        st.button(
            "Close", icon=":material/close:", type="tertiary", key="results_close_company", on_click=turn,
            kwargs={"open": None, "lead": None},
        )  # fmt: skip
    if not people.rows:
        st.caption("Nobody here matches the filters.")
        return ()
    contact = sum(row.rank is not None for row in people.rows)
    st.caption(
        f"{_ui.number(contact)} of {_ui.plural(people.matching, 'person', 'people')} to contact"
        if contact
        else "Nobody to contact here."
    )
    draw_members(people.rows, view)
    return tuple(row.lead_id for row in people.rows)


def _nothing() -> None:
    st.info("Nobody matches these filters.", icon=":material/search_off:")
    st.button("Clear filters", key="results_clear_all", on_click=clear)


def _first_visit(database: Database) -> None:
    st.title("Results", anchor=False)
    counted = overview(database)
    if counted.leads:
        st.markdown(
            f"{_ui.plural(counted.leads, 'lead')} are here, and none is ranked yet. Rank them to see whom to contact."
        )
        if st.button("Rank them", type="primary", icon=":material/sort:"):
            _ui.go(_ui.RANK)
    else:
        st.markdown("There are no leads yet. Import some, rank them, and this page says whom to contact and why.")
        if st.button("Import leads", type="primary", icon=":material/upload_file:"):
            _ui.go(_ui.IMPORT)


with _ui.errors_shown():
    main()
