"""Keys of the REST API: made by command, shown once, kept as hashes in a file that only its owner can read.

They stand in no database, backup, log or export. A key is 256 bits of chance, so that a plain hash of it gives nothing
away and can't be tried out.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import re
import secrets
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from ranker.errors import LlmSetup, UsageError
from ranker.events import tell
from ranker.llm.private_file import read_texts, write_texts
from ranker.store.clock import now
from ranker.store.engine import data_folder

FILE = "api_keys.json"
OPEN = "open"
"""Who asks where no key is set; no key can have this name."""
REQUESTS_A_MINUTE = 60
"""Of a key for which nothing else was said."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SIGN = "rk_"
_one_writer = threading.Lock()


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept. ``requests_per_minute`` and ``usd_per_day`` are ``None`` for no limit of its own."""

    name: str
    requests_per_minute: int | None
    usd_per_day: float | None
    made_at: str = ""


def key_file(folder: Path | None = None) -> Path:
    """Where the keys are: in ``folder``, by default the data folder."""
    return (folder or data_folder()) / FILE


class KeyBook:
    """The keys of a data folder, read again when their file changes."""

    def __init__(self, folder: Path | None = None) -> None:
        self._path = key_file(folder)
        self._seen: tuple[int, int, int] | None = None
        self._keys: tuple[tuple[str, ApiKey], ...] = ()

    def all(self) -> tuple[ApiKey, ...]:
        """Every key, by name. Raises ``LlmSetup`` if the file can't be read: then nobody is let in."""
        return tuple(key for _, key in self._read())

    def find(self, given: str) -> ApiKey | None:
        """The key that was given; each is compared, in a time that tells nothing."""
        hashed = _hash(given)
        found = None
        for kept, key in self._read():
            if hmac.compare_digest(kept.encode(), hashed.encode()):
                found = key
        return found

    def _read(self) -> tuple[tuple[str, ApiKey], ...]:
        try:
            now_there = self._path.stat()
            seen = (now_there.st_mtime_ns, now_there.st_size, now_there.st_ino)
        except FileNotFoundError:
            self._seen, self._keys = None, ()
            return ()
        except OSError:
            seen = None
        if seen is None or seen != self._seen:
            self._keys = _parse(read_texts(self._path))
            self._seen = seen
        return self._keys


def add_key(
    name: str, requests_per_minute: int | None = REQUESTS_A_MINUTE, usd_per_day: float | None = None,
    folder: Path | None = None,
) -> str:  # fmt: skip
    """Make a key; its text, which nobody can show again. Raises ``UsageError`` for a name that is none or is taken."""
    if _NAME.fullmatch(name) is None or name == OPEN:
        raise UsageError(
            "The name of a key has lower-case letters, digits and hyphens, 40 at most, such as crm-sync, and is not "
            f"“{OPEN}”."
        )
    if usd_per_day is not None and not (math.isfinite(usd_per_day) and usd_per_day >= 0):
        raise UsageError("The limit of a day has to be a number of dollars, such as 2.50.")
    text = _SIGN + secrets.token_urlsafe(32)
    with _one_writer:
        texts = read_texts(key_file(folder))
        if name in texts:
            raise UsageError(f"There is a key “{name}” already. Remove it first, or take another name.")
        kept = asdict(ApiKey(name, requests_per_minute, usd_per_day, now())) | {"hash": _hash(text)}
        write_texts(key_file(folder), {**texts, name: json.dumps(kept)})
    tell("api.key_made", client=name)
    return text


def remove_key(name: str, folder: Path | None = None) -> bool:
    """Remove a key; False if there was none. It opens nothing from then on, also in an API that is running."""
    with _one_writer:
        texts = read_texts(key_file(folder))
        if texts.pop(name, None) is None:
            return False
        write_texts(key_file(folder), texts)
    tell("api.key_removed", client=name)
    return True


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _parse(texts: dict[str, str]) -> tuple[tuple[str, ApiKey], ...]:
    found = []
    for name, text in sorted(texts.items()):
        try:
            kept = json.loads(text)
            requests, dollars = kept["requests_per_minute"], kept["usd_per_day"]
            key = ApiKey(
                name, None if requests is None else int(requests), None if dollars is None else float(dollars),
                str(kept["made_at"]),
            )  # fmt: skip
            found.append((str(kept["hash"]), key))
        except (ValueError, KeyError, TypeError):
            raise LlmSetup(
                f"The file {FILE} in the data folder can't be read. Remove it, then make new keys."
            ) from None
    return tuple(found)
