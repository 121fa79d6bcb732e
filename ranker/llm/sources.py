"""Where settings come from: the environment, then ``.env``, then what was chosen and entered in the app."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ranker.llm.choices import load_choices
from ranker.llm.dotenv import environment
from ranker.llm.keys import clean_key, key_place, load_keys, origin
from ranker.llm.providers import Preset
from ranker.llm.secret import Secret

Place = Literal["environment", ".env", "app", "key file", "default"]
_FIXED: frozenset[Place] = frozenset({"environment", ".env"})
_TOGETHER = ("RANKER_PROVIDER", "OPENAI_BASE_URL")


@dataclass(frozen=True, slots=True)
class Sources:
    """``said``: each setting that somebody set, keys of the environment among them; ``places``: where.

    ``keys``: those of the key file, by place (:func:`ranker.llm.keys.key_place`).
    """

    said: Mapping[str, str] = field(repr=False)
    places: Mapping[str, Place]
    keys: Mapping[str, Secret] = field(default_factory=dict)

    @classmethod
    def of(cls, env: Mapping[str, str]) -> Sources:
        """An environment and nothing else."""
        return cls(env, dict.fromkeys(env, "environment"))

    def place(self, name: str) -> Place:
        """Where a setting comes from."""
        return self.places.get(name, "default")

    def is_fixed(self, *names: str) -> bool:
        """Whether one of these is set outside the app, which wins over what is chosen there."""
        return any(self.place(name) in _FIXED for name in names)

    def key_for(self, preset: Preset, address: str) -> tuple[Secret, Place]:
        """The key for a provider at an address, empty if there is none, and where it comes from.

        A key of the environment goes to an address that was chosen in the app only if that is the provider's own.
        OpenAI's goes elsewhere only with an address that was set beside it: then it is that address's key. Raises
        ``LlmSetup`` for a key that no request can carry.
        """
        given = self.is_fixed("OPENAI_BASE_URL") and address == self.said["OPENAI_BASE_URL"]
        names = [preset.key_variable] if given or origin(address) == origin(preset.base_url) else []
        for name in [*names, *(["OPENAI_API_KEY"] if given else [])]:
            if name in self.said:
                return Secret(clean_key(self.said[name], name)), self.place(name)
        kept = self.keys.get(key_place(preset, address))
        return (Secret(""), "default") if kept is None else (kept, "key file")


def gather(folder: Path | None = None, data: Path | None = None) -> Sources:
    """Look everywhere: the process's environment, ``.env`` in ``folder`` (by default here), the data folder.

    A provider or an address set outside the app puts aside provider, address and model that were chosen in it: they
    belong together. Raises ``LlmSetup`` if a file of the data folder can't be read.
    """
    outside = environment(folder)
    chosen = load_choices(data)
    if any(name in outside for name in _TOGETHER):
        for name in (*_TOGETHER, "RANKER_MODEL"):
            chosen.pop(name, None)
    places: dict[str, Place] = dict.fromkeys(chosen, "app")
    places.update({name: "environment" if name in os.environ else ".env" for name in outside})
    return Sources({**chosen, **outside}, places, load_keys(data))
