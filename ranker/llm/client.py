"""Ask a language model: in order of providers, at the pace they allow, under a limit of money, with every attempt kept.

``ask`` gives a checked answer or raises: ``CallFailed`` for this question alone, any other ``LlmError`` for all that
follow. A failure is never an answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self, TypeVar

from ranker.errors import CallFailed, LlmError, ProvidersFailed
from ranker.events import tell
from ranker.llm.breaker import Breaker
from ranker.llm.failures import AGAIN, POLICIES, SLOWED, UNSUPPORTED, Failure
from ranker.llm.invoice import settled
from ranker.llm.lane import Lane
from ranker.llm.limiter import Ticket
from ranker.llm.question import Answer, Question, cache_key, output_limit, request_of
from ranker.llm.reply import Reply, taken
from ranker.llm.settings import Settings, check_key
from ranker.llm.shared import Shared
from ranker.llm.spending import check_spending
from ranker.llm.watch import LOOK
from ranker.store.ai_calls import Attempt, Spending
from ranker.store.engine import Database
from ranker.who import who

T = TypeVar("T")
Check = Callable[[Any], T]
"""Makes a value (never ``None``) of an answer's JSON; raises ``ValueError`` if nothing in it can be used."""
_PAUSE, _LONGEST_PAUSE = 0.5, 20.0


class LlmClient:
    """Use it as ``async with LlmClient(…) as client``. ``failover``: whether later providers may stand in.

    ``scope`` names the piece of work that the limits of ``settings`` (dollars, calls) hold for, across restarts;
    ``tasks`` are the purposes that will be asked for. ``once``: ask whatever is known of the provider, and no second
    time. ``look``: seconds between two looks for a reset by hand. Raises ``NoKey``, ``SpendingOff`` or ``PriceUnknown``
    before anything is asked. ``shared``: providers that others ask too; what else is said of providers then stays.
    """

    def __init__(
        self, settings: Settings, database: Database, scope: str, tasks: Sequence[str], *, failover: bool = True,
        once: bool = False, pause: float = _PAUSE, breaker: Callable[[], Breaker] = Breaker, look: float = LOOK,
        shared: Shared | None = None,
    ) -> None:  # fmt: skip
        check_key(settings)
        check_spending(settings, tasks)
        self.settings = settings
        self.stopped: LlmError | None = None
        self.cache_hits = self.retries = 0
        self.failures: Counter[str] = Counter()
        self._scope, self._pause, self._who, self._once, self._look = scope, pause, who(), once, look
        asked = settings if failover else replace(settings, providers=settings.providers[:1])
        self._given = shared
        self._shared = shared or Shared(asked, database, breaker=breaker, look=look, heed=not once)
        self.lanes: list[Lane] = []

    async def __aenter__(self) -> Self:
        if self._given is None:
            await self._shared.open()
        self.ledger = self._shared.enter(self._scope, self.settings.max_usd, self.settings.max_calls)
        self._places, self._watch, self.lanes = self._shared.places, self._shared.watch, self._shared.lanes
        await self._watch.again(self.lanes)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._shared.leave(self._scope)
        if self._given is None:
            await self._shared.close(wait=False)

    def spending(self) -> Spending:
        """What this piece of work has used, earlier processes included."""
        return self.ledger.spending()

    def keys_of(self, questions: Sequence[Question]) -> list[str]:
        """Under which attempts at these questions stand in the ledger, whichever provider was asked."""
        return sorted({self._key(lane, one) for one in questions for lane in self.lanes})

    def waiting(self) -> tuple[str, ...]:
        """What calls wait for now, in words; empty while they go as fast as answers come."""
        found = ["answers under way, because the limit of money may be reached"] if self.ledger.waits else []
        for lane in self.lanes:
            found += lane.waiting()
        return tuple(dict.fromkeys(found))

    async def ask(self, question: Question, check: Check[T]) -> Answer[T]:
        """One question, asked until it is answered or its policy says to stop."""
        last: Failure | None = None
        for lane in self.lanes:
            found = await self._ask_lane(lane, question, check)
            if isinstance(found, Answer):
                return found
            last = found or last
            if found is not None and not found.policy.moves_on:
                break
        if all(lane.out for lane in self.lanes):
            why = dict.fromkeys(lane.out[0].upper() + lane.out[1:] for lane in self.lanes)
            self.stop(ProvidersFailed(" ".join(why)))
        if self.stopped is not None:
            raise self.stopped
        kind = last.kind if last is not None else "network"
        self.failures[kind] += 1
        raise CallFailed(f"The model {POLICIES[kind].words}.", kind)

    def stop(self, error: LlmError) -> None:
        """Ask nothing further, for this reason; what is under way ends. The first reason stays."""
        if self.stopped is None:
            self.stopped = error
            tell("llm.stopped", level="warning", code=error.code)

    async def _ask_lane(self, lane: Lane, question: Question, check: Check[T]) -> Answer[T] | Failure | None:
        """An answer; or the failure that this provider is left with; ``None`` if it can't be asked at all."""
        model = lane.provider.model_for(question.purpose)
        key = self._key(lane, question)
        kept = await self.ledger.cached(key)
        if kept is not None:
            stored = json.loads(kept)
            with contextlib.suppress(ValueError, KeyError, TypeError):  # kept by a version that took other answers
                value = check(stored["value"])
                self.cache_hits += 1
                return Answer(value, lane.provider.name, stored["served"], True)
        tries: Counter[str] = Counter()
        attempt = 0
        while True:
            if not await self._ready(lane):
                return None
            attempt += 1
            found = await self._attempt(lane, question, check, model, key, attempt, 1 + tries["cut"])
            if isinstance(found, Answer):
                return found
            if found.kind == AGAIN:
                attempt -= 1
                continue
            if found.kind == UNSUPPORTED:
                continue
            tries[found.kind] += 1
            policy = found.policy
            if policy.ends:
                lane.give_up(found.kind, f"{lane.provider.preset.title}: the model “{model}” {policy.words}.")
                await self._watch.keep(lane)
                tell("llm.provider_out", level="warning", provider=lane.provider.preset.name, kind=found.kind)
            most = 1 if self._once else max(POLICIES[kind].tries for kind in tries)
            if tries[found.kind] >= policy.tries or sum(tries.values()) >= most:
                return found
            self.retries += 1
            await self._rest(lane, found, sum(tries.values()))

    def _key(self, lane: Lane, question: Question) -> str:
        model, settings = lane.provider.model_for(question.purpose), self.settings
        return cache_key(question, lane.provider.name, model, settings.temperature, settings.repeat)

    async def _ready(self, lane: Lane) -> bool:
        """Whether a provider may be asked, once its breaker allows; not while another one can stand in."""
        while self.stopped is None:
            await self._watch.notice(self.lanes)
            if lane.out:
                break
            if lane.breaker.given_up:
                lane.give_up(lane.why, f"{lane.provider.preset.title} does not answer.")
                await self._watch.keep(lane)
                break
            wait = lane.breaker.wait()
            if wait <= 0:
                return True
            if any(other is not lane and not other.out and other.breaker.wait() <= 0 for other in self.lanes):
                return False
            await asyncio.sleep(min(wait, self._look))
        if self.stopped is not None:
            raise self.stopped
        return False

    async def _rest(self, lane: Lane, found: Failure, failed: int) -> None:
        """Wait before the next try: as long as was told, else longer each time, with jitter."""
        if found.wait is not None:
            lane.limiter.hold(found.wait)
            return
        longest = min(_LONGEST_PAUSE, self._pause * 2**failed)
        pause = random.uniform(longest / 2, longest)
        if found.kind in SLOWED:
            lane.limiter.hold(pause)
        elif found.policy.shakes:
            await asyncio.sleep(pause)

    async def _attempt(
        self, lane: Lane, question: Question, check: Check[T], model: str, key: str, attempt: int, grown: int
    ) -> Answer[T] | Failure:
        async with self._places, lane.turn(model):
            if lane.out or self.stopped is not None or lane.breaker.wait() > 0:
                return Failure(AGAIN)
            manners, provider = lane.manners(model), lane.provider
            limit, version = output_limit(question, model, grown), manners.version
            request = request_of(question, model, manners, self.settings.temperature, limit)
            request |= provider.terms(model, capped=self.settings.max_usd is not None)
            ticket = await lane.limiter.acquire(question.likely_input(lane.bytes_a_token) + limit)
            worst = provider.worst(model, question.worst_input(), limit)
            call = Attempt(self._scope, question.purpose, provider.name, model, attempt, worst, key, self._who)
            paid = self._paid(lane, question, check, model, call, request, ticket, version)
            return await self._shared.to_its_end(paid)

    async def _paid(
        self, lane: Lane, question: Question, check: Check[T], model: str, call: Attempt, request: dict[str, Any],
        ticket: Ticket, version: int,
    ) -> Answer[T] | Failure:  # fmt: skip
        """From the moment that money is reserved until what came back is kept."""
        try:
            number = await self.ledger.reserve(call)
        except LlmError as error:
            self.stop(error)
            raise
        reply, took = await lane.send(request, ticket)
        if reply.tokens_in is not None and reply.tokens_out is not None:
            lane.limiter.used(ticket, reply.tokens_in + reply.tokens_out)
        value, stored, failure = taken(reply, check)
        await self.ledger.settle(number, settled(lane.provider, model, reply, failure, took), call.cache_key, stored)
        found = self._after(lane, model, question, reply, failure, value, version)
        await self._watch.keep(lane)
        return found

    def _after(
        self, lane: Lane, model: str, question: Question, reply: Reply, failure: Failure | None, value: T | None,
        version: int,
    ) -> Answer[T] | Failure:  # fmt: skip
        if reply.tokens_in:
            seen = (len(question.system.encode()) + len(question.user.encode())) / reply.tokens_in
            lane.bytes_a_token = 0.8 * lane.bytes_a_token + 0.2 * min(8.0, max(1.0, seen))
        if failure is None:
            lane.good(model)
            assert value is not None
            return Answer(value, lane.provider.name, reply.served, False)
        if failure.kind == UNSUPPORTED:
            manners = lane.manners(model)
            changed = manners.version != version or manners.adapt(failure.parameter)
            return failure if changed else Failure("request")
        if failure.policy.shakes:
            lane.bad(failure.kind)
        elif not failure.policy.ends and failure.kind not in SLOWED:
            lane.good(model)
        return failure
