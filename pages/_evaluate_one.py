"""One evaluation: every figure with its interval, the companies, the worst mistakes, and a picture."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages import _ui
from pages._evaluate_again import draw_repeat
from pages._evaluate_live import draw_live
from pages._evaluate_steady import draw_steady
from pages._evaluate_words import FIGURES, between, cost_of, figure, text_colour, variant_of
from pages._paging import draw_paging
from ranker.evaluation.answers import FAILED_PLACE, PLACES, Answer, answers_of, mistakes, places
from ranker.evaluation.eval_export import figures_csv, leads_csv
from ranker.evaluation.eval_rows import label_text
from ranker.evaluation.figures import Figures
from ranker.evaluation.set_items import company_names, load_items
from ranker.store.engine import Database
from ranker.store.evaluations import EvalLine, companies_of

PAGE_ROWS = 50
_ROW, _MOST_HEIGHT = 98, 860
_VERDICTS = {True: "contact", False: "not", None: "not judged"}


def draw_one(database: Database, line: EvalLine) -> None:
    """What an evaluation found, in four tabs, and what can be done with it."""
    found = Figures.from_json(line.figures)
    with st.container(border=True, key="evaluate_one"):
        st.subheader(_ui.plain(variant_of(line)), anchor=False)
        answers = answers_of(database, line.run.id, line.set_id)
        _head(line, found, answers)
        with st.container(horizontal=True):
            _downloads(database, line)
            draw_repeat(database, line)
        draw_steady(database, line)
        figures, companies, wrong, picture, live = st.tabs(
            ["Figures", "Companies", f"Mistakes {_ui.number(len(mistakes(answers)))}", "Picture", "Put to use"]
        )
        with figures:
            _figures(found)
        with companies:
            _companies(database, line)
        with wrong:
            _mistakes(answers)
        with picture:
            _picture(answers)
        with live, _ui.errors_shown():
            draw_live(database, line)


def _head(line: EvalLine, found: Figures, answers: tuple[Answer, ...]) -> None:
    told = [f"{_ui.plural(found.leads, 'labelled lead')}", f"{_ui.number(found.failed)} failed"]
    if found.unjudged:
        told.append(f"{_ui.number(found.unjudged)} with nothing to judge by, such as no job title")
    told += [_ui.plain(cost_of(line)), f"{_ui.ago(line.run.ended_at)}{_ui.by(line.run.who)}"]
    st.caption(" · ".join(told))
    if found.failed:
        from ranker.scoring.llm.assess import reason_of  # what these import takes a second to load
        from ranker.scoring.llm.report import words_of

        reasons = Counter(reason for one in answers if (reason := reason_of(one.flags)) is not None)
        listed = "\n".join(f"- {_ui.number(count)}: {_ui.plain(words_of(one))}" for one, count in reasons.most_common())
        st.warning(
            f"{_ui.plural(found.failed, 'lead')} without a verdict, because a call failed. That is no “no”: each "
            f"counts as the worst place in every figure.\n\n{listed}",
            icon=":material/sync_problem:",
        )


def _downloads(database: Database, line: EvalLine) -> None:
    run_id = line.run.id
    for label, make, name in (
        ("Leads as CSV", leads_csv, "leads"), ("Figures as CSV", figures_csv, "figures"),
    ):  # fmt: skip
        st.download_button(
            label, lambda make=make: make(database, run_id), file_name=f"evaluation-{run_id}-{name}.csv",
            mime="text/csv", icon=":material/download:", on_click="ignore", key=f"evaluate_csv_{name}",
        )  # fmt: skip


def _figures(found: Figures) -> None:
    rows = [
        {
            "Figure": title, "Mean": figure(found.macro[name]), "95% sure": between(found.intervals.get(name)),
            "Doing nothing": figure(found.nothing.get(name)),
            "Companies": str(found.intervals[name].companies) if name in found.intervals else "–", "What it says": said,
        }
        for name, (title, said) in FIGURES.items()
        if name in found.macro
    ]  # fmt: skip
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, key="evaluate_figures", height=35 * len(rows) + 38,
        column_config={
            name: st.column_config.TextColumn(width=width)
            for name, width in {"Figure": 170, "Mean": 60, "95% sure": 100, "Doing nothing": 95, "Companies": 80,
                                "What it says": 340}.items()
        },
        alt="Every figure with its 95% interval, and what doing nothing scores",
    )  # fmt: skip
    st.caption("Means over companies, each counting once, where the figure is defined.")


def _companies(database: Database, line: EvalLine) -> None:
    with database.session() as session:
        names = company_names(load_items(session, line.set_id))
    kept = companies_of(database, line.run.id)
    shown = ("pairs", "f1", "precision", "recall", "p_at_3", "ndcg_5", "tau_b", "mae")
    rows = [
        {"Company": names.get(key, key), "Leads": one["leads"], "You contact": one["labelled"],
         "It contacts": one["said"], **{FIGURES[name][0]: figure(one[name]) for name in shown}}
        for key, one in sorted(kept.items(), key=lambda pair: _worst(pair[1]))
    ]  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="evaluate_companies", alt="Figures of each company")
    st.caption("The lowest first. A dash: not defined there, which the labels alone decide.")


def _worst(one: dict[str, float | int | None]) -> tuple[float, float]:
    found = [value for name in ("pairs", "f1") if (value := one[name]) is not None]
    return (sum(found) / len(found) if found else 2.0), -float(one["leads"] or 0)


def _mistakes(answers: tuple[Answer, ...]) -> None:
    wrong = mistakes(answers)
    if not wrong:
        st.success("No verdict is against a label, and nobody is in the wrong place.", icon=":material/check_circle:")
        return
    pages = -(-len(wrong) // PAGE_ROWS)
    page = min(max(1, _ui.parameter("page") or 1), pages)
    some = wrong[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    st.caption("The most harmful first: a wrong verdict, and behind it how many of the company's pairs it turns round.")
    st.dataframe(
        pd.DataFrame(
            [
                {
                    "Job title": one.item.title or "(none)", "Company": one.company, "Size": one.item.size,
                    "You said": label_text(one.item.label), "It said": said_of(one), "What is wrong": one.mistake,
                    "Why it said so": one.judged.reason,
                }
                for one in some
            ]
        ),
        hide_index=True, key=f"evaluate_mistakes_{page}", row_height=_ROW,
        height=min(_MOST_HEIGHT, _ROW * len(some) + 40),
        column_config={
            name: st.column_config.TextColumn(width=width)
            for name, width in {"Job title": 170, "Company": 120, "Size": 75, "You said": 60, "It said": 100,
                                "What is wrong": 110, "Why it said so": 330}.items()
        },
        alt="Labelled leads that were judged against their label, the most harmful first, with both reasons",
    )  # fmt: skip
    draw_paging(page, pages, "evaluate_mistakes")


def said_of(one: Answer) -> str:
    """``rank 2 (87.5)``, ``not (12.0)``, ``not judged``."""
    said = one.judged.prediction
    score = "" if said.score is None else f" ({said.score:.1f})"
    return f"rank {said.rank}{score}" if said.rank is not None else f"{_VERDICTS[said.qualified]}{score}"


def _picture(answers: tuple[Answer, ...]) -> None:
    """Labels across, answers up; the diagonal is agreement."""
    counts = places(answers)
    said = [*PLACES, *([FAILED_PLACE] if any(one[1] == FAILED_PLACE for one in counts) else [])]
    grid = [[counts.get((label, answer), 0) for label in PLACES] for answer in said]
    columns = [sum(row[at] for row in grid) for at in range(len(PLACES))]
    shares = [[row[at] / columns[at] if columns[at] else 0 for at in range(len(PLACES))] for row in grid]
    cells = [(label, answer) for answer in said for label in PLACES if counts.get((label, answer))]
    drawn = go.Figure(
        [
            go.Heatmap(
                z=shares, x=list(PLACES), y=said, colorscale=[[0, "rgba(31,111,235,0)"], [1, "rgba(31,111,235,.5)"]],
                showscale=False, xgap=2, ygap=2, hoverinfo="skip",
            ),
            # Numbers of their own, in the theme's colour: those of a heatmap vanish in the dark.
            go.Scatter(
                x=[label for label, _ in cells], y=[answer for _, answer in cells], mode="text", showlegend=False,
                textfont_color=text_colour(),
                text=[_ui.number(counts[cell]) for cell in cells],
                hovertemplate="you: %{x}, it: %{y}, %{text} leads<extra></extra>",
            ),
        ]
    )  # fmt: skip
    drawn.update_layout(
        height=380, margin={"l": 10, "r": 10, "t": 10, "b": 10},
        xaxis={"title": "Your label (rank)", "type": "category", "range": [-0.5, len(PLACES) - 0.5]},
        yaxis={
            "title": "What it said (rank)", "type": "category", "range": [len(said) - 0.5, -0.5], "showgrid": False,
        },
    )  # fmt: skip
    alike = sum(counts.get((one, one), 0) for one in PLACES)
    added = sum(count for (label, answer), count in counts.items() if label == PLACES[-1] != answer)
    alt = (
        f"Your labels across, its answers down, as numbers of leads: {_ui.number(alike)} of "
        f"{_ui.number(len(answers))} are in the same place; of those that you would not contact, "
        f"{_ui.number(added)} are elsewhere."
    )
    st.plotly_chart(drawn, config={"displayModeBar": False}, alt=alt, key="evaluate_places")
    st.caption(f"{alt} The stronger the colour, the larger the share of the leads with that label.")
