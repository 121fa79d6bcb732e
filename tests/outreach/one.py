"""One sequence at a fake server, without a run."""

from __future__ import annotations

from ranker.llm.apart import run_to_end
from ranker.llm.breaker import Breaker
from ranker.llm.client import LlmClient
from ranker.outreach.writing import TASKS, write_one
from ranker.scoring.llm.templates import load_prompt
from tests.llm.asking import settings
from tests.outreach.writers import ASKED, person

PROMPTS = {task: load_prompt(task) for task in TASKS}


def write(database, server, known=None, request=ASKED, kept=None, *, scope="one", **more):
    """What comes of one request; and what the ledger has of it."""

    async def run():
        async with LlmClient(
            settings(server), database, scope, TASKS, pause=0.001, breaker=lambda: Breaker(cool=0.01)
        ) as client:
            return await write_one(client, PROMPTS, known or person(), request, kept, **more), client.spending()

    return run_to_end(run())


def user(server, at=-1):
    return server.requests[at]["body"]["messages"][1]["content"]


def steps_asked(server):
    """The steps that each question for messages asked for."""
    return [
        said.rpartition(": ")[2].strip()
        for at in range(len(server.requests))
        if "Attempt" in (said := user(server, at))
    ]
