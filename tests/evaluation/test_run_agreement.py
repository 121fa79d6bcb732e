"""How far two runs agree: counted from hand-made verdicts, each figure worked out by hand; on every database."""

from __future__ import annotations

import itertools
import random

import pytest
from sqlalchemy import text

from ranker.evaluation.run_agreement import Agreement, agreement
from ranker.store.compare_runs import count_moves, list_moves
from tests.store.databases import KINDS, fresh

SAID = {
    "yes": ("ranked", "ranked", "[]"),
    "held": ("ranked", "held", "[]"),
    "no": ("not_relevant", "judged", "[]"),
    "failed": ("not_judged", "read", '["call_failed", "call_refused"]'),
    "blank": ("not_judged", "read", '["title_missing"]'),
}


@pytest.fixture(scope="module", params=KINDS)
def store(request, tmp_path_factory):
    with fresh(request.param, tmp_path_factory.mktemp("agree")) as opened:
        yield opened


@pytest.fixture
def database(store):
    with store.write() as session:
        for table in ("run", "lead", "company"):
            session.connection().execute(text(f"DELETE FROM {table}"))
    return store


def two_runs(database, leads):
    """``leads``: (company, what the first said, its rank, what the second said, its rank); None is not in that run."""
    with database.write() as session:
        run = session.connection().execute
        for company in sorted({lead[0] for lead in leads}):
            run(text("INSERT INTO company (id, key) VALUES (:id, :key)"), {"id": company, "key": f"c{company}"})
        for number in (1, 2):
            run(text("INSERT INTO run (id, kind, state) VALUES (:id, 'rank', 'done')"), {"id": number})
        for at, (company, *_) in enumerate(leads, start=1):
            run(
                text("INSERT INTO lead (id, dedup_key, company_id) VALUES (:id, :key, :company)"),
                {"id": at, "key": f"l{at}", "company": company},
            )
        rows = [
            dict(
                zip(
                    ("run", "lead", "company", "rank", "status", "stage", "flags"),
                    (number, at, lead[0], rank, *SAID[said]),
                    strict=True,
                )
            )
            for at, lead in enumerate(leads, start=1)
            for number, said, rank in ((1, *lead[1:3]), (2, *lead[3:5]))
            if said is not None
        ]
        run(
            text(
                "INSERT INTO assessment (run_id, lead_id, company_id, rank, status, stage, flags) "
                "VALUES (:run, :lead, :company, :rank, :status, :stage, :flags)"
            ),
            rows,
        )
    return agreement(database, 1, 2)


def test_shares_chance_and_kappa_are_those_worked_out_by_hand(database):
    # Cohen's own table of two choosers: 20 both, 5 only the first, 10 only the second, 15 neither.
    found = two_runs(
        database,
        [(1, "yes", None, "yes", None)] * 20
        + [(1, "yes", None, "no", None)] * 5
        + [(1, "no", None, "yes", None)] * 10
        + [(1, "no", None, "no", None)] * 15,
    )
    assert (found.both, found.only_first, found.only_second, found.neither) == (20, 5, 10, 15)
    assert found.share == pytest.approx(0.7)
    assert found.chance == pytest.approx(0.5)
    assert found.kappa == pytest.approx(0.4)


def test_a_failed_call_is_no_verdict_and_is_counted_apart(database):
    found = two_runs(
        database,
        [
            (1, "yes", 1, "yes", 1),
            (1, "no", None, "failed", None),
            (1, "failed", None, "yes", 2),
            (2, "failed", None, "failed", None),
            (2, "blank", None, "blank", None),
            (2, "no", None, "no", None),
            (2, "no", None, None, None),
        ],
    )
    assert (found.failed_first, found.failed_second, found.failed_both, found.unjudged) == (1, 1, 1, 1)
    assert (found.judged, found.share) == (2, 1.0)
    moves = count_moves(database, 1, 2)
    assert moves.counts == {
        "in": 0, "out": 0, "moved": 0, "told": 0, "same": 3, "failed": 3, "gone": 1, "fresh": 0,
    }  # fmt: skip
    assert sum(moves.counts.values()) == moves.old == 7
    assert [(move.cause, move.why) for move in list_moves(database, 1, 2, "failed")] == [
        ("failed", "The first run could not judge this lead, because a call failed. That is no verdict."),
        ("failed", "The second run could not judge this lead, because a call failed. That is no verdict."),
        ("failed", "Both runs could not judge this lead, because a call failed. That is no verdict."),
    ]


def test_whoever_is_on_the_do_not_contact_list_counts_by_the_verdict_and_has_no_place_in_the_order(database):
    found = two_runs(database, [(1, "held", None, "yes", 1), (1, "yes", 1, "yes", 2)])
    assert (found.both, found.tau, found.companies) == (2, None, 0)


def test_the_order_is_taken_company_by_company(database):
    found = two_runs(
        database,
        [
            *((1, "yes", a, "yes", b) for a, b in ((1, 1), (2, 2), (3, 3))),  # the same: 1
            *((2, "yes", a, "yes", b) for a, b in ((1, 7), (2, 3))),  # reversed: -1
            *((3, "yes", a, "yes", b) for a, b in ((1, 1), (2, 1), (3, 3))),  # 2 / sqrt(3 * 2)
            (4, "yes", 1, "yes", 1),  # alone: no order
            *((5, "yes", 1, "yes", b) for b in (1, 2)),  # the first run has no order there
        ],
    )
    assert found.companies == 3
    assert found.tau == pytest.approx((1 - 1 + 2 / 6**0.5) / 3)


def test_the_average_of_tau_is_that_of_the_pairs_counted_one_by_one(database):
    chance = random.Random(7)
    leads = [
        (company, "yes", chance.randrange(1, 6), "yes", chance.randrange(1, 6))
        for company in range(1, 40)
        for _ in range(6)
    ]
    found = two_runs(database, leads)

    def sign(value):
        return (value > 0) - (value < 0)

    taus = []
    for company in range(1, 40):
        pairs = list(itertools.combinations([lead[2::2] for lead in leads if lead[0] == company], 2))
        first, second = [sign(a[0] - b[0]) for a, b in pairs], [sign(a[1] - b[1]) for a, b in pairs]
        if any(first) and any(second):
            same = sum(x * y for x, y in zip(first, second, strict=True))
            taus.append(same / (sum(map(abs, first)) * sum(map(abs, second))) ** 0.5)
    assert found.companies == len(taus)
    assert found.tau == pytest.approx(sum(taus) / len(taus) if taus else None)


def test_figures_that_say_nothing_are_not_there():
    assert (Agreement().share, Agreement().chance, Agreement().kappa) == (None, None, None)
    everybody = Agreement(both=5)
    assert (everybody.share, everybody.kappa) == (1.0, None)
    opposite = Agreement(only_first=5, only_second=5)
    assert opposite.kappa == pytest.approx(-1.0)
