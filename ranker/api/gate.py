"""The door of the API: by which name it was called, with which key, how often, how much, and what is told to the log.

It stands before everything else, so that nothing of a request is read that may not come in. The log is told the name of
a route and of a key, never an address with its query, a body or a key.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ranker.api.keys import OPEN, ApiKey
from ranker.api.refusal import Refusal, refusal_of
from ranker.api.service import Service
from ranker.errors import LlmSetup
from ranker.events import tell, tell_error
from ranker.store import api_use

GUARDED = "/api/"
_WITH_BODY = {("POST", "/api/generate-sequence")}
LARGEST_BODY = 64 * 1024
"""Bytes of a request's body."""
_PATIENCE = 30.0
"""Seconds in which a body has to be there."""
NO_KEYS = ApiKey(OPEN, None, None)
"""Who asks where no key is set."""


class Gate:
    """ASGI: refuses, or hands on with ``request.state.key`` set to an ``ApiKey``."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self.app, self.service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, await self._let_in(scope, receive), sending)
        except Exception as error:  # whatever it is, the caller is told in one shape
            refusal = refusal_of(error)
            if refusal is not error and refusal.status >= 500:
                tell_error("api.failed", error)
            if status:  # half of an answer is out
                raise
            await refusal.answer()(scope, receive, sending)
        finally:
            key = scope.get("state", {}).get("key")
            route = getattr(scope.get("route"), "name", "") or "none"
            tell(
                "api.request", route=route, status=status, ms=round((time.monotonic() - began) * 1000),
                client=key.name if key else "none",
            )  # fmt: skip

    async def _let_in(self, scope: Scope, receive: Receive) -> Receive:
        headers = Headers(scope=scope)
        self._check_host(headers)
        if not scope["path"].startswith(GUARDED):
            return receive
        key = self._key_of(headers)
        scope.setdefault("state", {})["key"] = key
        await self._count(key)
        if (scope["method"], scope["path"]) not in _WITH_BODY:
            return receive  # nobody reads one there
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Refusal(
                415, "content_type", "Send JSON, with the header Content-Type: application/json.",
                ("header", "Content-Type"),
            )  # fmt: skip
        return _again(await _body(headers, receive), receive)

    def _check_host(self, headers: Headers) -> None:
        """A page elsewhere can lead its own name to this computer; a browser then tells that name."""
        hosts = self.service.hosts
        if hosts is not None and _host(headers.get("host", "")) not in hosts:
            raise Refusal(
                400, "host", "This API answers to this computer's own name only: 127.0.0.1 or localhost.",
                ("header", "Host"),
            )  # fmt: skip

    def _key_of(self, headers: Headers) -> ApiKey:
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        given = headers.get("x-api-key") or (bearer.strip() if scheme.lower() == "bearer" else "")
        try:
            there, found = bool(self.service.keys.all()), self.service.keys.find(given)
        except LlmSetup as error:
            raise Refusal(503, "keys", error.message) from None
        if not there and self.service.open:
            return NO_KEYS
        if not there:
            raise _no_entry("No key is set, so nobody is let in. Make one: python -m ranker api-key add NAME.")
        if not given:
            raise _no_entry("A key is needed: send it in the header X-API-Key.")
        if found is None:
            raise _no_entry("This key opens nothing. Copy it again, or ask for a new one.")
        return found

    async def _count(self, key: ApiKey) -> None:
        most = key.requests_per_minute
        if most is None:
            return
        moment = datetime.now(UTC)
        wait = await self.service.write(lambda session: api_use.take(session, key.name, most, moment))
        if wait:
            raise Refusal(
                429, "requests", f"This key may ask {most:,} times a minute. Wait {wait} seconds.",
                headers={"Retry-After": str(wait)},
            )  # fmt: skip


def _no_entry(words: str) -> Refusal:
    return Refusal(401, "key", words, ("header", "X-API-Key"), {"WWW-Authenticate": "Bearer"})


def _host(text: str) -> str:
    """The name in a Host header, without its port."""
    if text.startswith("["):
        return text[1:].partition("]")[0].lower()
    return text.partition(":")[0].lower()


async def _body(headers: Headers, receive: Receive) -> bytes:
    """The whole body, if it is not too large."""
    too_large = Refusal(413, "body_too_large", f"The body can have {LARGEST_BODY // 1024} KB at most.", ("body",))
    said = headers.get("content-length", "")
    if said.isdecimal() and len(said) < 20 and int(said) > LARGEST_BODY:
        raise too_large
    parts, size = [], 0
    try:
        async with asyncio.timeout(_PATIENCE):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise Refusal(400, "body", "The body ended too early.", ("body",))
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > LARGEST_BODY:
                    raise too_large
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError:
        raise Refusal(408, "body_too_slow", "The body did not come. Try again.", ("body",)) from None


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more for who comes next, then what comes after it."""
    told = False

    async def once_more() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once_more
