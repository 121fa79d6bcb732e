"""The sentences that outreach writes without a model: ``prompts/outreach/templates.toml``, read once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parents[2] / "prompts" / "outreach" / "templates.toml"
UNKNOWN = "unknown"
"""The seniority and the department of whoever has none."""
_CONTRACTED = (
    (r"\b(is|are|was|were|does|do|did|has|have|had|would|could|should) not\b", r"\1n't"),
    (r"\bwill not\b", "won't"),
    (r"\b(?:cannot|can not)\b", "can't"),
    (r"\b(I|you|we|they) (?:will)\b", r"\1'll"),
    (r"\b(I|you|we|they) would\b", r"\1'd"),
    (r"\bI am\b", "I'm"),
    (r"\b(you|we|they) are\b", r"\1're"),
    (r"\b(I|you|we|they) have (?=been|seen|taken|written|made|read|had)", r"\1've "),
    (r"\b(it|that|there|here|what|nobody) is(?=\s)", r"\1's"),
)


@dataclass(frozen=True, slots=True)
class Seniority:
    """How somebody's place is spoken of. ``who`` has $topic and $company, ``nowhere`` $topic, ``alone`` $company."""

    called: str
    who: str
    nowhere: str
    alone: str
    benefit: str
    angle: str


@dataclass(frozen=True, slots=True)
class Department:
    """What can be said to, and asked of, anybody of a department."""

    concern: str
    question: str


@dataclass(frozen=True, slots=True)
class Role:
    """A message of the sequence. ``text`` for a low and a high formality, ``kind`` and ``ask`` by band.

    With the highest directness the request comes first (``asks_first``), or ``direct`` is said instead of ``text``.
    """

    name: str
    text: tuple[str, str]
    kind: tuple[str, ...]
    ask: tuple[str, ...]
    asks_first: bool
    direct: str


@dataclass(frozen=True, slots=True)
class Words:
    """All of the file. ``seniority_of`` and ``topic_of`` are by ``plain`` words; a topic is (department, its name)."""

    named: tuple[str, ...]
    unnamed: tuple[str, ...]
    farewell: tuple[str, ...]
    pitch: dict[str, tuple[str, str]]
    seniorities: dict[str, Seniority]
    departments: dict[str, Department]
    roles: tuple[Role, ...]
    seniority_of: dict[str, str]
    topic_of: dict[str, tuple[str, str]]


@cache
def template_words() -> Words:
    """The sentences as they come with the ranker."""
    raw = tomllib.loads(FILE.read_text("utf-8"))
    seniorities, departments = raw["seniority"], raw["department"]
    return Words(
        named=tuple(raw["salutation"]["named"]),
        unnamed=tuple(raw["salutation"]["unnamed"]),
        farewell=tuple(raw["farewell"]["last"]),
        pitch={name: (pair[0], pair[1]) for name, pair in raw["pitch"].items()},
        seniorities={
            name: Seniority(
                one["called"], one["who"], one["nowhere"], one.get("alone", ""), one["benefit"], one["angle"]
            )
            for name, one in seniorities.items()
        },
        departments={name: Department(one["concern"], one["question"]) for name, one in departments.items()},
        roles=tuple(
            Role(
                one["role"],
                (one["text"][0], one["text"][1]),
                tuple(one["kind"]),
                tuple(one["ask"]),
                one.get("asks_first", False),
                one.get("direct", ""),
            )
            for one in raw["message"]
        ),
        seniority_of={word: name for name, one in seniorities.items() for word in one["words"]},
        topic_of={word: (name, topic) for name, one in departments.items() for word, topic in one["topics"].items()},
    )


def plain(words: str) -> str:
    """Words in lower case without signs: "c_level" and "C-level" are the same."""
    return " ".join(re.findall(r"[^\W_]+", words.casefold()))


@cache
def contracted(sentence: str) -> str:
    """The sentence as it is spoken: "I'm" for "I am". For the file's own sentences, before anything is filled in."""
    for pattern, short in _CONTRACTED:
        sentence = re.sub(pattern, short, sentence, flags=re.IGNORECASE)
    return sentence
