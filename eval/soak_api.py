"""``make soak``: ask the REST API everything that its own schema allows, and much that it does not.

``python -m eval.soak_api [SECONDS] [SEED]``: for SECONDS (600) in all, first without a model, then with one behind it
that fails in a fifth of its answers. Half of the requests that fit the schema are made to be about somebody who is
there, so that they get as far as writing. What has to hold for each:

- no server error, and no status, header or body that the schema does not tell of;
- what does not fit the schema is refused;
- sequences of templates say so, and no call stays open in the ledger.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import CHECKS, load_all_checks
from sqlalchemy import text

from ranker.api.keys import KeyBook
from ranker.api.serve import config_of
from ranker.api.service import Service
from ranker.llm.breaker import Breaker
from ranker.store.engine import Database, open_database
from tests.llm.fake_server import FakeServer
from tests.store.ranked import ranked_world

HOLD = (
    "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "unsupported_method", "allow_header_conformance",
)  # fmt: skip
"""What is checked of each answer. Not whether all that fits is taken: a schema can't say whose a host is."""


@contextmanager
def serving(service: Service) -> Iterator[str]:
    """The address of a real server, until the end of the block."""
    config = config_of(service)
    config.port = 0
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > end:
            raise RuntimeError("the server did not start")
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)


def no_server_error(_: Any, answer: Any, case: Any) -> None:
    """502 is none where it was asked for: no model, no usable answer, and no template may stand in."""
    wished = answer.status_code == 502 and isinstance(case.body, dict) and case.body.get("fallback") is False
    assert wished or answer.status_code < 500, f"{answer.status_code}: {answer.text[:300]}"


def ask_everything(address: str, leads: list[int], examples: int, start: int) -> Counter[str]:
    """Ask so many requests of each kind of each address; "operation status" → how many. Raises what was found wrong."""
    load_all_checks()
    holds = [no_server_error, *CHECKS.get_by_names(list(HOLD))]
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    told: Counter[str] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in schemathesis.GenerationMode:
            if mode == schemathesis.GenerationMode.NEGATIVE and operation.path == "/health":
                continue  # nothing is given there that could be wrong
            asked = random.Random(start)

            def one(case: Any, mend: bool = mode == schemathesis.GenerationMode.POSITIVE, luck: Any = asked) -> None:
                if mend and isinstance(case.body, dict):
                    _about_somebody(case.body, leads, luck)
                answer = case.call_and_validate(checks=holds)
                told[f"{case.operation.label} {answer.status_code}"] += 1

            _run(one, operation.as_strategy(generation_mode=mode), examples, start)
    return told


def _run(one: Callable[[Any], None], cases: Any, examples: int, start: int) -> None:
    # What is found is not made smaller: the first answer that is wrong tells enough, and the order stays.
    limits = settings(
        max_examples=examples, deadline=None, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    seed(start)(limits(given(case=cases)(lambda case: one(case))))()


def _about_somebody(body: dict[str, Any], leads: list[int], luck: random.Random) -> None:
    """Make a request that fits the schema one about somebody whom there is, now and then."""
    kind = luck.randrange(4)
    if kind < 2:
        body.pop("prospect_url", None)
        body.pop("lead_id", None)
    if kind == 0:
        body["lead_id"] = luck.choice(leads)
    if kind == 1:
        body["prospect_url"] = f"https://www.linkedin.com/in/lead-{luck.randrange(50)}"


def look_after(database: Database) -> None:
    """What has to hold in the database afterwards."""
    with database.engine.connect() as connection:
        open_calls = connection.execute(text("SELECT count(*) FROM ai_call WHERE outcome='open'")).scalar_one()
        waiting = connection.execute(text("SELECT count(*) FROM sequence WHERE state='waiting'")).scalar_one()
        unnamed = connection.execute(
            text("SELECT count(*) FROM sequence WHERE state='complete' AND origin<>'model' AND reason=''")
        ).scalar_one()
    assert (open_calls, waiting, unnamed) == (0, 0, 0), (open_calls, waiting, unnamed)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", nargs="?", type=int, default=600)
    parser.add_argument("seed", nargs="?", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    for name in [one for one in os.environ if one.startswith("RANKER_") or one.endswith("_API_KEY")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as folder, FakeServer(share=0.2, faults=_QUICK) as model:
        os.environ["RANKER_DATA"] = folder
        os.chdir(folder)
        database = open_database(folder=Path(folder))
        leads = list(ranked_world(database).leads.values())
        for name, told in (("without a model", {}), ("with a model", {"OPENAI_BASE_URL": model.url})):
            os.environ.update(told)
            os.environ.update({"RANKER_PRICE_INPUT": "1", "RANKER_PRICE_OUTPUT": "2", "RANKER_TIMEOUT": "5"})
            _for(name, options.seconds / 2, options.seed, database, leads)
        database.close()


_QUICK = ("error_500", "reset", "not_json", "invalid_json", "wrong_schema", "cut", "refusal", "empty", "filtered")


def _for(name: str, seconds: float, start: int, database: Database, leads: list[int]) -> None:
    service = Service(database, KeyBook(), pause=0.01, breaker=lambda: Breaker(cool=0.05))
    told: Counter[str] = Counter()
    end = time.monotonic() + seconds
    with serving(service) as address:
        while time.monotonic() < end:
            told += ask_everything(address, leads, 50, start)
            start += 1
    look_after(database)
    print(f"{name}: {sum(told.values()):,} requests, nothing wrong")
    for label, count in sorted(told.items()):
        print(f"  {label}: {count:,}")


if __name__ == "__main__":
    main()
