"""What the tests of the client share: settings for a fake server, a question of three leads, an event loop."""

import asyncio
import json

from ranker.llm.apart import run_to_end
from ranker.llm.breaker import Breaker
from ranker.llm.client import LlmClient
from ranker.llm.prices import Price
from ranker.llm.providers import PRESETS
from ranker.llm.question import Question
from ranker.llm.settings import Provider, Secret, Settings

KEY = "sk-not-to-be-shown"
SCHEMA = {"type": "object", "properties": {"leads": {"type": "array"}}}
PRICE = Price(1.0, 0.5, 2.0)


def provider(server, *, preset="other", price=PRICE, model="fake") -> Provider:
    return Provider(PRESETS[preset], server.url, Secret(KEY), model, own_price=price)


def settings(*servers, **more) -> Settings:
    first = {key: more.pop(key) for key in ("preset", "price", "model") if key in more}
    more = {"timeout": 30.0, **more}
    return Settings(tuple(provider(server, **first) for server in servers), **more)


def question(number=0, leads=3, max_output=200) -> Question:
    rows = "\n".join(json.dumps({"id": at, "title": f"Title {number}-{at}"}) for at in range(1, leads + 1))
    return Question("qualify", "Judge these.", f"<leads>\n{rows}\n</leads>", "verdicts", SCHEMA, max_output)


def check(data):
    """The leads of an answer; refuses any other form."""
    return [row["id"] for row in data["leads"]]


def ask(database, set_up, *questions, scope="work", **more):
    """The answers to the questions, all asked at once, and the client afterwards; an error stands in for an answer."""

    async def run():
        more.setdefault("breaker", lambda: Breaker(cool=0.05))
        async with LlmClient(set_up, database, scope, ("qualify",), pause=0.01, **more) as client:
            asked = [client.ask(one, check) for one in questions]
            return await asyncio.gather(*asked, return_exceptions=True), client, client.spending()

    return run_to_end(run())
