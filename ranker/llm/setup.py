"""Setting up language models from the app: what was chosen and a key, kept together."""

from __future__ import annotations

from collections.abc import Mapping

from ranker.llm.choices import clean_choices, save_choices
from ranker.llm.keys import clean_key, remove_key, save_key, shortest
from ranker.llm.providers import PRESETS
from ranker.llm.secret import Secret
from ranker.llm.settings import Provider, first_address
from ranker.llm.sources import gather
from ranker.store.engine import Database
from ranker.store.provider_states import reset_state


def save_setup(database: Database, changes: Mapping[str, str], key: str = "") -> bool:
    """Keep choices by name (``ranker.llm.choices``) and a key for the provider that they lead to; True if a key came.

    A provider that was given up may be asked again with a new key. Raises ``LlmSetup``, and then nothing is changed,
    for a choice that makes no sense or a text that can't be a key; the message quotes no key.
    """
    cleaned = clean_choices(changes)
    if key.strip():
        preset = PRESETS.get(cleaned.get("RANKER_PROVIDER", "")) or first_address(gather().said)[0]
        clean_key(key, least=shortest(preset))
    save_choices(cleaned)
    if not key.strip():
        return False
    preset, address = first_address(gather().said)
    save_key(preset, address, key)
    reset_state(database, Provider(preset, address, Secret(""), "").name)
    return True


def forget_key() -> bool:
    """Remove the key that was entered for the provider that is asked first; False if there was none."""
    preset, address = first_address(gather().said)
    return remove_key(preset, address)
