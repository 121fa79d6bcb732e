"""One provider as it is asked: its connection, its pace, its breaker, its manners; one attempt at a time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import openai
from openai import AsyncOpenAI

from ranker.llm.breaker import Breaker
from ranker.llm.failures import Failure, classify
from ranker.llm.limiter import Limiter, Ticket
from ranker.llm.question import Manners
from ranker.llm.reply import Reply, read_reply
from ranker.llm.settings import Provider, Settings

for _name in ("openai", "httpx2", "httpcore2", "httpx"):  # at debug they would log what is asked, leads and all
    logging.getLogger(_name).setLevel(logging.WARNING)


_WAITS = {
    "requests": "the limit of requests a minute", "tokens": "the limit of tokens a minute",
    "told": "the provider, which asked to wait",
}  # fmt: skip


@dataclass
class Lane:
    """A provider under way. ``out``: why nobody asks it any more, "" while it may be asked.

    ``why``: the kind of failure that it was left alone for; ``well``: whether its last answer is newer than that.
    """

    provider: Provider
    client: AsyncOpenAI
    limiter: Limiter
    timeout: float = 60.0
    breaker: Breaker = field(default_factory=Breaker)
    out: str = ""
    why: str = ""
    well: bool = False
    bytes_a_token: float = 4.0
    _manners: dict[str, Manners] = field(default_factory=dict)
    _warm: set[str] = field(default_factory=set)
    _gate: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def open(cls, provider: Provider, settings: Settings) -> Lane:
        """Prepare to ask a provider; nothing is sent yet."""
        client = AsyncOpenAI(
            api_key=provider.key.reveal() or "none", base_url=provider.base_url, max_retries=0, timeout=settings.timeout
        )
        limiter = Limiter(settings.rpm, settings.tpm, provider.preset.requests_per)
        return cls(provider, client, limiter, settings.timeout)

    def manners(self, model: str) -> Manners:
        """How a model here wants to be asked."""
        return self._manners.setdefault(model, Manners.of(self.provider.preset, model))

    @asynccontextmanager
    async def turn(self, model: str) -> AsyncIterator[None]:
        """Until a model has answered once, one call at a time: a refusal is met once, and a prompt's cache is warm."""
        if model in self._warm:
            yield
            return
        await self._gate.acquire()
        if model in self._warm:
            self._gate.release()
            yield
            return
        try:
            yield
        finally:
            self._gate.release()

    def good(self, model: str) -> None:
        """It answered, whatever it said."""
        self._warm.add(model)
        self.well = True
        self.breaker.good()

    def bad(self, kind: str) -> None:
        """It did not answer; where that opens the breaker, the next call goes alone."""
        self.well = False
        if self.breaker.bad():
            self.why = kind
            self._warm.clear()

    def give_up(self, kind: str, words: str) -> None:
        """Nobody is to ask it any more."""
        self.out, self.why, self.well = words, kind, False

    def waiting(self) -> list[str]:
        """What its calls wait for now, in words; nothing where nobody may ask it."""
        if self.out:
            return []
        found = [_WAITS[self.limiter.waits_for]] if self.limiter.waits_for else []
        if self.breaker.wait() > 0:
            found.append(f"{self.provider.preset.title}, which did not answer and is left alone for a moment")
        return found

    def reset(self) -> None:
        """It may be asked again at once."""
        self.out = self.why = ""
        self._warm.clear()
        self.breaker.good()

    async def send(self, request: dict[str, Any], ticket: Ticket) -> tuple[Reply, int]:
        """Make one request; what came back, and the milliseconds it took. Raises nothing but cancellation."""
        began = time.monotonic()
        try:
            # The client's own timeout is for each piece of an answer: one that drips would never end.
            async with asyncio.timeout(self.timeout):
                raw = await self.client.chat.completions.with_raw_response.create(**request)
            self.limiter.learn(ticket, {name.lower(): value for name, value in raw.headers.items()})
            reply = read_reply(raw.parse())
        except TimeoutError:
            reply = Reply(failure=Failure("timeout"))
        except (openai.OpenAIError, ValueError) as error:
            if isinstance(error, openai.APIStatusError):
                self.limiter.learn(ticket, {name.lower(): value for name, value in error.response.headers.items()})
            reply = Reply(failure=classify(error))
        return reply, round((time.monotonic() - began) * 1000)

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()
