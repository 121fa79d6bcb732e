"""What was chosen in the app for language models: provider, address, model, limit of money; a file without a key."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from ranker.errors import LlmSetup
from ranker.llm.private_file import read_texts, write_texts
from ranker.llm.providers import PRESETS
from ranker.store.engine import data_folder

FILE = "model.json"
NAMES = ("RANKER_PROVIDER", "OPENAI_BASE_URL", "RANKER_MODEL", "RANKER_MAX_USD")
"""The settings that can be chosen in the app, under the names that they have in the environment."""
WITH_ADDRESS = frozenset({"ollama", "other"})
"""Presets whose address is one's own."""
USUAL_MODELS = {
    "openai": "gpt-5-mini", "openrouter": "openai/gpt-5-mini", "groq": "llama-3.3-70b-versatile",
    "gemini": "gemini-2.5-flash", "deepseek": "deepseek-chat",
}  # fmt: skip
"""A model to begin with at each provider that has its own."""
_LONGEST = 200


def choices_file(folder: Path | None = None) -> Path:
    """Where the choices are: in ``folder``, by default the data folder."""
    return (folder or data_folder()) / FILE


def load_choices(folder: Path | None = None) -> dict[str, str]:
    """What was chosen, by name. Raises ``LlmSetup`` if the file is there and can't be read."""
    found = read_texts(choices_file(folder))
    return {name: found[name].strip() for name in NAMES if found.get(name, "").strip()}


def clean_choices(changes: Mapping[str, str]) -> dict[str, str]:
    """What would be kept, "" for what is forgotten. Raises ``LlmSetup``, naming the field, for what makes no sense."""
    cleaned = {name: changes[name].strip() for name in NAMES if name in changes}
    provider = cleaned.get("RANKER_PROVIDER")
    if provider is not None:
        if provider not in PRESETS:
            raise LlmSetup("Choose a provider of the list.")
        address = cleaned.get("OPENAI_BASE_URL", "") if provider in WITH_ADDRESS else ""
        cleaned["OPENAI_BASE_URL"] = clean_address(address)
        if provider == "other" and not cleaned["OPENAI_BASE_URL"]:
            raise LlmSetup("Write the address of your own server, for example http://127.0.0.1:8000/v1.")
    model = cleaned.get("RANKER_MODEL")
    if model is not None and (not model or len(model) > _LONGEST or not model.isprintable() or " " in model):
        raise LlmSetup("Write the model's name as the provider does, for example gpt-5-mini: no spaces.")
    if cleaned.get("RANKER_MAX_USD"):
        cleaned["RANKER_MAX_USD"] = _dollars(cleaned["RANKER_MAX_USD"])
    return cleaned


def save_choices(changes: Mapping[str, str]) -> None:
    """Keep what was chosen, by name; "" forgets a choice, and a name that is not there stays as it was.

    Raises ``LlmSetup`` as ``clean_choices`` does, or if the file can't be written.
    """
    kept = {**load_choices(), **clean_choices(changes)}
    write_texts(choices_file(), {name: value for name, value in kept.items() if value})


def _dollars(text: str) -> str:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise LlmSetup("The limit has to be a sum of dollars, or empty for none.")
    return f"{value:.6f}".rstrip("0").rstrip(".")


def clean_address(text: str) -> str:
    """An address as it is used; "" for none. Raises ``LlmSetup`` for one that can't be asked, or holds a secret."""
    address = text.strip()
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if host is None or parts.scheme not in {"http", "https"}:
        raise LlmSetup("The address has to start with http:// or https://, for example http://127.0.0.1:8000/v1.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise LlmSetup("Leave names, passwords and everything after a ? out of the address; the key has its own field.")
    if len(address) > _LONGEST or not address.isascii() or not address.isprintable() or " " in address:
        raise LlmSetup("The address has signs in it that no address has, or is too long. Copy it again.")
    return address.rstrip("/")
