"""Claims that something happened: "you recently raised", "your post on …", "as discussed", with no name in them.

The patterns are in ``data/claims.txt``. A question or a supposition ("Are you hiring?", "teams like yours often …")
claims nothing, unless its words take the event for granted ("How is your new role?").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from ranker.outreach.held import Held, word_parts
from ranker.outreach.language import language
from ranker.outreach.sentences import Span, sentences
from ranker.outreach.sequence import Mark
from ranker.outreach.words import fold, lines, many

_DEFINED = re.compile(r"([A-Z]+) = (.*)")
_RULE = re.compile(r"([a-z]{2}) (told|presumed): (.*)")
_HEDGE = re.compile(
    r"\b(?:" + "|".join(lines("hedges")) + r")\b",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?;:\n]|,\s|\s[–—-]\s|\s(?:and|but|so|which|und|aber|y|pero|et|mais|while|because|as I|I)\s")
_SMALL = frozenset(
    "you your yours we our us i my me the a an and or of on in at for to with from by is are was were be been has "
    "have had that "
    "this it its s ve re just recently already newly saw noticed read heard congratulations congrats new recent "
    "latest last".split()
)
_SILENT = frozenset(
    "title company company_name industry location size email domain linkedin_url department seniority".split()
)
"""Columns that hold no event: somebody whose title is "Hiring Manager" need not be hiring."""
_FURTHEST = 90
_PARTS = re.compile(r"[;:]|\s[–—-]\s|,\s(?:but|and|so|yet|aber|und|pero|mais)\s")
_BREAK = re.compile(r"[;:]|\s[–—-]\s|,\s")
_ASKING = re.compile(
    r"\W*(?:and |so |but )?(?:are|is|was|were|do|does|did|have|has|had|can|could|will|would|should|may|might|how|what|"
    r"who|when|where|why|which|whether|haben|hat|sind|ist|wird|werden|wie|was|wer|wann|warum|qué|cómo|has|ha|han|avez|est-ce)\b",
    re.IGNORECASE,
)
_AMONG = re.compile(r"(?:i|we)\b", re.IGNORECASE)
_OTHERS = re.compile(r"\b(?:\w+s|people|everyone|everybody|anyone|nobody|those)\s(?:that\s|whom?\s)?$")
_FOUNDED = re.compile(r"\b(?:co-?)?(?:founded|gegründet|fundaste|fundó|fondé)\b", re.IGNORECASE)
_HERE = re.compile(r"\b(?:time|work|role|career|experience|background|team) (?:at|with)$", re.IGNORECASE)
_ROMANCE = ("es", "fr", "pt", "it")


@cache
def _rules(lang: str) -> tuple[tuple[bool, re.Pattern[str]], ...]:
    """(Told or presumed, all such rules of a language in one pattern): one pass over a sentence in place of a hundred.

    English rules hold for every language, because trade talk is full of it; Romance languages help each other out.
    """
    names: dict[str, str] = {}
    found: dict[bool, list[str]] = {False: [], True: []}
    anchored: list[str] = []
    for line in lines("claims"):
        if rule := _RULE.fullmatch(line):
            pattern = rule.group(3)
            while (full := re.sub(r"<([A-Z]+)>", lambda name: names[name.group(1)], pattern)) != pattern:
                pattern = full
            if rule.group(1) not in ("en", lang) and not (rule.group(1) in _ROMANCE and lang in _ROMANCE):
                continue
            if pattern.startswith("\\b"):
                found[rule.group(2) == "told"].append(pattern.removeprefix("\\b"))
            else:
                anchored.append(pattern)
        elif name := _DEFINED.fullmatch(line):
            names[name.group(1)] = name.group(2)
        else:
            raise ValueError(f"claims.txt: neither a name nor a rule: {line[:40]}")
    joined = [(told, r"\b(?:" + "|".join(f"(?:{one})" for one in some) + ")") for told, some in found.items()]
    return tuple((told, re.compile(one, re.IGNORECASE)) for told, one in [*joined, *((False, one) for one in anchored)])


def claims(text: str, spans: Sequence[Span], lang: str, held: Held) -> list[Mark]:
    """The clauses that claim an event which no source tells of, in order, without overlap."""
    found: list[Span] = []
    for start, end in spans:
        sentence = text[start:end]
        asks = sentence.rstrip("\"'”’)]} ").endswith("?")
        for told, pattern in _rules(lang):
            for match in _matches(pattern, sentence):
                if told and ((asks and _is_asked(sentence, match)) or _is_supposed(sentence, match, held)):
                    continue
                if _AMONG.match(match.group()) and _OTHERS.search(sentence, 0, match.start()):
                    continue  # "the best leaders I met"
                if _HERE.search(match.group()) and _next(sentence, match.end()) in held.company:
                    continue  # "your time at Acme": that somebody works where they work is held
                found.append((start + match.start(), start + _clause_end(sentence, match.end())))
    out: list[Mark] = []
    for start, end in _merged(found):
        if not _is_told(text[start:end], held):
            out.append(Mark("event", text[start:end], start, end))
    return out


def _matches(pattern: re.Pattern[str], sentence: str) -> Iterator[re.Match[str]]:
    """Every place where one of the rules fits, also inside what another fits."""
    at = 0
    while found := pattern.search(sentence, at):
        yield found
        at = found.start() + 1


def _is_asked(sentence: str, match: re.Match[str]) -> bool:
    """Whether a question asks for it: "Has Acme launched it?" does, "Acme just launched it: who sells it?" does not."""
    opens = _PARTS.split(sentence[: match.start()])[-1]
    return _ASKING.match(opens) is not None or _BREAK.search(sentence, match.end()) is None


@cache
def _no_names() -> frozenset[str]:
    return many("ordinary_en") | many("ordinary_de") | many("ordinary_romance") | many("trade")


def _is_supposed(sentence: str, match: re.Match[str], held: Held) -> bool:
    """Whether what stands before the words takes the claim back, or they are about somebody else."""
    before = sentence[: match.start()]
    clause = _PARTS.split(before)[-1]
    if _HEDGE.search(clause) or _HEDGE.search(match.group()):
        return True
    first = re.sub(r"'s$", "", fold(match.group().split()[0]))
    if not match.group()[0].isupper() or first in _no_names():
        return False
    # "Setup took an hour" is no deed of a prospect's, nor is what the sender's firm did.
    return first not in held.company | held.person


def _next(sentence: str, at: int) -> str:
    found = re.compile(r"\W*([^\W_]+)").match(sentence, at)
    return fold(found.group(1)) if found else ""


def _clause_end(sentence: str, at: int) -> int:
    """The end of the clause that a match lies in."""
    found = _STOP.search(sentence, at)
    end = found.start() if found else len(sentence)
    if end - at > _FURTHEST:
        end = sentence.rfind(" ", at, at + _FURTHEST)
    return max(end, at)


def _merged(spans: list[Span]) -> list[Span]:
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _is_told(clause: str, held: Held) -> bool:
    """Whether a source tells of the event: all but a third of the clause's own words stand in one of them, and the
    lead's column is none of those that hold no event; of the context, only a sentence that itself claims one counts.
    """
    words = {_stem(word) for word in word_parts(clause) - _SMALL if len(word) > 2}
    if not words:
        return False
    if _FOUNDED.search(clause) and re.search(r"(?:found|gr[uü]nd|fundad|fondat)", held.text):
        return True  # that a founder founded
    for one in held.facts:
        if one.kind == "lead" and one.name not in _SILENT:
            known = {_stem(word) for word in word_parts(one.value)} | held.company | held.person
            if len(words & known) * 3 >= len(words) * 2:
                return True
        if one.kind == "context":
            for stems in _told_in(one.value):
                if len(words & (stems | held.company | held.person)) * 3 >= len(words) * 2:
                    return True
    return False


@lru_cache(maxsize=32)
def _told_in(context: str) -> tuple[frozenset[str], ...]:
    """The stems of each sentence of the sender's text that claims an event itself: "We met you at …"."""
    return tuple(
        frozenset(_stem(word) for word in word_parts(context[start:end]))
        for start, end in sentences(context)
        if any(not told and pattern.search(context[start:end]) for told, pattern in _rules(language(context)))
    )


def _stem(word: str) -> str:
    """A word without the ends that grammar gives it; rough, and the same for both sides."""
    for end in ("ing", "ed", "es", "s", "e"):
        if word.endswith(end) and len(word) - len(end) >= 3:
            return word[: -len(end)]
    return word
