"""Two evaluations beside each other: the verdict, then companies by regression, the leads that moved, and the texts."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from pages import _ui
from pages._evaluate_one import said_of
from pages._evaluate_texts import draw_texts
from pages._evaluate_words import FIGURES, figure, signed, variant_of
from pages._paging import draw_paging
from ranker.evaluation.compare import Comparison, p_in_words
from ranker.evaluation.eval_rows import label_text
from ranker.evaluation.set_items import company_names, load_items
from ranker.evaluation.versus import Moved, compare_runs, moved_leads
from ranker.store.engine import Database
from ranker.store.evaluations import EvalLine

PAGE_ROWS = 50
_ROW, _MOST_HEIGHT = 98, 860
_ICONS = {"better": ":material/trending_up:", "worse": ":material/trending_down:"}


def draw_two(database: Database, candidate: EvalLine, base: EvalLine) -> None:
    """Whether the first is better than the second, how sure that is, and where."""
    found = _compared(database, [candidate], base)[candidate.run.id]
    with st.container(border=True, key="evaluate_two"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(
                f"**{_ui.plain(variant_of(candidate))}**{_live(candidate)}  \nagainst "
                f"**{_ui.plain(variant_of(base))}**{_live(base)}"
            )
            st.button("The other way round", icon=":material/swap_horiz:", type="tertiary", on_click=_swap,
                      key="evaluate_swap")  # fmt: skip
        draw_verdict(found)
        with st.expander("Every figure", icon=":material/table:"):
            _figures(found)
        st.subheader("Companies, the worst change first", anchor=False)
        _companies(database, candidate, found)
        st.subheader("Leads that moved", anchor=False)
        _moved(moved_leads(database, candidate.run.id, base.run.id))
        st.subheader("What differs between them", anchor=False)
        with _ui.errors_shown():
            draw_texts(database, candidate, base)


def draw_more(database: Database, candidates: list[EvalLine], base: EvalLine) -> None:
    """Each against one, with the chance of a wrong “better” held for all of them together."""
    compared = _compared(database, candidates, base)
    with st.container(border=True, key="evaluate_more"):
        st.markdown(f"Each against **{_ui.plain(variant_of(base))}**{_live(base)}")
        for one in candidates:
            st.markdown(f"**{_ui.plain(variant_of(one))}**")
            draw_verdict(compared[one.run.id])
        st.caption("p is adjusted for how many are compared (Holm): the more one tries, the more one looks better by "
                   "luck. Tick two to see where they differ.")  # fmt: skip


def _compared(database: Database, candidates: Sequence[EvalLine], base: EvalLine) -> Mapping[int, Comparison]:
    """``compare_runs`` once for the same figures, not at each click: it takes seconds with hundreds of companies."""
    kept = [(one.run.id, one.run.ended_at, json.dumps(one.figures, sort_keys=True)) for one in (*candidates, base)]
    with st.spinner("Comparing them company by company"):
        return _kept((str(database.engine.url), *kept), database, [one.run.id for one in candidates], base.run.id)


@st.cache_data(max_entries=20, show_spinner=False)
def _kept(key: tuple[object, ...], _database: Database, _candidates: list[int], _base: int) -> Mapping[int, Comparison]:
    return compare_runs(_database, _candidates, _base)


def draw_verdict(found: Comparison) -> None:
    """One sentence: better, worse, or not distinguishable and what these companies could show."""
    words = found.words.replace("pairs_f1", "the mean of pairs and f1", 1)
    said = f"**{words[:1].upper()}{_ui.plain(words[1:].partition(':')[0])}:**{_ui.plain(words.partition(':')[2])}."
    if found.outcome == "better":
        st.success(said, icon=_ICONS["better"])
    elif found.outcome == "worse":
        st.error(said, icon=_ICONS["worse"])
    else:
        st.info(said, icon=":material/drag_handle:")
        if abs(found.difference.interval.mean) > 1e-12:
            st.caption(f"The difference is {found.difference.interval.mean:+.3f} (95% interval "
                       f"{signed(found.difference.interval)}, {p_in_words(found.p)}): that may be luck.")  # fmt: skip


def _live(line: EvalLine) -> str:
    return " :green-badge[:material/check: In use]" if line.live else ""


def _swap() -> None:
    st.query_params["runs"] = ",".join(reversed(st.query_params.get("runs", "").split(",")))
    st.query_params.pop("moves", None)


def _figures(found: Comparison) -> None:
    every = {"pairs_f1": found.difference, **found.figures}
    rows = [
        {
            "Figure": title, "This": figure(one.candidate), "The other": figure(one.base),
            "Difference": f"{one.interval.mean:+.3f}", "95% sure": signed(one.interval), "p": p_in_words(one.p)[2:],
            "Companies": str(one.interval.companies),
        }
        for name, (title, _) in FIGURES.items()
        if (one := every.get(name)) is not None
    ]  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="evaluate_differences", height=35 * len(rows) + 38,
                 alt="Every figure of both, with the interval of the difference")  # fmt: skip
    st.caption("The verdict rests on the first line alone, which was chosen before anybody looked. The others are "
               "described, not judged: of fifteen figures one moves far by luck.")  # fmt: skip


def _companies(database: Database, line: EvalLine, found: Comparison) -> None:
    with database.session() as session:
        names = company_names(load_items(session, line.set_id))
    changed = [one for one in found.companies if abs(one.change) > 1e-12]
    same = len(found.companies) - len(changed)
    if changed:
        rows = [
            {"Company": names.get(one.company, one.company), "This": figure(one.candidate),
             "The other": figure(one.base), "Change": f"{'▼' if one.change < 0 else '▲'} {one.change:+.3f}"}
            for one in changed
        ]  # fmt: skip
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="evaluate_regressions",
                     alt="Companies by change, the worst first")  # fmt: skip
    where = _ui.plural(len(found.companies), "company", "companies")
    st.caption(f"Mean of pairs and f1. {_ui.number(same)} of {where} did not change.")


def _moved(moves: tuple[Moved, ...]) -> None:
    if not moves:
        st.caption("No lead moved: both say the same of everybody.")
        return
    worse, better = (sum(math.copysign(1, sign) * one.move.harm > 1e-9 for one in moves) for sign in (1, -1))
    st.caption(f"{_ui.plural(len(moves), 'lead')}: {_ui.number(worse)} for the worse, {_ui.number(better)} for the "
               "better. The most harmed first.")  # fmt: skip
    pages = -(-len(moves) // PAGE_ROWS)
    page = min(max(1, _ui.parameter("moves") or 1), pages)
    some = moves[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "Change": _harm(one.move.harm), "Job title": one.candidate.item.title or "(none)",
                    "Company": one.candidate.company, "You said": label_text(one.candidate.item.label),
                    "This says": said_of(one.candidate), "Why": one.candidate.judged.reason,
                    "The other says": said_of(one.base), "Why the other": one.base.judged.reason,
                }
                for one in some
            ]
        ),
        hide_index=True, key=f"evaluate_moves_{page}", row_height=_ROW, height=min(_MOST_HEIGHT, _ROW * len(some) + 40),
        column_config={
            name: st.column_config.TextColumn(width=width)
            for name, width in {"Change": 75, "Job title": 140, "Company": 100, "You said": 60, "This says": 90,
                                "Why": 210, "The other says": 90, "Why the other": 210}.items()
        },
        alt="Leads that moved, the most harmed first, with both reasons and the label",
    )  # fmt: skip
    draw_paging(page, pages, "evaluate_moves", parameter="moves")


def _harm(harm: float) -> str:
    if harm > 1e-9:
        return f"▼ {harm:.2f} worse"
    return f"▲ {-harm:.2f} better" if harm < -1e-9 else "as good"
