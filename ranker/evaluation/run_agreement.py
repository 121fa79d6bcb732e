"""How far two runs agree on the same leads: whom to contact, and in which order. Neither of them is taken for right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from sqlalchemy import text

from ranker.evaluation.metrics import kendall_tau_b
from ranker.store.engine import Database
from ranker.store.failed import FAILED

_A, _B = FAILED.format("a"), FAILED.format("b")
_BOTH = "FROM assessment AS a JOIN assessment AS b ON b.lead_id=a.lead_id AND b.run_id=:second WHERE a.run_id=:first"
_COUNTS = text(
    f"SELECT CASE WHEN ({_A}) AND ({_B}) THEN 'failed_both' WHEN {_A} THEN 'failed_first' "
    f"WHEN {_B} THEN 'failed_second' "
    "WHEN a.status NOT IN ('ranked', 'not_relevant') OR b.status NOT IN ('ranked', 'not_relevant') THEN 'unjudged' "
    "WHEN a.status='ranked' AND b.status='ranked' THEN 'both' WHEN a.status='ranked' THEN 'only_first' "
    f"WHEN b.status='ranked' THEN 'only_second' ELSE 'neither' END AS what, count(*) {_BOTH} GROUP BY 1"
)
_RANKS = text(
    f"SELECT b.company_id, a.rank, b.rank {_BOTH} AND a.rank IS NOT NULL AND b.rank IS NOT NULL "
    "ORDER BY b.company_id, a.rank, b.rank"
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two runs over the leads that both have.

    ``both`` + ``only_first`` + ``only_second`` + ``neither`` are the leads that both judged, by who wants to contact
    them; whoever is on the do-not-contact list counts by the verdict. Apart from them: ``failed_first``,
    ``failed_second`` and ``failed_both`` (a call failed there, which is no verdict) and ``unjudged`` (nobody could
    judge them, such as a lead without a title).
    """

    both: int = 0
    only_first: int = 0
    only_second: int = 0
    neither: int = 0
    failed_first: int = 0
    failed_second: int = 0
    failed_both: int = 0
    unjudged: int = 0
    tau: float | None = None
    """Kendall's tau-b of the order within a company, of those contacted in both; the average over companies, -1 to 1.
    ``None`` where no company has two such leads with an order in both runs."""
    companies: int = 0
    """How many companies that average is over."""

    @property
    def judged(self) -> int:
        """Leads that both runs judged."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def share(self) -> float | None:
        """The share of ``judged`` on which both say the same, 0 to 1; None for no lead."""
        return (self.both + self.neither) / self.judged if self.judged else None

    @property
    def chance(self) -> float | None:
        """The share that would agree by chance: two choosers who want as many as these two, each at random.

        With the shares p and q that the first and the second want to contact: p·q + (1 - p)·(1 - q).
        """
        if not self.judged:
            return None
        first = (self.both + self.only_first) / self.judged
        second = (self.both + self.only_second) / self.judged
        return first * second + (1 - first) * (1 - second)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: (share - chance) / (1 - chance); 1 agrees on all, 0 is chance, below 0 is worse than that.

        None where chance alone would agree on all, so that there is nothing to tell. Source: Cohen 1960, "A
        coefficient of agreement for nominal scales", Educational and Psychological Measurement 20(1), 37-46.
        """
        if self.share is None or self.chance is None or self.chance >= 1.0:
            return None
        return (self.share - self.chance) / (1 - self.chance)


def agreement(database: Database, first: int, second: int) -> Agreement:
    """Count in the database how far two finished rankings agree."""
    runs = {"first": first, "second": second}
    with database.session() as session:
        connection = session.connection()
        counts = {str(what): int(count) for what, count in connection.execute(_COUNTS, runs)}
        rows = connection.execute(_RANKS, runs).fetchall()
    taus = [
        tau
        for _, leads in groupby(rows, key=lambda row: row[0])
        if (tau := _tau(tuple((row[1], row[2]) for row in leads))) is not None
    ]
    return Agreement(**counts, tau=sum(taus) / len(taus) if taus else None, companies=len(taus))


def _tau(ranks: tuple[tuple[int, int], ...]) -> float | None:
    """Of the (first, second) ranks at one company. Only their order counts, so that most companies look alike."""
    return _known(_dense([one for one, _ in ranks]), _dense([other for _, other in ranks])) if len(ranks) > 1 else None


def _dense(ranks: Sequence[int]) -> tuple[int, ...]:
    """2, 7, 2 → 1, 2, 1."""
    places = {rank: at for at, rank in enumerate(sorted(set(ranks)), start=1)}
    return tuple(places[rank] for rank in ranks)


@lru_cache(maxsize=10_000)
def _known(first: tuple[int, ...], second: tuple[int, ...]) -> float | None:
    return kendall_tau_b(first, second)
