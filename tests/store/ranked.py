"""A small world for tests of what is ranked: two companies and one with nobody, judged by hand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.scoring.assessment import Assessment
from ranker.store.engine import Database
from tests.store.by_hand import rank_by_hand

FILE = """\
Id,Company,Website,Employees,Person,Job title,Email,Phone,Note
A1,Alpha,alpha.example,51-200,Lead 0001,VP Sales,one@alpha.example,+1 555 010 99,=SUM(A1:A9)
A2,Alpha,alpha.example,51-200,Lead 0002,Head of Sales,two@alpha.example,+49 (30) 1234,-12.5
A3,Alpha,alpha.example,51-200,Lead 0003,Sales Director,three@alpha.example,,@here
A4,Alpha,alpha.example,51-200,Lead 0004,Accountant,four@alpha.example,0049301234,plain
B1,Béta,beta.example,11-50,Lead 0005,Founder,five@beta.example,+44 20 7946 0958,"two
lines"
B2,Béta,beta.example,11-50,Lead 0006,Nurse,six@beta.example,,
C1,Gamma,gamma.example,,Lead 0007,Teacher,seven@gamma.example,,
"""

SCORES = {
    "VP Sales": 90.0, "Head of Sales": 80.0, "Sales Director": 80.0, "Accountant": 10.0, "Founder": 95.5,
    "Nurse": 5.0, "Teacher": 0.0,
}  # fmt: skip
"""From 60 on a lead is to be contacted."""


@dataclass(frozen=True)
class World:
    """The database and its leads by name."""

    database: Database
    leads: dict[str, int]

    def rank(self, scores: dict[str, float] | None = None) -> int:
        """One more finished run over all leads; its number."""
        return rank_by_hand(self.database, lambda title: _assessed((scores or SCORES)[title]))

    def ranks(self) -> dict[str, int]:
        """Name → rank of those to contact now."""
        with self.database.session() as session:
            rows = session.connection().execute(
                text(
                    "SELECT l.full_name, k.rank FROM current_assessment AS k JOIN lead AS l ON l.id=k.lead_id "
                    "WHERE k.rank IS NOT NULL"
                )
            )
            return {row[0]: row[1] for row in rows}


def ranked_world(database: Database) -> World:
    """Import ``FILE`` and rank it."""
    commit(database, stage_file(database, "leads.csv", FILE.encode()).id)
    with database.session() as session:
        rows = session.connection().execute(text("SELECT full_name, id FROM lead"))
        world = World(database, {row[0]: row[1] for row in rows})
    world.rank()
    return world


def _assessed(score: float) -> Assessment:
    good = score >= 60
    return Assessment(
        "ranked" if good else "not_relevant", good, score, 1.0 if good else 0.2, 0.5, 1.0,
        f"First choice: '{score}'." if good else "Not contacted: no fit.", ("champion",) if score == 80 else (),
        basis=("VP Sales · 5/5",), lines=(12,), variant="by-hand",
    )  # fmt: skip
