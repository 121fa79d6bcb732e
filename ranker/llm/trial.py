"""One real call to see whether a provider can be asked: what it took, or what went wrong and what to do about it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Any

from ranker.errors import CallFailed, LlmError, ProvidersFailed
from ranker.llm.apart import run_to_end
from ranker.llm.client import LlmClient
from ranker.llm.failures import POLICIES
from ranker.llm.overview import title_of
from ranker.llm.providers import Rung
from ranker.llm.question import Question
from ranker.llm.settings import Provider, Settings
from ranker.store.call_rows import CallRow, calls_of
from ranker.store.engine import Database

PURPOSE = "test"
_SECONDS = 30.0
"""The longest that a person waits for the answer, whatever the timeout of a ranking."""
_LONGEST_NAME = 100
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "leads": {
            "type": "array", "minItems": 1, "maxItems": 1,
            "items": {
                "type": "object",
                "properties": {"id": {"type": "integer"}, "relevant": {"type": "boolean"}},
                "required": ["id", "relevant"], "additionalProperties": False,
            },
        }
    },
    "required": ["leads"], "additionalProperties": False,
}  # fmt: skip
_ROW = '{"id": 1, "title": "Head of Sales"}'
_TO_DO = {
    "rate": "The key is taken. Wait a minute, then test again; the provider's plan decides how much may be asked.",
    "quota": "Add credit in the account at the provider, then test again.",
    "auth": "Enter the key again, whole, or make a new one in the account at the provider.",
    "server": "Nothing here can mend that. Test again in some minutes.",
    "network": "Check that this computer is online, and that no firewall or proxy is in the way.",
    "timeout": "Test again; if it stays so, choose a faster model.",
    "too_long": "Choose a model that takes longer questions.",
    "request": "Check the model's name; another model may take it.",
    "refused": "Choose another model.",
    "filtered": "Choose another model.",
    "cut": "Choose a model that is not so small, or one that thinks less.",
    "empty": "Choose another model.",
    "invalid": "It can be reached, but does not keep to the form that ranking needs: choose a more able model.",
}

_BEFORE = {
    "llm.cap": (
        "This one call could cost more than a ranking may, so it was not made.",
        "Raise the limit in dollars, or leave it empty.",
    ),
}
"""What kept the call from being made, in other words than those for a ranking."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How a test went. ``kind``: "ok", a kind of failure, or the code of what kept it from being asked.

    ``told``: what went wrong, "" if nothing did; ``way``: what to do then. ``rung``: how a structured answer was got.
    Tokens, ``cost_usd`` and ``latency_ms`` are ``None`` where they are not known; ``calls``: requests that were made,
    those that only found out what the address can't take among them.
    """

    kind: str
    title: str
    model: str
    told: str = ""
    way: str = ""
    served: str = ""
    rung: Rung | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost_usd: float | None = None
    latency_ms: int | None = None
    calls: int = 0

    @property
    def ok(self) -> bool:
        """Whether it answered as ranking needs it."""
        return self.kind == "ok"


def try_provider(settings: Settings, database: Database, *, seconds: float = _SECONDS) -> Trial:
    """Ask the first provider one tiny question, about no lead; at most ``seconds`` long.

    It has a row in the ledger, and is held by the limit of money and the switch for paid calls as a ranking is. No
    other provider stands in, nothing is asked twice, and a provider that was given up is asked too. An answer ends
    whatever kept it from being asked.
    """
    first, scope = settings.providers[0], f"{PURPOSE}-{secrets.token_hex(8)}"
    short = replace(settings, timeout=min(settings.timeout, seconds))
    try:
        rung, error = run_to_end(_ask(short, database, scope))
    except LlmError as refused:
        return Trial(refused.code, title_of(first), first.model_for(PURPOSE), refused.message)
    with database.session() as session:
        rows = calls_of(session, scope)
    found = _summed(first, rung, rows)
    if error is None:
        return found
    if not isinstance(error, CallFailed | ProvidersFailed) or not rows:
        told, way = _BEFORE.get(error.code, (error.message, ""))
        return replace(found, kind=error.code, told=told, way=way, rung=None)
    return _explained(found, first, rows[-1])


async def _ask(settings: Settings, database: Database, scope: str) -> tuple[Rung, LlmError | None]:
    # The scope makes it a question that was never asked, so that no kept answer stands in.
    asked = Question(
        PURPOSE, f"This is a test ({scope}). Say of each lead whether its title is about sales.",
        f"<leads>\n{_ROW}\n</leads>", "verdicts", _SCHEMA, 200,
    )  # fmt: skip
    error: LlmError | None = None
    async with LlmClient(settings, database, scope, (PURPOSE,), failover=False, once=True) as client:
        try:
            await client.ask(asked, _check)
        except LlmError as failed:
            error = failed
        return client.lanes[0].manners(settings.providers[0].model_for(PURPOSE)).rung, error


def _check(data: Any) -> bool:
    (row,) = data["leads"]
    if row["id"] != 1 or not isinstance(row["relevant"], bool):
        raise ValueError("no verdict")
    return True


def _summed(first: Provider, rung: Rung, rows: tuple[CallRow, ...]) -> Trial:
    costs = [row.cost_usd for row in rows]
    last = rows[-1] if rows else None
    return Trial(
        "ok", title_of(first), first.model_for(PURPOSE), served=_short(last.served) if last else "", rung=rung,
        tokens_in=last.tokens_in if last else None, tokens_out=last.tokens_out if last else None,
        cost_usd=None if None in costs else sum(cost for cost in costs if cost is not None),
        latency_ms=last.latency_ms if last else None, calls=len(rows),
    )  # fmt: skip


def _short(text: str) -> str:
    """What a server calls its model, however long or odd, for one line."""
    return " ".join(text.split())[:_LONGEST_NAME]


def _explained(found: Trial, first: Provider, last: CallRow) -> Trial:
    """What a failure means at this address, in words."""
    kind, model, own = last.outcome, found.model, first.base_url != first.preset.base_url
    told, way = f"The model “{model}” {POLICIES[kind].words}.", _TO_DO.get(kind, "")
    if kind == "empty" and not last.served and last.tokens_in is None:
        kind, told = "foreign", "What answers at this address is no server for language models."
        way = "Check the address; most end in /v1. A page of a proxy or of a sign-in answers like this too."
    elif kind == "auth" and not first.key:
        told, way = "The server asks for a key, and none is set.", "Enter the key that belongs to this address."
    elif kind == "model":
        way = f"Write the model's name as {first.preset.title} does."
        if own:
            told = f"The server has no model “{model}”, or no such address."
            way = "Check the model's name, and that the address is the one for programs: most end in /v1."
    elif kind == "network" and own:
        told = "Nothing could be reached at this address, or it hung up."
        way = "Check the address and its port, and that the server runs."
    elif kind == "server" and own:
        way = "Test again in some minutes; if it stays so, check the address too."
    elif kind == "request" and own and first.base_url.startswith("http:"):
        way += " If the server wants an encrypted connection, the address begins with https:// instead of http://."
    if kind in {"network", "timeout"} and own and first.base_url.startswith("https:"):
        way += " If it has no certificate, the address begins with http:// instead of https://."
    return replace(found, kind=kind, told=told, way=way, rung=None)
