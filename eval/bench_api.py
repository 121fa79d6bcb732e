"""100 sequences through the REST API at 10 in flight: how much of the permitted throughput is used.

``python -m eval.bench_api``: the API in a process of its own, after one request to load what all need, a provider of
our own on loopback, two keys that take turns. First no limit, but a second for an answer: 10 at once make 10 calls a
second (all of them come back at the same moment, so this part suffers where the processor is shared). Then 600 requests
a minute at 200 ms: what is permitted is what the provider's bucket lets through in the time.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
from sqlalchemy import text

from eval.soak_api import look_after
from ranker.api.keys import add_key
from ranker.store.engine import open_database
from tests.llm.fake_server import FakeServer
from tests.outreach.writers import CONTEXT, people

MANY, AT_ONCE = 100, 10
LATENCY, RPM = 1.0, 600


@contextmanager
def process() -> Iterator[str]:
    """The address of the API in a process of its own, as it is served; stopped at the end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "ranker", "api", "--port", address.rpartition(":")[2]]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with suppress(httpx2.ConnectError):
                httpx2.get(f"{address}/health")
                break
            time.sleep(0.05)
        yield address
    finally:
        running.terminate()
        running.wait(60)


def asked(server: FakeServer) -> tuple[Counter[str], float, list[float], int]:
    """(Status → answers, seconds in all, seconds of each, calls of the model) of all leads, through the API."""
    with tempfile.TemporaryDirectory(prefix="bench_api") as folder:
        os.environ |= {
            "RANKER_DATA": folder, "OPENAI_BASE_URL": server.url, "RANKER_PRICE_INPUT": "1", "RANKER_PRICE_OUTPUT": "2",
            "RANKER_CONCURRENCY": str(AT_ONCE), "RANKER_TIMEOUT": "3",
        }  # fmt: skip
        database = open_database(folder=Path(folder))
        people(database, MANY + 1)
        with database.session() as session:
            leads = session.connection().execute(text("SELECT id FROM lead ORDER BY id")).scalars().all()
        keys = [add_key("one", 10_000, 5.0), add_key("other", 10_000, 5.0)]
        took: list[float] = []
        with process() as address, httpx2.Client(base_url=address, timeout=300) as client:

            def one(at: int) -> str:
                began = time.perf_counter()
                answer = client.post(
                    "/api/generate-sequence",
                    json={"lead_id": leads[at], "company_context": CONTEXT},
                    headers={"X-API-Key": keys[at % 2]},
                )
                took.append(time.perf_counter() - began)
                return str(answer.json().get("status", answer.status_code))

            one(MANY)  # the first request loads what a server has loaded for all the others
            took.clear()
            before = server.met["ok"]
            began = time.perf_counter()
            with ThreadPoolExecutor(AT_ONCE) as pool:
                told = Counter(pool.map(one, range(MANY)))
            whole = time.perf_counter() - began
            calls = server.met["ok"] - before
        look_after(database)
        database.close()
    return told, whole, sorted(took), calls


def main() -> None:
    """Both parts, a line each."""
    for name in ("OPENAI_API_KEY", "RANKER_PROVIDER", "RANKER_MODEL", "RANKER_MAX_USD", "RANKER_RPM", "RANKER_TPM"):
        os.environ.pop(name, None)
    with FakeServer(latency=LATENCY) as server:
        told, whole, took, calls = asked(server)
        share = calls / (AT_ONCE / LATENCY * whole)
    said = f"{calls} calls in {whole:.1f} s, a sequence in {took[len(took) // 2]:.1f} s (median)"
    print(
        f"{dict(told)}, {AT_ONCE} in flight, {LATENCY:.1f} s an answer: {said}, {share:.1%} of what so many can make",
        flush=True,
    )
    with FakeServer(latency=0.2, rpm=RPM) as server:
        told, whole, took, calls = asked(server)
        share = calls / (RPM * whole / 60 + RPM / 60)
    said = f"{calls} calls in {whole:.1f} s, a sequence in {took[len(took) // 2]:.1f} s (median)"
    print(f"{dict(told)}, {AT_ONCE} in flight, {RPM} requests a minute: {said}, {share:.1%} of those permitted")


if __name__ == "__main__":
    main()
