"""Keys that were entered in the app: in a file of the data folder, for its owner only, in no database and no backup.

A key is kept for one provider at its own address, or for one address; it is sent nowhere else.
"""

from __future__ import annotations

import threading
from pathlib import Path
from urllib.parse import urlsplit

from ranker.errors import LlmSetup
from ranker.events import tell
from ranker.llm.private_file import read_texts, write_texts
from ranker.llm.providers import Preset
from ranker.llm.secret import Secret
from ranker.store.engine import data_folder

FILE = "keys.json"
SHORTEST, LONGEST = 8, 500
"""Signs of a key; servers of one's own may take a shorter one."""
_one_writer = threading.Lock()


def key_file(folder: Path | None = None) -> Path:
    """Where the keys are: in ``folder``, by default the data folder."""
    return (folder or data_folder()) / FILE


def key_place(preset: Preset, address: str) -> str:
    """The name under which a key is kept: the preset's at its own address, with the address anywhere else."""
    if not address or origin(address) == origin(preset.base_url):
        return preset.name
    return f"{preset.name}@{origin(address)}"


def origin(address: str) -> str:
    """Scheme, host and port of an address, without a name or a password: ``https://api.openai.com``."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()


def load_keys(folder: Path | None = None) -> dict[str, Secret]:
    """The keys by place. Raises ``LlmSetup`` if the file is there and can't be read."""
    return {place: Secret(text) for place, text in read_texts(key_file(folder)).items() if text}


def save_key(preset: Preset, address: str, text: str) -> None:
    """Keep a key, in place of the one before. Raises ``LlmSetup`` for what can't be a key; it is not quoted."""
    cleaned = clean_key(text, least=shortest(preset))
    with _one_writer:
        write_texts(key_file(), {**read_texts(key_file()), key_place(preset, address): cleaned})
    tell("llm.key_saved", provider=preset.name)


def remove_key(preset: Preset, address: str) -> bool:
    """Remove a key; False if there was none. The file goes with the last one."""
    with _one_writer:
        kept = read_texts(key_file())
        if kept.pop(key_place(preset, address), None) is None:
            return False
        write_texts(key_file(), kept)
    tell("llm.key_removed", provider=preset.name)
    return True


def shortest(preset: Preset) -> int:
    """Signs that a key of this provider has at least."""
    return SHORTEST if preset.needs_key else 1


def clean_key(text: str, name: str = "The key", *, least: int = 1) -> str:
    """A key without the blanks around it. Raises ``LlmSetup`` for one that no request can carry, in words."""
    cleaned = text.strip()
    again = "Copy it again, without what stands around it."
    if any(sign.isspace() for sign in cleaned):
        raise LlmSetup(f"{name} has a space or a line break in it. {again}")
    if not all("!" <= sign <= "~" for sign in cleaned):
        raise LlmSetup(f"{name} has signs in it that no key has, such as an accent or a dot of a hidden one. {again}")
    if len(cleaned) < least:
        raise LlmSetup(f"{name} is too short: {len(cleaned)} of at least {least} signs. {again}")
    if len(cleaned) > LONGEST:
        raise LlmSetup(f"{name} is too long: {len(cleaned):,} of at most {LONGEST} signs. {again}")
    return cleaned
