"""How providers do, kept in the database: shown on a page, reset there by hand, and known to the next process.

It is written when it changes, never on each call, and read at the start and, while a provider is left alone, every
few seconds. A model that is not offered is not the provider's fault: it is kept nowhere.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

from ranker.events import tell
from ranker.llm.failures import POLICIES
from ranker.llm.lane import Lane
from ranker.llm.ledger import Ledger
from ranker.store.provider_states import ProviderState, State, keep_state, load_states, moment, seconds_left

OUT_SECONDS = {"auth": 30.0, "quota": 600.0}
"""Seconds after which a provider that was given up is tried again by itself, where it is not ``USUALLY_OUT``: a wrong
key is soon put right, an account without credit is not."""
USUALLY_OUT = 120.0
_TOO_LONG_AGO = 600.0
"""Seconds after that time when what was known of a provider says nothing any more."""
LOOK = 3.0
"""Seconds between two looks for a reset by hand."""


class Watch:
    """Keeps what is known of a client's providers. ``every``: seconds between two looks; ``wall``: the time of day."""

    def __init__(
        self, ledger: Ledger, *, every: float = LOOK, clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self.every = every
        self._ledger, self._clock, self._wall = ledger, clock, wall
        self._looked = clock()
        self._kept: dict[str, tuple[State, int]] = {}

    async def begin(self, lanes: Sequence[Lane], *, heed: bool = True) -> None:
        """Begin with what is stored; without ``heed`` only know it, and ask all the same."""
        stored = await self._ledger.run(self._load)
        for lane in lanes:
            found = stored.get(lane.provider.name)
            if found is None:
                continue
            self._kept[found.provider] = (found.state, found.opened)
            if heed and found.state != "ok":
                self._start_from(lane, found)

    async def keep(self, lane: Lane) -> None:
        """Write down how a provider does, if that has changed."""
        name, known = lane.provider.name, _known(lane)
        if known is None or known == self._kept.get(name, ("ok", 0)):
            return
        self._kept[name] = known
        wait = 0.0
        if known[0] != "ok":
            wait = OUT_SECONDS.get(lane.why, USUALLY_OUT) if lane.out else lane.breaker.wait()
        until = moment(self._wall() + wait) if wait else ""
        why = lane.why if known[0] != "ok" else ""
        found = ProviderState(name, known[0], lane.breaker.in_row, known[1], until, why)
        await self._ledger.run(lambda: self._write(found))

    async def notice(self, lanes: Sequence[Lane]) -> None:
        """While a provider is left alone, see now and then whether somebody reset it, or reached it."""
        unwell = [lane for lane in lanes if self._kept.get(lane.provider.name, ("ok", 0))[0] != "ok" and _alone(lane)]
        if not unwell or self._clock() - self._looked < self.every:
            return
        self._looked = self._clock()
        stored = await self._ledger.run(self._load)
        for lane in unwell:
            found = stored.get(lane.provider.name)
            if found is not None and found.state == "ok":
                self._kept[found.provider] = ("ok", 0)
                lane.reset()
                tell("llm.provider_back", provider=lane.provider.preset.name)

    async def again(self, lanes: Sequence[Lane]) -> None:
        """Take up whoever was given up and whose time has come, as the next process would."""
        out = [lane for lane in lanes if lane.out]
        if not out or self._clock() - self._looked < self.every:
            return
        self._looked = self._clock()
        stored = await self._ledger.run(self._load)
        for lane in out:
            found = stored.get(lane.provider.name)
            if found is not None and found.state == "out" and seconds_left(found.until, self._wall()) > 0:
                continue
            self._kept.pop(lane.provider.name, None)
            lane.reset()
            if found is not None and found.state != "ok":
                self._start_from(lane, found)

    def _start_from(self, lane: Lane, found: ProviderState) -> None:
        left = seconds_left(found.until, self._wall())
        if left < -_TOO_LONG_AGO:
            return
        lane.why = found.why
        if found.state == "out" and left > 0:
            words = POLICIES[found.why].words if found.why in POLICIES else "does not answer"
            lane.out = (
                f"{lane.provider.preset.title} is left alone, because the model {words}. It is tried again in "
                f"{_span(left)}, or at once after a reset on the page Settings."
            )
        elif found.why not in OUT_SECONDS:
            breaker = lane.breaker
            breaker.opened = min(found.opened, breaker.chances)
            breaker.in_row = found.failures
            breaker.until = breaker.clock() + min(max(0.0, left), USUALLY_OUT)

    def _load(self) -> dict[str, ProviderState]:
        with self._ledger.database.session() as session:
            return load_states(session)

    def _write(self, found: ProviderState) -> None:
        with self._ledger.database.write() as session:
            keep_state(session, found)


def _known(lane: Lane) -> tuple[State, int] | None:
    """What this process knows of a provider: its state, and how often it was left alone; ``None``: nothing certain."""
    if lane.out:
        return None if lane.why == "model" else ("out", lane.breaker.opened)
    if lane.breaker.opened:
        return "resting", lane.breaker.opened
    return ("ok", 0) if lane.well else None


def _alone(lane: Lane) -> bool:
    return bool(lane.out) or lane.breaker.opened > 0


def _span(seconds: float) -> str:
    minutes = math.ceil(seconds / 60)
    return f"{math.ceil(seconds)} seconds" if seconds < 60 else f"{minutes} minute{'' if minutes == 1 else 's'}"
