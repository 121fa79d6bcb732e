"""What a labelled set holds, before anything is measured with it: its companies, and where it contradicts itself or
the persona. A label that is wrong costs more than a variant can gain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages import _ui
from pages._rank_start import usual_persona
from ranker.evaluation.look import LabelledCompany
from ranker.evaluation.set_list import get_set
from ranker.evaluation.set_look import Looked, look_at
from ranker.personas.catalog import PersonaText, list_personas, live_version
from ranker.store.engine import Database

_PAGE = 500
_MOST_RANKS = 40
_WIDTHS = {"Job title": 190, "Label": 95, "Sure": 110, "Ranks": 200, "Why": 380}


def show_labels(database: Database, set_id: int) -> None:
    """A closed line that opens to the three tables; nothing is computed while it is closed."""
    opened = st.expander(
        "Look at the labels: companies, gaps, ties, contradictions", icon=":material/search:",
        key=f"evaluate_look-{set_id}", on_change="rerun",
    )  # fmt: skip
    if not opened.open:
        return
    with opened, _ui.errors_shown():
        _draw(database, set_id)


def _draw(database: Database, set_id: int) -> None:
    one = get_set(database, set_id)
    personas = list_personas(database)
    at = st.selectbox(
        "Beside which persona, as it is in use", range(len(personas)), index=usual_persona(personas),
        format_func=lambda place: personas[place].name, key="evaluate_look_persona",
    )  # fmt: skip
    persona = live_version(database, personas[at].id)
    counts = (one.leads, one.saved_at, one.ranked)
    with st.spinner("Looking at the labels"):
        looked = _looked((str(database.engine.url), set_id, persona.id, counts), database, set_id, persona)
    found = looked.found
    gaps, ties = (sum(bool(getattr(company, name)) for company in found.companies) for name in ("gaps", "ties"))
    names = {
        "companies": _ui.plural(len(found.companies), "company", "companies"),
        "contradictions": _ui.plural(len(found.contradictions), "contradiction"),
        "persona": f"{_ui.plural(len(found.disagreements), 'label')} against the persona",
    }
    kind = st.segmented_control(
        "Show", list(names), default="companies", format_func=names.__getitem__, key="evaluate_look_kind", required=True
    )
    if kind == "companies":
        st.caption(
            f"{_ui.plural(gaps, 'company has', 'companies have')} a gap in the ranks (a number that nobody has), "
            f"{_ui.plural(ties, 'company has', 'companies have')} ties (leads that share a rank). Neither is wrong: "
            "leads that share a rank are not compared with each other."
        )
        _table([_company(company) for company in found.companies], "Companies with their labels")
    elif kind == "contradictions":
        st.caption(
            "Leads alike in job title and company size, labelled differently. Whoever sees no more than these can't be "
            "right about all of them. Correct the label where it was a slip, in the file, and upload it again."
        )
        _table([row for place, _ in enumerate(found.contradictions, 1) for row in _contradiction(looked, place)],
               "Leads alike that are labelled differently")  # fmt: skip
    else:
        st.caption(
            f"What a person said against what {_ui.plain(persona.name)}, version {persona.version}, says by rules. "
            "Where the label is right, mend the persona or the reading of the title; where it is not, mend the label."
            + (f" {_ui.plural(found.not_judged, 'lead')} could not be judged." if found.not_judged else "")
        )
        _table(_disagreements(looked), "Labels against the persona")


@st.cache_resource(max_entries=4, ttl=600, show_spinner=False)  # a look at 100,000 leads takes seconds
def _looked(key: tuple[Any, ...], _database: Database, set_id: int, _persona: PersonaText) -> Looked:
    return look_at(_database, set_id, _persona)


def _company(company: LabelledCompany) -> dict[str, object]:
    return {
        "Company": company.name,
        "Leads": company.leads,
        "Relevant": len(company.ranks),
        "Not relevant": company.not_relevant,
        "Ranks": _numbers(company.ranks),
        "Gaps": _numbers(company.gaps),
        "Ties": ", ".join(f"{leads} at rank {rank}" for rank, leads in company.ties[:_MOST_RANKS]),
    }


def _contradiction(looked: Looked, place: int) -> list[dict[str, object]]:
    one = looked.found.contradictions[place - 1]
    why = "Relevant here, not relevant there" if one.across else "Two ranks at one company"
    rows = []
    for key, label in one.labels:
        item = looked.items[key]
        rows.append(
            {
                "Group": place, "Job title": one.title, "Size": one.size, "Label": _label(label),
                "Company": item.company, "Row or number": item.source_id, "What": why,
            }
        )  # fmt: skip
    return rows


def _disagreements(looked: Looked) -> list[dict[str, object]]:
    return [
        {
            "Company": one.company, "Job title": one.title, "Size": looked.items[one.source_id].size,
            "Label": _label(one.label), "Persona says": "relevant" if one.qualified else "not relevant",
            "Sure": "yes" if one.sure else "asks for a look", "Why": one.reason,
            "Row or number": looked.items[one.source_id].source_id,
        }
        for one in looked.found.disagreements
    ]  # fmt: skip


def _table(rows: Sequence[dict[str, object]], alt: str) -> None:
    """Rows, a page of them at a time."""
    if not rows:
        st.success("None.", icon=":material/check_circle:")
        return
    pages = -(-len(rows) // _PAGE)
    place = st.container()
    page = st.pagination(pages, key=f"evaluate_look_page-{alt}-{pages}") if pages > 1 else 1
    shown = rows[(page - 1) * _PAGE : page * _PAGE]
    place.dataframe(
        shown,
        hide_index=True,
        height="content" if len(shown) < 10 else 420,
        column_config={name: st.column_config.TextColumn(width=width) for name, width in _WIDTHS.items()},
        alt=alt,
    )


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:_MOST_RANKS])) + (" …" if len(numbers) > _MOST_RANKS else "")


def _label(label: float) -> str:
    return "not relevant" if label == math.inf else f"rank {label:.0f}"
