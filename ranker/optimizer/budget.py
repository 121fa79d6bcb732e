"""What is left of the limits of an optimization, and what of it is kept for the companies held out."""

from __future__ import annotations

from dataclasses import dataclass

from ranker.llm.settings import Settings
from ranker.store import ai_calls
from ranker.store.engine import Database


@dataclass(frozen=True)
class Budget:
    """The limits themselves are held by the ledger, call by call; this only ends a search in good time.

    ``training`` and ``held_out`` are numbers of companies; ``scope`` names the calls in the ledger.
    """

    database: Database
    scope: str
    settings: Settings
    training: int
    held_out: int

    def spent(self, judged: int) -> str:
        """Why no further text should be tried, "" while one more, and two at the companies held out, are within reach.

        ``judged``: how many texts × companies were judged so far, by which the next one is estimated: unknown before
        the first.
        """
        most_calls, most_usd = self.settings.max_calls, self.settings.max_usd
        if not judged or (most_calls is None and most_usd is None):
            return ""
        with self.database.session() as session:
            used = ai_calls.spending(session, self.scope)
        ahead = (self.training + 2 * self.held_out) / judged
        if most_calls is not None and used.calls * (1 + ahead) > most_calls:
            return self._words(f"{used.calls:,} of {most_calls:,} calls are made")
        if most_usd is not None and used.spent * (1 + ahead) > most_usd:
            return self._words(f"${used.spent:,.2f} of ${most_usd:,.2f} are spent")
        return ""

    def _words(self, used: str) -> str:
        kept = " and the companies held out" if self.held_out else ""
        return f"{used}, and what is left may not be enough for one more text{kept}."
