"""Start an optimization: what may change, on which labels, how far; what that means before anything begins."""

from __future__ import annotations

import streamlit as st

from pages import _optimize_model, _ui
from pages._optimize_list import open_runs
from pages._rank_how import choose_how
from ranker.errors import UsageError
from ranker.evaluation.set_list import SetLine
from ranker.evaluation.set_sample import add_sample_set
from ranker.optimizer import optimize_run
from ranker.optimizer.optimization_list import OptimizationLine, get_optimization
from ranker.optimizer.optimization_plan import plan
from ranker.optimizer.settings import Settings
from ranker.personas.catalog import PersonaText, list_personas, list_versions
from ranker.store.engine import Database
from ranker.who import who


def draw_first_visit(database: Database) -> None:
    """Nothing can be searched without labels: how to come by them."""
    st.markdown(
        "It takes labelled leads: some where a person said who is to be contacted, and in which order. Every text is "
        "tried on them."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Upload labelled leads", type="primary", icon=":material/upload_file:", key="optimize_upload"):
            _ui.go(_ui.EVALUATE)
        if st.button("Try it with the labelled sample", icon=":material/science:", key="optimize_sample"):
            with _ui.errors_shown():
                found = add_sample_set(database, who())
                st.query_params["set"] = str(found.id)
                st.rerun()


def draw_start(database: Database, sets: list[SetLine]) -> None:
    """The form and its one button."""
    like = _like(database)
    left, right = st.columns(2)
    with left:
        chosen = _choose_set(sets, like)
    with right:
        version = _choose_version(database, like)
    how = choose_how(alone=True)
    asked = None if how is None else _optimize_model.choose_model(database, how, like)
    settings = _how_far(like)
    if settings is None or version is None:
        return
    found = plan(database, chosen.id, settings)
    label = "Optimize, free"
    if found.split is not None:
        if asked is None:
            st.markdown(
                f"At most {_ui.number(found.texts)} texts, each judged by rules on "
                f"{_ui.plural(found.leads, 'labelled lead')}: {_ui.duration(found.seconds)}, free, and nothing leaves "
                "this computer."
            )
        elif not found.why_not:
            if _optimize_model.refused(asked):
                return
            cost = _optimize_model.estimated(database, chosen.id, version.id, asked, settings, found.split)
            _optimize_model.draw_estimate(cost, asked)
            label = f"Optimize ({_optimize_model.button_words(cost, asked)})"
        st.caption(f"{_ui.plain(found.split.words)} {_ui.plain(found.shows)}")
    if found.why_not:
        st.warning(_ui.plain(found.why_not), icon=":material/group_off:")
        _ui.link(_ui.EVALUATE, "Label more leads", ":material/label:", set=chosen.id)
        return
    if st.button(label, type="primary", icon=":material/trending_up:", key="optimize_start"):
        open_runs(_begin(database, chosen.id, version.id, settings, asked))
        st.rerun()


def _begin(
    database: Database, set_id: int, version_id: int, settings: Settings, asked: _optimize_model.Asked | None
) -> int:
    if asked is None:
        return optimize_run.start(database, set_id, version_id, settings=settings, who=who())
    return optimize_run.start(
        database, set_id, version_id, slot=asked.slot, template_version_id=asked.template_version_id,
        settings=settings, model=asked.choice, max_calls=asked.max_calls, who=who(),
    )  # fmt: skip


def _like(database: Database) -> OptimizationLine | None:
    """The optimization in the address (``like=4``) whose choices are taken over."""
    wanted = _ui.parameter("like")
    try:
        return None if wanted is None else get_optimization(database, wanted)
    except UsageError:
        return None


def _choose_set(sets: list[SetLine], like: OptimizationLine | None) -> SetLine:
    wanted = _ui.parameter("set") or (like.set_id if like else None)
    at = next((at for at, one in enumerate(sets) if one.id == wanted), 0)
    return st.selectbox(
        "On which labelled leads", sets, index=at, key=f"optimize_set-{wanted}-{len(sets)}",
        format_func=lambda one: f"{one.name}: {_ui.plural(one.leads, 'lead')} at "
        f"{_ui.plural(one.companies, 'company', 'companies')}",
    )  # fmt: skip


def _choose_version(database: Database, like: OptimizationLine | None) -> PersonaText | None:
    known = {one.id: one for persona in list_personas(database) for one in list_versions(database, persona.id)}
    ordered = sorted(known.values(), key=lambda one: (not one.live, one.name, -one.version))
    if not ordered:
        return None
    wanted = _ui.parameter("version") or (like.persona_version_id if like else None)
    at = next((at for at, one in enumerate(ordered) if one.id == wanted), 0)
    return st.selectbox(
        "Which persona", ordered, index=at, key=f"optimize_version-{wanted}-{len(ordered)}",
        format_func=lambda one: f"{one.name}, version {one.version}{' (in use)' if one.live else ''}",
        help="The search starts from this version. Nothing is in use before you say so.",
    )  # fmt: skip


def _how_far(like: OptimizationLine | None) -> Settings | None:
    usual = like.settings if like else Settings()
    with st.expander("How far it searches", icon=":material/tune:"):
        columns = st.columns(4)
        generations = columns[0].number_input(
            "Generations", 1, 20, usual.generations, key="optimize_generations", help="How many rounds of changes."
        )
        variants = columns[1].number_input(
            "Texts a generation", 1, 40, usual.variants, key="optimize_variants", help="New texts tried in each round."
        )
        beam = columns[2].number_input(
            "Beam", 1, 20, usual.beam, key="optimize_beam", help="How many of the best go on to the next round."
        )
        folds = columns[3].number_input(
            "Checks", 0, 10, usual.folds, key="optimize_folds",
            help="Further searches that each leave a part of the companies out and are judged by it. 0 for none.",
        )  # fmt: skip
    try:
        return Settings(int(generations), int(variants), int(beam), folds=int(folds), seed=usual.seed)
    except UsageError as error:
        _ui.show_error(error)
        return None
