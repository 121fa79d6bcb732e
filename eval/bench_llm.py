"""How much of what a provider permits is used: against a server of our own on loopback, with limits and latency.

``python -m eval.bench_llm [SECONDS]``: 200 ms latency, 600 requests and 200,000 tokens a minute. Small questions meet
the limit of requests, large ones that of tokens. What is permitted is what the server's buckets let through in the
time; what it refuses with 429 is counted apart. Before that, without limits or latency, calls per second beside the
bare ``openai`` client that asks the same: the server in a process of its own, both clients in turn, and the work of one
core counted, so that what else the computer does matters little. ``SECONDS`` 0 does only that.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from subprocess import PIPE

from openai import AsyncOpenAI

from ranker.llm.apart import run_to_end
from ranker.llm.client import LlmClient
from ranker.llm.providers import PRESETS
from ranker.llm.question import Manners, Question, request_of
from ranker.llm.settings import Provider, Secret, Settings
from ranker.store.engine import open_database
from tests.llm.asking import KEY, PRICE, check, question, settings
from tests.llm.fake_server import FakeServer

LATENCY, RPM, TPM = 0.2, 600, 200_000
SECONDS = 60
CALLS, ROUNDS = 200, 7


def asked(number: int, characters: int) -> Question:
    """A question of about so many characters."""
    plain = question(number, leads=1, max_output=60)
    return Question(plain.purpose, "Judge. " * (characters // 7), plain.user, plain.name, plain.schema, 60)


async def _for_a_while(server: FakeServer, seconds: float, characters: int) -> int:
    database = open_database(folder=tempfile.mkdtemp(prefix="bench_llm"))
    answered = number = 0
    async with LlmClient(settings(server, timeout=30), database, "bench", ("qualify",)) as client:
        until = time.monotonic() + seconds

        async def worker() -> None:
            nonlocal answered, number
            while time.monotonic() < until:
                number += 1
                await client.ask(asked(number, characters), check)
                answered += 1

        workers = [asyncio.create_task(worker()) for _ in range(client.settings.concurrency)]
        await asyncio.wait(workers, timeout=seconds)
        for one in workers:
            one.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    database.close()
    return answered


def limits(seconds: float, characters: int, what: str) -> str:
    """Use a limited server for a while; one line of figures."""
    with FakeServer(latency=LATENCY, rpm=RPM, tpm=TPM) as server:
        run_to_end(_for_a_while(server, seconds, characters))
        refused, passed = server.met["limit"], server.met["ok"]
        used = server.charged
    requests = passed / (RPM * seconds / 60 + RPM / 60)
    tokens = used / (TPM * seconds / 60 + TPM / 60)
    return (
        f"{what}, {seconds:.0f} s: {passed:,} requests ({requests:.1%} of those permitted) and {used:,.0f} tokens "
        f"({tokens:.1%}); {refused:,} answered 429 ({refused / max(1, passed + refused):.2%})"
    )


def _instant() -> Iterator[str]:
    """The address of a server without limits or latency, in a process of its own."""
    said = "from tests.llm.fake_server import FakeServer\nimport sys\n"
    said += "with FakeServer() as server:\n    print(server.url, flush=True)\n    sys.stdin.read()\n"
    process = subprocess.Popen([sys.executable, "-c", said], stdin=PIPE, stdout=PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


@dataclass(frozen=True, slots=True)
class Pace:
    """Calls a second of one core's work, and of the clock."""

    core: float
    clock: float


async def _paced(one: Callable[[int], Awaitable[object]]) -> Pace:
    """Ask ``CALLS`` times, after one call that makes the connection."""
    await one(0)
    worked, began = time.process_time(), time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(1, CALLS + 1)))
    return Pace(CALLS / (time.process_time() - worked), CALLS / (time.perf_counter() - began))


async def _ours(url: str) -> Pace:
    with tempfile.TemporaryDirectory(prefix="bench_llm") as folder:
        database = open_database(folder=folder)
        async with LlmClient(at(url), database, "bench", ("qualify",)) as client:
            pace = await _paced(lambda number: client.ask(asked(number, 2_000), check))
        database.close()
    return pace


async def _bare(url: str) -> Pace:
    set_up = at(url)
    manners, places = Manners.of(set_up.providers[0].preset, "fake"), asyncio.Semaphore(set_up.concurrency)
    async with AsyncOpenAI(api_key=KEY, base_url=url, max_retries=0) as client:

        async def one(number: int) -> None:
            async with places:
                answer = await client.chat.completions.create(
                    **request_of(asked(number, 2_000), "fake", manners, 0.1, 60)
                )
            check(json.loads(answer.choices[0].message.content or ""))

        return await _paced(one)


def at(url: str) -> Settings:
    """Settings for a server at an address."""
    return Settings((Provider(PRESETS["other"], url, Secret(KEY), "fake", own_price=PRICE),), timeout=30)


def beside_bare(rounds: int = ROUNDS) -> str:
    """Calls per second beside the bare client's, in turn, ours and its; a line of figures."""
    ours, bare = list[Pace](), list[Pace]()
    with contextmanager(_instant)() as url:
        for _ in range(rounds):
            ours.append(run_to_end(_ours(url)))
            bare.append(run_to_end(_bare(url)))
    core, theirs = median(one.core for one in ours), median(one.core for one in bare)
    shares = sorted(one.core / other.core for one, other in zip(ours, bare, strict=True))
    return (
        f"no limit, no latency, {rounds} rounds of {CALLS}: {core:,.0f} calls per second of one core with limits, "
        f"cache and ledger, the bare client {theirs:,.0f}: {median(shares):.0%} of it ({shares[0]:.0%} to "
        f"{shares[-1]:.0%}); by the clock {median(one.clock for one in ours):,.0f} and "
        f"{median(one.clock for one in bare):,.0f}"
    )


def main() -> None:
    """Run all parts and print a line each."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    print(beside_bare(), flush=True)
    if seconds:
        print(limits(seconds, 400, "limited by requests"), flush=True)
        print(limits(seconds, 4_000, "limited by tokens"), flush=True)


if __name__ == "__main__":
    main()
