"""How much of what a provider permits is used: against a server of our own on loopback, with limits and latency.

``python -m eval.bench_llm [SECONDS]``: 200 ms latency, 600 requests and 200,000 tokens a minute. Small questions meet
the limit of requests, large ones that of tokens. What is permitted is what the server's buckets let through in the
time; what it refuses with 429 is counted apart. Then, without limits or latency, calls per second beside the bare
``openai`` client asking the same.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time

from openai import AsyncOpenAI

from ranker.llm.client import LlmClient
from ranker.llm.question import Question, request_of
from ranker.store.engine import open_database
from tests.llm.asking import KEY, check, question, settings
from tests.llm.fake_server import FakeServer

LATENCY, RPM, TPM = 0.2, 600, 200_000
SECONDS = 60
CALLS = 400


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
        asyncio.run(_for_a_while(server, seconds, characters))
        refused, passed = server.met["limit"], server.met["ok"]
        used = server.charged
    requests = passed / (RPM * seconds / 60 + RPM / 60)
    tokens = used / (TPM * seconds / 60 + TPM / 60)
    return (
        f"{what}, {seconds:.0f} s: {passed:,} requests ({requests:.1%} of those permitted) and {used:,.0f} tokens "
        f"({tokens:.1%}); {refused:,} answered 429 ({refused / max(1, passed + refused):.2%})"
    )


async def _ours(server: FakeServer) -> float:
    database = open_database(folder=tempfile.mkdtemp(prefix="bench_llm"))
    async with LlmClient(settings(server, timeout=30), database, "bench", ("qualify",)) as client:
        await client.ask(asked(0, 2_000), check)
        began = time.perf_counter()
        await asyncio.gather(*(client.ask(asked(number, 2_000), check) for number in range(1, CALLS + 1)))
        took = time.perf_counter() - began
    database.close()
    return CALLS / took


async def _bare(server: FakeServer) -> float:
    set_up = settings(server)
    first, places = set_up.providers[0], asyncio.Semaphore(set_up.concurrency)
    async with AsyncOpenAI(api_key=KEY, base_url=server.url, max_retries=0) as client:
        from ranker.llm.question import Manners

        manners = Manners.of(first.preset, "fake")

        async def one(number: int) -> None:
            async with places:
                await client.chat.completions.create(**request_of(asked(number, 2_000), "fake", manners, 0.1, 60))

        await one(0)
        began = time.perf_counter()
        await asyncio.gather(*(one(number) for number in range(1, CALLS + 1)))
        return CALLS / (time.perf_counter() - began)


def main() -> None:
    """Run all parts and print a line each."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    print(limits(seconds, 400, "limited by requests"), flush=True)
    print(limits(seconds, 4_000, "limited by tokens"), flush=True)
    with FakeServer() as server:
        ours, bare = asyncio.run(_ours(server)), asyncio.run(_bare(server))
    print(f"no limit, no latency: {ours:,.0f} calls a second with limits, cache and ledger; bare client {bare:,.0f}")


if __name__ == "__main__":
    main()
