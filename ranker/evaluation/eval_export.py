"""An evaluation as two CSV files: a row for each labelled lead, and a row for each company with all figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from ranker.evaluation.answers import Answer, answers_of
from ranker.evaluation.eval_rows import label_text
from ranker.evaluation.evaluate import COUNTS, FIGURES
from ranker.evaluation.figures import Figures
from ranker.evaluation.set_items import company_names, load_items
from ranker.export.csv_file import safe_cell
from ranker.store.engine import Database
from ranker.store.evaluations import companies_of, get_evaluation

LEAD_COLUMNS = (
    "source_id", "company", "domain", "size", "industry", "title", "label", "verdict", "rank", "score", "confidence",
    "mistake", "wrong", "needs_review", "flags", "reason",
)  # fmt: skip
VERDICTS = {True: "contact", False: "not", None: "not judged"}


def leads_csv(database: Database, run_id: int) -> bytes:
    """One row a labelled lead, in the order of the set, with its label and what was said of it.

    ``wrong`` is 0 to 2 (``ranker.evaluation.answers.Answer``). UTF-8 with a byte order mark; no cell runs as a formula.
    Raises ``UsageError`` if there is no such evaluation.
    """
    line = get_evaluation(database, run_id)
    return _csv(LEAD_COLUMNS, (_lead(one) for one in answers_of(database, run_id, line.set_id)))


def figures_csv(database: Database, run_id: int) -> bytes:
    """One row a company, then the mean over companies, the limits of its 95% interval, and what doing nothing scores.

    A figure that is not defined somewhere is blank there. Form and errors are those of ``leads_csv``.
    """
    line = get_evaluation(database, run_id)
    found, companies = Figures.from_json(line.figures), companies_of(database, run_id)
    with database.session() as session:
        names = company_names(load_items(session, line.set_id))
    means = ("pairs_f1", *FIGURES)
    rows = [
        [names.get(key, key), *(_number(figures.get(name)) for name in COUNTS), "",
         *(_number(figures.get(name)) for name in FIGURES)]
        for key, figures in companies.items()
    ]  # fmt: skip
    totals = [str(sum(int(figures[name] or 0) for figures in companies.values())) for name in COUNTS]
    blank = [""] * len(COUNTS)
    rows.append([f"mean of {len(companies)} companies", *totals, *(_number(found.macro.get(name)) for name in means)])
    for title, side in (("95% from", "low"), ("95% to", "high")):
        limits = [getattr(found.intervals[name], side) if name in found.intervals else None for name in means]
        rows.append([title, *blank, *map(_number, limits)])
    rows.append(["do nothing", *blank, *(_number(found.nothing.get(name)) for name in means)])
    return _csv(("company", *COUNTS, *means), rows)


def _lead(one: Answer) -> list[str]:
    item, said = one.item, one.judged.prediction
    return [
        item.source_id, one.company, item.domain, item.size, item.industry, item.title, label_text(item.label),
        VERDICTS[said.qualified], "" if said.rank is None else str(said.rank),
        "" if said.score is None else f"{said.score:.1f}", "" if one.confidence is None else f"{one.confidence:.2f}",
        one.mistake, f"{one.wrong:.3f}", "yes" if one.needs_review else "no", " ".join(one.flags), one.judged.reason,
    ]  # fmt: skip


def _number(value: float | int | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.4f}"


def _csv(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")
