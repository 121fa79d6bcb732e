"""Rank: who, for which persona, how; what that means; one button; and then how far it is."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages import _rank_cost, _rank_run, _ui
from pages._rank_how import choose_how
from pages._rank_start import begin, sentence, usual_persona
from ranker.personas.catalog import PersonaSummary, list_personas
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store.home_queries import company_names, find_companies
from ranker.store.imports import ImportSummary, list_imports
from ranker.store.overview import Overview, overview
from ranker.store.run_queries import active_runs, get_run

MOST_IMPORTS = 10


def choose_who(figures: Overview, imports: list[ImportSummary]) -> Selection | None:
    """The import just made, else those that are new, else all."""
    by_id = {one.id: one for one in imports}
    options: list[str | int] = ["changed", "all", "companies", *by_id]
    names: dict[str, Callable[[], str]] = {
        "changed": lambda: f"New or changed since their last verdict: {_ui.plural(figures.unranked, 'lead')}",
        "all": lambda: f"Everyone: {_ui.plural(figures.leads, 'lead')}",
        "companies": lambda: "Some companies: choose them",
    }

    def told(option: str | int) -> str:
        if isinstance(option, str):
            return names[option]()
        one = by_id[option]
        return f"{one.file_name}: {_ui.plural(one.row_count, 'row')}, {_ui.ago(one.done_at)}"

    if not figures.unranked:
        options.remove("changed")
    wanted: str | int | None = _ui.parameter("batch") or _ui.parameter("import") or st.query_params.get("who")
    at = options.index(wanted) if wanted in options else 0
    key = f"who-{wanted}"

    def write() -> None:
        for name in ("batch", "import", "who"):
            st.query_params.pop(name, None)
        chosen = st.session_state[key]
        st.query_params["who" if isinstance(chosen, str) else "import"] = str(chosen)

    who = st.selectbox("Who", options, index=at, format_func=told, key=key, on_change=write)
    if who == "companies":
        return _companies()
    if isinstance(who, int):
        return Selection("import", (who,))
    return Selection("all") if who == "all" else Selection("changed")


def _companies() -> Selection | None:
    """Companies found by their name; those in the address (``companies=3,14``) are chosen already."""
    given = [int(part) for part in st.query_params.get("companies", "").split(",") if part.isdecimal()][:300]
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    search = left.text_input("Find a company", placeholder="A part of its name or web address")
    kept = {int(number) for number in st.session_state.get("companies-chosen", given)}
    names = find_companies(_ui.database(), search) | company_names(_ui.database(), sorted(kept))
    chosen = right.multiselect(
        "Companies", list(names), default=[one for one in given if one in names],
        format_func=lambda one: names.get(one, "?"), key="companies-chosen", placeholder="Choose from those found",
        on_change=_write_companies,
    )  # fmt: skip
    return Selection("companies", tuple(chosen)) if chosen else None


def _write_companies() -> None:
    st.query_params["companies"] = ",".join(map(str, st.session_state["companies-chosen"][:300]))


def choose_persona(personas: list[PersonaSummary]) -> PersonaSummary:
    """The one in the address (``persona=2``), else the one that is usual."""
    wanted = _ui.parameter("persona")
    key = f"persona-{wanted}"

    def write() -> None:
        st.query_params["persona"] = str(st.session_state[key].id)

    return st.selectbox(
        "For which persona", personas, index=usual_persona(personas, wanted), key=key, on_change=write,
        format_func=lambda one: one.name + (f" (version {one.live_version})" if one.versions > 1 else ""),
    )  # fmt: skip


def form() -> None:
    database = _ui.database()
    figures = overview(database)
    if not figures.leads:
        st.markdown("There are no leads to rank yet.")
        if st.button("Import leads", type="primary", icon=":material/upload_file:"):
            _ui.go(_ui.IMPORT)
        return
    imports = [one for one in list_imports(database, limit=50) if one.state == "done"][:MOST_IMPORTS]
    selection = choose_who(figures, imports)
    persona = choose_persona(list_personas(database))
    how = choose_how()
    if selection is None:
        st.info("Choose at least one company.", icon=":material/domain:")
        return
    plan = rank_run.plan(database, selection, persona.live_version_id)
    if not plan.leads:
        st.info("Nobody is left to rank here: choose others.", icon=":material/check:")
        return
    label, choice = f"Rank {_ui.plural(plan.leads, 'lead')}", None
    if how is None:
        st.markdown(sentence(plan))
    else:
        from ranker.scoring.llm.variants import ModelChoice  # the client behind it takes a second to load

        choice = ModelChoice(how.strategy, how.settings)
        found = _rank_cost.estimated(selection, persona.live_version_id, choice)
        cost = _rank_cost.cost_words(found)
        st.markdown(sentence(plan, seconds=plan.seconds + found.plan.seconds, cost=cost))
        _rank_cost.draw_estimate(found, how.settings.max_usd)
        if _rank_cost.refused(choice):
            return
        label += f" ({_rank_cost.button_words(found, how.settings.max_usd)})"
    if st.button(label, type="primary", icon=":material/sort:", key="rank_start"):
        st.query_params.from_dict({"run": str(begin(selection, persona, choice))})
        st.rerun()


def page() -> None:
    st.title("Rank", anchor=False)
    with _ui.errors_shown():
        run_id = _ui.parameter("run")
        if run_id is None and not st.query_params.keys() & {"batch", "import", "who", "persona", "how"}:
            running = active_runs(_ui.database(), rank_run.KIND)
            if running:  # the address keeps it, so that its end is seen here, too, and not an empty form
                run_id = running[0].id
                st.query_params["run"] = str(run_id)
        if run_id is None:
            form()
            return
        run = get_run(_ui.database(), run_id)
        if run.kind == rank_run.KIND:
            if run.active:
                st.session_state["followed"] = run_id
                _rank_run.following(run_id)
            elif st.session_state.get("followed") == run_id and run.state == "done" and _rank_run.opens_results(run):
                _rank_run.open_results(run)
            else:
                _rank_run.ended(run)
            return
        st.info("This run is no ranking.", icon=":material/info:")
    if st.button("Choose whom to rank", icon=":material/sort:"):
        _ui.go(_ui.RANK)


page()
