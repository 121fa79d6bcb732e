"""What the sources hold, in the shape that the checks ask for: words, domains, numbers.

Only the lead and the context hold facts: a persona's line is about buyers in general, a verdict is our own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ranker.outreach.numbers import Number, numbers
from ranker.outreach.sequence import Source
from ranker.outreach.words import fold, lines

HOLDING = ("lead", "context")
COMPANY = ("company_name", "company", "account_name", "organization", "organisation", "employer")
PERSON = ("full_name", "first_name", "last_name", "name")
ADDRESS = ("linkedin_url", "profile_url", "email", "domain", "website", "url")
SIZE = ("size", "employees", "company_size", "employee_range")
_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class HeldNumber:
    """A number that a source gives: the source's kind and name beside it, and the stems of the words behind it."""

    number: Number
    kind: str
    name: str
    things: frozenset[str]


@dataclass(frozen=True, slots=True)
class Held:
    """``words``: folded, whole and in parts; ``company`` and ``person`` those of the lead alone; ``text``: folded, all
    of it; ``domains`` without "www.".
    """

    words: frozenset[str]
    company: frozenset[str]
    person: frozenset[str]
    domains: frozenset[str]
    numbers: tuple[HeldNumber, ...]
    text: str
    facts: tuple[Source, ...]


def held(sources: Sequence[Source]) -> Held:
    """What these sources hold. Their order does not matter."""
    facts = tuple(one for one in sources if one.kind in HOLDING and one.value.strip())
    words: set[str] = set()
    domains: set[str] = set()
    found: list[HeldNumber] = []
    for one in facts:
        # The sender's text is long, the same for every prospect, and no personal data: it is read once.
        read = _read_once if one.kind == "context" else _read
        parts, hosts, counts = read(one.value)
        words |= parts
        domains |= hosts
        if one.name not in ADDRESS or one.kind == "context":
            found += [HeldNumber(number, one.kind, one.name, things) for number, things in counts]
    text = "\n".join(sorted(fold(one.value) for one in facts))
    for names in same_places():
        if any(name in words if " " not in name else name in text for name in names if len(name) > 3):
            words.update(part for name in names for part in name.split())
    lead = [one for one in facts if one.kind == "lead"]
    return Held(
        frozenset(words),
        frozenset().union(*(word_parts(one.value) for one in lead if one.name in COMPANY)),
        frozenset().union(*(word_parts(one.value) for one in lead if one.name in PERSON)),
        frozenset(domains),
        tuple(found),
        text,
        facts,
    )


def _read(value: str) -> tuple[frozenset[str], frozenset[str], tuple[tuple[Number, frozenset[str]], ...]]:
    """A value's words, its domains, and its numbers with what they count."""
    hosts = frozenset(fold(name.removeprefix("www.")) for name in DOMAIN.findall(value))
    counts = tuple((number, things_behind(value, number.end)) for number in numbers(value, ""))
    return frozenset(word_parts(value)), hosts, counts


_read_once = lru_cache(maxsize=32)(_read)


def things_behind(text: str, at: int) -> frozenset[str]:
    """The stems of up to three words behind a number, in its clause: what it counts is one of them."""
    found = re.match(r"[\s-]*((?:[^\W\d_]+[\s-]?){1,3})", text[at : at + 60])
    return frozenset(fold(word)[:5] for word in re.findall(r"[^\W\d_]{3,}", found.group(1))) if found else frozenset()


@cache
def same_places() -> tuple[tuple[str, ...], ...]:
    """Names of one country, or one city, folded."""
    return tuple(tuple(fold(name.strip()) for name in line.split(",")) for line in lines("countries"))


def word_parts(text: str) -> set[str]:
    """The words of a text, folded: whole ("müller-lüdenscheidt"), and each part; also "acme" for "acme's"."""
    out = set()
    for found in _WORD.findall(text):
        word = fold(found)
        out.add(word)
        out.add(re.sub(r"'s?$", "", word))
        out.update(part for part in re.split(r"['.&-]", word) if part)
        out.add(re.sub(r"[.'&-]", "", word))
    return out
