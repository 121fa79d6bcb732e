"""A fake server with an OpenAI-compatible address, on loopback: real HTTP, programmable latency, limits and faults.

It reads the leads out of a question and answers by a fixed function of each title, so that a test knows what has to
come out. Limits are buckets that fill evenly, as OpenAI describes its own; a refused request is not counted.
"""

import asyncio
import json
import random
import re
import struct
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET

from tests.llm.fake_answers import ERRORS, FAULTS, WRITING_FAULTS, of_optimizing, of_outreach, verdict

_ROW = re.compile(r'^\{"id": .*\}$', re.MULTILINE)
STALLED = 20.0
"""Seconds that a stalled or dripping answer takes: longer than a test's timeout, so that nobody waits for its end."""
DRIP = 0.15
"""Seconds from one byte of a dripping answer to the next: shorter than a test's timeout."""


@dataclass
class Bucket:
    """A limit a minute; ``burst`` is what can be used at once."""

    a_minute: float
    burst: float
    level: float = 0.0
    at: float = 0.0

    def fill(self):
        now = time.monotonic()
        self.level = min(self.burst, self.level + (now - self.at) * self.a_minute / 60) if self.at else self.burst
        self.at = now


@dataclass
class FakeServer:
    """Use it as ``with FakeServer(…) as server``; ``server.url`` is the base address.

    ``script``: what the first requests meet, then every request is fine, or with probability ``share`` meets one of
    ``faults``. A fault is a name of ``FAULTS``, or one of quota, auth, no_model, bad_request, too_long, no_json_schema,
    no_temperature, router_error, rate_long. The share ``breaks`` of a writer's answers has one of ``breaking``.
    """

    latency: float = 0.0
    rpm: float | None = None
    tpm: float | None = None
    burst: float = 1.0  # seconds' worth
    script: list = field(default_factory=list)
    share: float = 0.0
    faults: tuple = FAULTS
    seed: int = 0
    always: str = ""
    breaks: float = 0.0
    breaking: tuple = WRITING_FAULTS
    refuses: tuple = ()  # parameters it does not know: json_schema, json_object, temperature, max_tokens
    retry_after: float = 0.05
    model: str = "fake-2026-01-01"
    requests: list = field(default_factory=list)
    met: Counter = field(default_factory=Counter)
    tokens: int = 0
    charged: float = 0.0
    at_once: int = 0
    most_at_once: int = 0

    def __enter__(self):
        self._random = random.Random(self.seed)
        self._buckets = {
            name: Bucket(limit, max(1.0, limit / 60 * self.burst))
            for name, limit in (("requests", self.rpm), ("tokens", self.tpm))
            if limit
        }
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        started.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    def _run(self, started):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(started))
        self._loop.close()

    async def _serve(self, started):
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await self._stop.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)

    async def _connection(self, reader, writer):
        try:
            while await self._request(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _request(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head.split("\r\n")[1:])}
        body = json.loads(await reader.readexactly(int(headers.get("content-length", 0))))
        self.requests.append({"at": time.monotonic(), "body": body, "key": headers.get("authorization", "")})
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return await self._answer(writer, body)
        finally:
            self.at_once -= 1

    def _fault(self, body):
        unknown = self._unknown(body)
        if unknown:
            return unknown
        if self.script:
            return self.script.pop(0)
        if self.always:
            return self.always
        return self._random.choice(self.faults) if self._random.random() < self.share else "ok"

    def _unknown(self, body):
        kind = body.get("response_format", {}).get("type", "")
        return next((f"no_{name}" for name in self.refuses if name == kind or name in body), "")

    def _over(self, tokens):
        """Whether a limit is passed, with the headers that say so; nothing is counted then."""
        for bucket in self._buckets.values():
            bucket.fill()
        wanted = {"requests": 1.0, "tokens": tokens}
        over = [name for name, b in self._buckets.items() if b.level < min(wanted[name], b.burst)]
        if not over:
            self.charged += tokens
            for name, bucket in self._buckets.items():
                bucket.level -= wanted[name]
        headers = {}
        for name, bucket in self._buckets.items():
            headers[f"x-ratelimit-limit-{name}"] = f"{bucket.a_minute:.0f}"
            headers[f"x-ratelimit-remaining-{name}"] = f"{max(0, int(bucket.level))}"
        if over:
            wait = max((wanted[name] - self._buckets[name].level) * 60 / self._buckets[name].a_minute for name in over)
            headers["retry-after-ms"] = f"{wait * 1000:.0f}"
        return bool(over), headers

    async def _answer(self, writer, body):
        said = "".join(message["content"] for message in body["messages"])
        limit = body.get("max_tokens") or body.get("max_completion_tokens") or 0
        into = len(said.encode()) // 4
        over, headers = self._over(max(into, limit))
        fault = "limit" if over else self._fault(body)
        self.met[fault] += 1
        status, error = ERRORS.get(fault, (200, None))
        if fault == "rate":
            headers["retry-after"] = f"{self.retry_after}"
        if fault == "rate_long":
            headers["retry-after"] = "7200"
        if fault == "reset":
            writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return False
        if self.latency and not over:
            await asyncio.sleep(self.latency)
        if fault == "stall":
            await asyncio.sleep(STALLED)
            return False
        if fault == "not_json":
            payload = b"<html>a proxy's page</html>"
        elif error is not None:
            payload = json.dumps({"error": error}).encode()
        else:
            payload = json.dumps(self._completion(body, said, fault, into)).encode()
        kind = "text/html" if fault == "not_json" else "application/json"
        lines = [f"HTTP/1.1 {status} x", f"content-type: {kind}", f"content-length: {len(payload)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        if fault == "drip":
            for at in range(int(STALLED / DRIP)):
                writer.write(payload[at : at + 1])
                await writer.drain()
                await asyncio.sleep(DRIP)
            return False
        writer.write(payload)
        await writer.drain()
        return True

    def _verdict(self, row, said):
        return verdict(row, 100 if "0 to 100" in said else 10)

    def _completion(self, body, said, fault, into):
        rows = [json.loads(line) for line in _ROW.findall(said)]
        if fault == "ok" and "Write the messages: " in said and self._random.random() < self.breaks:
            fault = self._random.choice(self.breaking)
            self.met[fault] += 1
        other = of_optimizing(said, rows) or of_outreach(said, fault)
        leads = [] if other else [self._verdict(row, said) for row in rows]
        if leads and fault == "missing_id":
            leads.pop(self._random.randrange(len(leads)))
        if leads and fault == "doubled_id":
            other_score = (leads[0]["score"] + 5) % 11
            leads.append({**leads[0], "score": other_score, "reason": "again", "relevant": not leads[0]["relevant"]})
        if fault == "invented_id":
            leads.append({"id": 999, "relevant": True, "score": 10, "department": 10, "seniority": 10, "reason": "x"})
        if leads and fault == "out_of_range":
            leads[0] = {**leads[0], "score": 4711, "relevant": "maybe"}
        text = json.dumps(other or {"leads": leads})
        if fault == "invalid_json":
            text = text[:-1] + ",}]"
        if fault == "wrong_schema":
            text = json.dumps({"result": "fine"})
        if fault == "cut":
            text = text[: len(text) // 2]
        if fault in {"refusal", "empty", "filtered"}:
            text = ""
        out = len(text) // 4 + 1
        self.tokens += into + out
        reason = {"cut": "length", "filtered": "content_filter"}.get(fault, "stop")
        message = {"role": "assistant", "content": text or None}
        if fault == "refusal":
            message["refusal"] = "I can't help with that."
        if fault == "router_error":
            return {"error": {"code": 502, "message": "upstream"}, "object": "error"}
        return {
            "id": "x", "object": "chat.completion", "created": 0, "model": self.model,
            "choices": [{"index": 0, "finish_reason": reason, "message": message}],
            "usage": {
                "prompt_tokens": into, "completion_tokens": out, "total_tokens": into + out,
                "prompt_tokens_details": {"cached_tokens": 0},
            },
        }  # fmt: skip
