"""Results: what SQL gives is what plain Python over the same rows would give."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from sqlalchemy import text

from ranker.errors import UsageError
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.scoring.assessment import Assessment
from ranker.store import bulk, facets, results
from ranker.store.filters import Filters
from ranker.store.fold import fold
from tests.store.by_hand import rank_by_hand
from tests.store.databases import KINDS, fresh

TITLES = ("Vertriebsleiter", "Head of Sales", "Directeur général", "Nurse 100%", "sales_ops manager")
SIZES = ("1-10", "51-200", "201-500", "10,001+", "")
STATUSES = ("ranked", "not_relevant", "not_judged")


@pytest.fixture(scope="module", params=KINDS)
def many(request, tmp_path_factory):
    """A database with the 150 leads, for all tests that only read."""
    with fresh(request.param, tmp_path_factory.mktemp("many")) as database:
        yield filled(database)


def filled(database):
    """150 leads at 30 companies with random verdicts, made with a fixed seed."""
    dice = random.Random(7)
    lines = ["Company,Website,Employees,Person,Job title"]
    for n in range(150):
        company = dice.randrange(30)
        name = ("Ünal", "alpha", "Zeta")[company % 3]
        lines.append(f'{name} {company},c{company}.example,"{SIZES[company % 5]}",Lead {n:04d},{dice.choice(TITLES)}')
    staged = stage_file(database, "leads.csv", "\n".join(lines).encode())
    commit(database, staged.id)

    def verdict(_title):
        status = dice.choice(STATUSES)
        score = None if status == "not_judged" else dice.choice((0.0, 55.5, 80.0, 99.9))
        flags = tuple(dice.sample(("former", "board", "former_intern"), dice.randrange(3)))
        return Assessment(
            status, {"ranked": True, "not_relevant": False}.get(status), score, score and score / 100,
            score and 0.5, dice.choice((0.2, 0.9)), "why", flags, dice.random() < 0.3,
        )  # fmt: skip

    rank_by_hand(database, verdict)
    with database.write() as session:
        bulk.many(session, "UPDATE current_assessment SET exported_at='2026-01-01' WHERE lead_id % 5 = ?", [(0,)])
        bulk.many(session, "UPDATE current_assessment SET suppressed=1 WHERE lead_id % 7 = ?", [(0,)])
    return database


def everything(database):
    return list(results.page(database, limit=1000).rows)


def low(row):
    return {"1-10": 1, "51-200": 51, "201-500": 201, "10,001+": 10001}.get(row.size)


WANTED = {
    "nothing": (Filters(), lambda r: True),
    "search in title": (Filters(search="GENERAL direct"), lambda r: "général" in r.title),
    "search by name": (Filters(search="lead 001"), lambda r: "001" in r.name),
    "search in company": (Filters(search="unal"), lambda r: "Ünal" in r.company),
    "search for a sign of LIKE": (Filters(search="100%"), lambda r: "%" in r.title),
    "search for another": (Filters(search="sales_ops"), lambda r: "_" in r.title),
    "company": (Filters(company="ALPHA"), lambda r: "alpha" in r.company),
    "size": (Filters(sizes=((51, 200), (1000, None))), lambda r: low(r) in {51, 10001}),
    "size unknown": (Filters(size_unknown=True), lambda r: r.size == ""),
    "status": (Filters(statuses=("ranked", "not_judged")), lambda r: r.status != "not_relevant"),
    "rank": (Filters(rank_to=1), lambda r: r.rank == 1),
    "score": (Filters(score_from=55.5, score_to=80), lambda r: r.score in {55.5, 80.0}),
    "fit": (Filters(department_from=0.6, seniority_from=0.1), lambda r: (r.department_fit or 0) >= 0.6),
    "flag": (Filters(flag="former"), lambda r: "former" in r.flags),
    "needs review": (Filters(needs_review=True), lambda r: r.needs_review),
    "not suppressed": (Filters(suppressed=False), lambda r: not r.suppressed),
    "exported": (Filters(exported=True), lambda r: r.exported_at != ""),
    "two at once": (
        Filters(search="sales", needs_review=False),
        lambda r: "sales" in r.title.lower() and not r.needs_review,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WANTED)
def test_a_filter_keeps_what_it_says_and_counts_it(many, name):
    filters, keeps = WANTED[name]
    rows = everything(many)
    wanted = {row.lead_id for row in rows if keeps(row)}
    assert 0 < len(wanted) < len(rows) or name == "nothing"
    found = results.page(many, filters, limit=1000)
    assert {row.lead_id for row in found.rows} == wanted
    assert (found.matching, found.total) == (len(wanted), len(rows))


KEYS = {
    "rank": lambda r: r.rank,
    "name": lambda r: fold(r.name),
    "title": lambda r: fold(r.title),
    "company": lambda r: fold(r.company),
    "size": low,
    "score": lambda r: r.score,
    "status": lambda r: r.status,
    "department_fit": lambda r: r.department_fit,
    "seniority_fit": lambda r: r.seniority_fit,
    "confidence": lambda r: r.confidence,
    "exported": lambda r: r.exported_at,
}


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", results.SORTS)
def test_sorting_orders_the_whole_result_with_the_unknown_last(many, sort, descending):
    values = [KEYS[sort](row) for row in results.page(many, sort=sort, descending=descending, limit=1000).rows]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=descending)
    assert values[: len(known)] == known


def test_pages_follow_each_other_without_gap_or_overlap(many):
    whole = [row.lead_id for row in results.page(many, sort="score", limit=1000).rows]
    pages = [results.page(many, sort="score", offset=at, limit=40).rows for at in range(0, 200, 40)]
    assert [row.lead_id for page in pages for row in page] == whole
    assert len(set(whole)) == 150


def test_leads_sorted_by_company_come_in_the_order_of_their_rank(many):
    rows = results.page(many, Filters(rank_to=1000), sort="company", limit=1000).rows
    for before, after in pairwise(rows):
        if before.company == after.company:
            assert before.rank <= after.rank


@pytest.mark.parametrize("filters", [Filters(), Filters(statuses=("ranked",)), Filters(search="nurse")])
@pytest.mark.parametrize("sort", results.GROUP_SORTS)
def test_companies_are_grouped_and_those_with_nobody_are_there(many, filters, sort):
    rows = results.page(many, filters, limit=1000).rows
    groups: dict[int, list] = {}
    for row in rows:
        groups.setdefault(row.company_id, []).append(row)
    found = results.companies(many, filters, sort=sort, descending=True, limit=1000)
    assert {row.company_id: (row.leads, row.to_contact) for row in found.rows} == {
        company: (len(leads), sum(lead.rank is not None for lead in leads)) for company, leads in groups.items()
    }
    assert (found.matching, found.without) == (len(groups), sum(row.to_contact == 0 for row in found.rows))
    beyond = results.companies(many, filters, sort=sort, offset=999)
    assert (beyond.rows, beyond.matching, beyond.without) == ((), found.matching, found.without)


def test_facets_count_the_rows_of_the_page(many):
    rows = everything(many)
    found = facets.facets(many)
    assert found.statuses == {s: sum(r.status == s for r in rows) for s in STATUSES}
    assert found.flags["former"] == sum("former" in row.flags for row in rows)
    assert sum(found.sizes.values()) == len(rows)
    assert sum(found.to_contact_by_size.values()) == sum(row.rank is not None for row in rows)
    assert found.scores[55] == sum(row.score == 55.5 for row in rows)
    assert (found.needs_review, found.suppressed, found.exported) == (
        sum(r.needs_review for r in rows), sum(r.suppressed for r in rows), sum(r.exported_at != "" for r in rows),
    )  # fmt: skip


def test_another_sort_is_refused(many):
    with pytest.raises(UsageError, match="score"):
        results.page(many, sort="name_sort; DROP TABLE lead")
    with pytest.raises(UsageError, match="to_contact"):
        results.companies(many, sort="x")


def test_a_verdict_on_inputs_that_changed_since_is_stale(database):
    many = filled(database)
    lead = results.page(many, limit=1).rows[0]
    assert not lead.stale
    with many.write() as session:
        session.connection().execute(text("UPDATE lead SET input_hash='x' WHERE id=:id"), {"id": lead.lead_id})
    assert results.page(many, limit=1).rows[0] == replace(lead, stale=True)
