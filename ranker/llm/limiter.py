"""How fast to ask: requests and tokens a minute, held from our side and corrected by what the provider says.

Both are buckets that fill evenly. Ours begin almost empty, so that nothing bursts before the first answer; its headers
tell how much is really left, and from then on theirs is the truth. What was sent after the request that a header
belongs to is taken off, because the provider had not counted it yet.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_FIRST = 1.0
"""Seconds' worth in a bucket at the start."""
_INSTANT = 1e-6
"""Seconds that are no wait, so that rounding can't make it wait for ever."""
_KEPT = 5_000
"""Requests that are remembered to correct a header by."""


@dataclass(slots=True)
class Bucket:
    """Units that come back evenly; ``level`` may fall below 0 when more was used than was left."""

    a_minute: float | None
    level: float = 0.0
    at: float = 0.0
    room: float = 0.0

    def set_limit(self, a_minute: float | None, now: float) -> None:
        """Begin anew with this many a minute; ``None`` for no limit."""
        self.a_minute, self.at = a_minute, now
        self.room = self.level = 0.0 if a_minute is None else max(1.0, a_minute / 60 * _FIRST)

    def fill(self, now: float) -> None:
        """Let what came back since the last look in."""
        if self.a_minute is not None:
            self.level = min(self.room, self.level + (now - self.at) * self.a_minute / 60)
        self.at = now

    def wait(self, units: float) -> float:
        """Seconds until that many are there; what is more than the whole bucket goes once it is full."""
        if self.a_minute is None:
            return 0.0
        return max(0.0, min(units, self.room) - self.level) * 60 / self.a_minute

    def corrected(self, left: float, now: float) -> None:
        """Take the provider's word for what is left."""
        if self.a_minute is not None:
            self.room = max(self.room, left)
            self.level, self.at = left, now


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request that may go: its number, when it went, and the tokens that were taken for it."""

    number: int
    tokens: float


@dataclass
class Limiter:
    """The limits at one provider. ``rpm`` and ``tpm`` are ``None`` until something is known about them.

    ``requests_per``: the seconds that its header of requests speaks of. First come, first served.
    """

    rpm: float | None = None
    tpm: float | None = None
    requests_per: float = 60.0
    clock: Callable[[], float] = time.monotonic
    waited: dict[str, float] = field(default_factory=lambda: {"requests": 0.0, "tokens": 0.0, "told": 0.0})

    waits_for: str = ""
    """What the next request waits for now: a key of ``waited``, "" if nothing."""

    def __post_init__(self) -> None:
        now = self.clock()
        self._requests, self._tokens = Bucket(None), Bucket(None)
        self._requests.set_limit(self.rpm, now)
        self._tokens.set_limit(self.tpm, now)
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._sent: deque[Ticket] = deque(maxlen=_KEPT)
        self._number = self._newest = 0
        self._until = 0.0
        self._told: set[str] = set()

    async def acquire(self, tokens: float) -> Ticket:
        """Wait until a request of that many tokens may go."""
        async with self._turn:
            while True:
                now = self.clock()
                self._requests.fill(now)
                self._tokens.fill(now)
                reasons = {
                    "told": self._until - now,
                    "requests": self._requests.wait(1),
                    "tokens": self._tokens.wait(tokens),
                }
                why = max(reasons, key=lambda name: reasons[name])
                if reasons[why] <= _INSTANT:
                    break
                self._changed.clear()
                self.waits_for = why
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), timeout=reasons[why])
                self.waited[why] += self.clock() - now
            self.waits_for = ""
            self._requests.level -= 1
            self._tokens.level -= tokens
            self._number += 1
            ticket = Ticket(self._number, tokens)
            self._sent.append(ticket)
            return ticket

    def hold(self, seconds: float) -> None:
        """Send nothing for a while: the provider said so."""
        self._until = max(self._until, self.clock() + seconds)

    def used(self, ticket: Ticket, tokens: float) -> None:
        """Give back what was taken for a request and not used; not where the provider tells what it counts itself."""
        if "tokens" not in self._told:
            self._tokens.fill(self.clock())
            self._tokens.level += ticket.tokens - tokens
            self._changed.set()

    def learn(self, ticket: Ticket, headers: Mapping[str, str]) -> None:
        """Correct both buckets by the headers of an answer; those of an older request than the last are too old."""
        if ticket.number < self._newest:
            return
        self._newest = ticket.number
        while self._sent and self._sent[0].number <= ticket.number:
            self._sent.popleft()
        now = self.clock()
        later = list(self._sent)
        per = self.requests_per / 60
        self._heard(self._requests, self.rpm, headers, "requests", float(len(later)), per, now)
        self._heard(self._tokens, self.tpm, headers, "tokens", sum(one.tokens for one in later), 1.0, now)
        self._changed.set()

    def _heard(
        self, bucket: Bucket, own: float | None, headers: Mapping[str, str], what: str, later: float, per: float,
        now: float,
    ) -> None:  # fmt: skip
        limit = _number(headers.get(f"x-ratelimit-limit-{what}"))
        left = _number(headers.get(f"x-ratelimit-remaining-{what}"))
        if left is None or limit is None or limit <= 0:
            return
        bucket.fill(now)
        if own is not None and limit / per > own:
            bucket.level = min(bucket.level, left - later)  # our own pace, or what others have left of the provider's
            return
        if bucket.a_minute is None or abs(bucket.a_minute - limit / per) > 0.01 * bucket.a_minute:
            bucket.set_limit(limit / per, now)
        bucket.corrected(left - later, now)
        self._told.add(what)


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
