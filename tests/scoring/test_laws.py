"""Laws of judging and ranking."""

from __future__ import annotations

import csv
import io
import random
import re
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ranker.ingest.mapping import guess_mapping
from ranker.ingest.reader import read_table
from ranker.scoring.assessment import Assessment, Inputs
from ranker.scoring.rank_table import rank_table
from ranker.scoring.ranks import assign_ranks, top
from tests.scoring.personas import TEXT, engine

ENGINE = engine()
TITLES = [
    "Co-Founder", "CEO", "President", "VP of Sales", "VP Sales Development", "Sales Director", "Director Comercial",
    "Sales Manager", "SDR", "Account Executive", "CFO", "CTO & Co-Founder", "CMO", "VP Marketing", "Head of RevOps",
    "Head of Sales", "Head of Quibbling", "Marketing Manager", "Software Engineer", "Designer", "Olantic", "Sales",
    "Founder & CEO | Investor", "Sales Consultant", "Owner", "Director", "Chief Revenue Officer", "HR Manager",
    "VP of Sales at Otherfirm", "Retired", "Revenue Operations Manager", "Managing Director", "Leiter Vertrieb",
]  # fmt: skip
SIZES = ["2-10", "11-50", "51-200", "201-500", "501-1000", "10001+", ""]
leads = st.lists(
    st.builds(
        Inputs, st.sampled_from(TITLES), st.sampled_from(["Lumen", "Beta", "Gamma GmbH"]), st.sampled_from(SIZES)
    ),
    min_size=1, max_size=25,
)  # fmt: skip


def table_of(rows: list[Inputs]) -> tuple[list[Assessment], list[int | None]]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Company", "Job Title", "Company Size"])
    writer.writerows([row.company, row.title, row.size] for row in rows)
    table = read_table(out.getvalue().encode())
    ranked = rank_table(table, guess_mapping(table.headers).columns, ENGINE)
    return list(ranked.assessments), list(ranked.ranks)


@settings(max_examples=40)
@given(leads, st.randoms())
def test_shuffled_rows_give_the_same_verdicts_and_ranks(rows: list[Inputs], rng: random.Random) -> None:
    order = list(range(len(rows)))
    rng.shuffle(order)
    verdicts, ranks = table_of(rows)
    shuffled, places = table_of([rows[at] for at in order])
    assert [verdicts[at] for at in order] == shuffled
    assert [ranks[at] for at in order] == places


@settings(max_examples=40)
@given(leads, leads)
def test_a_verdict_does_not_depend_on_company_mates(rows: list[Inputs], mates: list[Inputs]) -> None:
    alone, _ = table_of(rows)
    together, _ = table_of([*mates, *rows])
    assert together[len(mates) :] == alone


@given(leads)
def test_every_lead_has_one_status_and_bounds_hold(rows: list[Inputs]) -> None:
    for row in rows:
        found = ENGINE.assess(row)
        assert (found.status == "ranked") == bool(found.qualified)
        assert found.score is not None
        assert 0 <= found.score <= 100
        assert (found.score >= 60) == bool(found.qualified)
        assert 0 <= found.confidence <= 1
        assert found.reasoning.count(". ") <= 3


@given(st.lists(st.tuples(st.sampled_from("abc"), st.one_of(st.none(), st.integers(0, 5))), max_size=30))
def test_ranks_are_competition_ranks(rows: list[tuple[str, int | None]]) -> None:
    ranks = assign_ranks([company for company, _ in rows], [None if s is None else float(s) for _, s in rows])
    for (company, score), rank in zip(rows, ranks, strict=True):
        better = sum(c == company and s is not None and score is not None and s > score for c, s in rows)
        assert rank == (None if score is None else better + 1)


def test_a_top_takes_in_the_ties() -> None:
    ranks = assign_ranks(["a"] * 4, [9.0, 8.0, 8.0, 7.0])
    assert ranks == [1, 2, 2, 4]
    assert top(ranks, 2) == [True, True, True, False]


def plain(found: Assessment) -> tuple[object, ...]:
    """The assessment without line numbers and variant, which move when a line goes."""
    return (found.status, found.score, found.department_fit, found.seniority_fit, found.reasoning, found.basis)


def content_lines(text: str) -> list[int]:
    """The numbers of table rows and list items: lines that say something of their own."""
    lines = text.splitlines()
    out = []
    for at, line in enumerate(lines, start=1):
        is_row = line.startswith("|") and not re.match(r"^\|[\s:|-]+\|$", line)
        follows_head = at < len(lines) and re.match(r"^\|[\s:|-]+\|$", lines[at])
        if (is_row and not follows_head) or line.startswith(("- ", "* ", "**")):
            out.append(at)
    return out


def without(text: str, line: int) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[: line - 1] + lines[line:])


def check_deletions(text: str, lines: list[int]) -> int:
    """Delete each line in turn; the verdicts that rest on it change, and no other. Returns how many changed."""
    whole = engine(text)
    inputs = [Inputs(title, "Lumen", size) for title in TITLES for size in SIZES if size]
    before = [whole.assess(row) for row in inputs]
    changed = 0
    for line in lines:
        less = engine(without(text, line))
        for row, old in zip(inputs, before, strict=True):
            new = less.assess(row)
            if line in old.lines:
                assert plain(new) != plain(old), f"line {line} had no say in {row}: {old.reasoning}"
                changed += 1
            else:
                assert plain(new) == plain(old), f"line {line} changed {row}: {old.reasoning} → {new.reasoning}"
    return changed


def test_deleting_a_line_changes_exactly_the_verdicts_that_rest_on_it() -> None:
    assert check_deletions(TEXT, content_lines(TEXT)) > 100


def test_deleting_a_line_of_the_shipped_personas_changes_what_rests_on_it() -> None:
    folder = Path(__file__).parents[2] / "prompts" / "personas"
    for path in sorted(folder.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        # A line that names a size bracket decides on which others count at all; the rest stand for themselves.
        brackets = {bracket.place.line for bracket in engine(text).persona.brackets}
        assert check_deletions(text, [line for line in content_lines(text) if line not in brackets][::5]) > 20


def test_ranks_never_skip_backwards() -> None:
    ranks = [rank for rank in assign_ranks(["a"] * 5, [5.0, 5.0, 4.0, 4.0, 1.0]) if rank]
    assert all(a <= b for a, b in pairwise(ranks))
