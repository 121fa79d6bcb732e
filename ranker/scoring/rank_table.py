"""Rank a table of leads: judge each row, then assign the ranks of each company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ranker.export.csv_file import safe_cell
from ranker.ingest.reader import Row, Table
from ranker.scoring.assessment import Assessment, Inputs
from ranker.scoring.ranks import assign_ranks, company_key
from ranker.scoring.rules import RulesEngine

#: What the ranking adds to a row, in order.
COLUMNS = (
    "status", "qualified", "score", "rank", "confidence", "department_fit", "seniority_fit", "needs_review",
    "flags", "reasoning",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RankedTable:
    """The verdicts on a table's rows, in the rows' order; ``companies`` are keys, "" for a rejected lead."""

    assessments: tuple[Assessment, ...]
    ranks: tuple[int | None, ...]
    companies: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Leads by status, and companies with and without anybody to contact. Leads add up to the rows."""
        status = Counter(assessment.status for assessment in self.assessments)
        surfaced = {key for key, rank in zip(self.companies, self.ranks, strict=True) if rank is not None}
        known = set(self.companies) - {""}
        return {
            "leads": len(self.assessments),
            "ranked": status["ranked"],
            "not_relevant": status["not_relevant"],
            "not_judged": status["not_judged"],
            "rejected": status["rejected"],
            "needs_review": sum(assessment.needs_review for assessment in self.assessments),
            "companies": len(known),
            "companies_with": len(surfaced),
            "companies_without": len(known - surfaced),
        }


def inputs_of(cells: tuple[str, ...], columns: Mapping[str, int]) -> Inputs:
    """What is judged of a row: title, company, size and domain, "" where the file has no such column."""

    def cell(field: str) -> str:
        at = columns.get(field)
        return cells[at].strip() if at is not None else ""

    return Inputs(cell("title"), cell("company"), cell("size"), cell("domain"))


def rank_table(
    table: Table, columns: Mapping[str, int], engine: RulesEngine, progress: Callable[[int], None] | None = None
) -> RankedTable:
    """Judge every row and rank every company. ``columns`` maps fields to places; ``progress`` gets rows done.

    A company without a domain in its row is the one of that name that has a domain elsewhere in the file,
    if there is just one such.
    """
    assessments: list[Assessment] = []
    pairs: list[tuple[str, str]] = []
    for done, row in enumerate(table.rows(), start=1):
        inputs = inputs_of(row.cells, columns)
        assessments.append(engine.assess(inputs))
        pairs.append((inputs.company, inputs.domain))
        if progress is not None and done % 5_000 == 0:
            progress(done)
    return ranked_table(assessments, company_keys(pairs))


def company_keys(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The key of each lead's company from its name and domain; a name without a domain takes the one domain of it."""
    shared: dict[tuple[str, str], tuple[str, str]] = {}
    domains: dict[str, set[str]] = {}
    places: list[tuple[str, str]] = []
    for pair in pairs:
        keys = shared.get(pair)
        if keys is None:
            keys = shared[pair] = (company_key(*pair), company_key(pair[0], ""))
            if keys[0] != keys[1]:
                domains.setdefault(keys[1], set()).add(keys[0])
        places.append(keys)

    def key_of(place: tuple[str, str]) -> str:
        key, name = place
        hosts = domains.get(name, ())
        return next(iter(hosts)) if key == name and len(hosts) == 1 else key

    return [key_of(place) for place in places]


def ranked_table(assessments: Sequence[Assessment], companies: Sequence[str]) -> RankedTable:
    """Verdicts with the ranks that follow from their scores; ``companies`` has the key of each lead's company."""
    scores = [assessment.score if assessment.status == "ranked" else None for assessment in assessments]
    return RankedTable(tuple(assessments), tuple(assign_ranks(companies, scores)), tuple(companies))


def output_headers(headers: tuple[str, ...]) -> tuple[str, ...]:
    """The input's headers and ours; ours with the prefix ``ranker_`` where the input has that header."""
    taken = {header.strip().casefold() for header in headers}
    ours = []
    for name in COLUMNS:
        while name in taken:
            name = f"ranker_{name}"
        ours.append(name)
        taken.add(name)
    return (*headers, *ours)


def output_cells(assessment: Assessment, rank: int | None) -> tuple[str, ...]:
    """The cells under ``COLUMNS``: blank where nothing is known, true and false in lower case."""

    def number(value: float | None, digits: int) -> str:
        return "" if value is None else f"{value:.{digits}f}"

    return (
        assessment.status,
        "" if assessment.qualified is None else str(assessment.qualified).lower(),
        number(assessment.score, 1),
        "" if rank is None else str(rank),
        number(assessment.confidence, 2),
        number(assessment.department_fit, 2),
        number(assessment.seniority_fit, 2),
        str(assessment.needs_review).lower(),
        " ".join(assessment.flags),
        safe_cell(assessment.reasoning),
    )


def output_rows(rows: Iterator[Row], ranked: RankedTable, most: int | None, extra: bool) -> Iterator[tuple[str, ...]]:
    """The rows to write, in input order: all, or those to contact with a rank up to ``most``.

    ``extra``: with a cell for what a row had beyond its headers.
    """
    written: dict[tuple[int, int | None], tuple[str, ...]] = {}
    for row, assessment, rank in zip(rows, ranked.assessments, ranked.ranks, strict=True):
        if most is not None and (rank is None or rank > most):
            continue
        key = (id(assessment), rank)  # the engine shares equal assessments, and the table keeps them alive
        cells = written.get(key)
        if cells is None:
            cells = written[key] = output_cells(assessment, rank)
        yield (*row.cells, row.extra, *cells) if extra else (*row.cells, *cells)
