"""Claims that something happened: "you recently raised", "your post on …", "as discussed", with no name in them.

The patterns are in ``data/claims.txt``. A question or a supposition ("Are you hiring?", "teams like yours often …")
claims nothing, unless its words take the event for granted ("How is your new role?").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from ranker.outreach.held import Held, word_parts
from ranker.outreach.language import language
from ranker.outreach.sentences import Span, sentences
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
_OBJECT = re.compile(
    r"\b(?:to|with|for|of|about|at|by|from|wrote|sent|e-?mailed|called|asked|contacted|told|gave|showed|reached|"
    r"messaged)\s$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\s?,?\s?(?:and|then|und)\s(?:(?:then|also|even|just|recently)\s)?(?P<verb>(?!(?:based|interested|need|indeed)\b)"
    r"(?:[a-z]{3,}(?<!e)ed|won|hired|built|grew|bought|sold|took|made|went|became|left|got|met|spoke|gave|began|"
    r"for [a-z]{3,}ing))\b"
)
_PARTS = re.compile(
    r"[;:]|\s[–—-]\s|\s(?:because|since|now that|given that)\s|,\s(?:but|and|so|yet|aber|und|pero|mais)\s"
)
_BREAK = re.compile(r"[;:]|\s[–—-]\s|,\s")
_ASKING = re.compile(
    r"\W*(?:and |so |but )?(?:are|is|was|were|do|does|did|have|has|had|can|could|will|would|should|may|might|how|what|"
    r"who|when|where|why|which|whether|haben|hat|sind|ist|wird|werden|wie|was|wer|wann|warum|qué|cómo|has|ha|han|avez|"
    r"est-ce)\b",
    re.IGNORECASE,
)
_AMONG = re.compile(r"(?:i|we)\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:leaders|teams|firms|companies|founders|heads|managers|reps|sellers|customers|clients|prospects|buyers|vps|"
    r"directors|sdrs|agencies|vendors|owners|people|those|everyone|everybody|anyone|nobody|others)\s(?:that\s|"
    r"whom?\s)?$",
    re.IGNORECASE,
)
_PLAIN_PAST = re.compile(
    r"(?!.*\b(?:are|is|was|were|have|has|had|been)\b)(?!.*['’](?:re|ve|s|d)\s)you\b", re.IGNORECASE
)
_AUXILIARY = re.compile(r"\b(?:have|has|had|are|is|was|were|did|do|does|what|how|if|whether|and)\s$", re.IGNORECASE)
_CONDITION = re.compile(
    r"\W*(?:if|imagine|suppose|say|wenn|falls|si|se|many|most|teams|companies|firms|once|unless)\b", re.IGNORECASE
)
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


@dataclass(frozen=True, slots=True)
class Claim:
    """text[start:end] claims an event; at ``core`` stands the word that does."""

    start: int
    end: int
    core: int


def claims(text: str, spans: Sequence[Span], lang: str, held: Held) -> list[Claim]:
    """The clauses that claim an event which no source tells of, in order, without overlap."""
    found: list[Claim] = []
    for start, end in spans:
        sentence = text[start:end]
        asks = sentence.rstrip("\"'”’)]} ").endswith("?")
        for told, pattern in _rules(lang):
            for match in _matches(pattern, sentence):
                if told and ((asks and _is_asked(sentence, match)) or _is_supposed(sentence, match, held)):
                    continue
                if _is_of_others(sentence, match, held):
                    continue
                stop = _clause_end(sentence, match.end())
                found.append(Claim(start + match.start(), start + stop, start + match.end() - 1))
                if more := _MORE.match(sentence, stop):  # "you opened a shop and hired ten people"
                    stop = _clause_end(sentence, more.end())
                    found.append(Claim(start + more.start("verb"), start + stop, start + more.end() - 1))
    return [one for one in _merged(found) if not _is_told(text[one.start : one.end], held)]


def _is_of_others(sentence: str, match: re.Match[str], held: Held) -> bool:
    """Whether the words only look like a claim: about other people, about what is held, with "you" as the object."""
    if _AMONG.match(match.group()) and _OTHERS.search(sentence, 0, match.start()):
        return True  # "the best leaders I met"
    if re.match(r"you\b", match.group(), re.IGNORECASE) and _OBJECT.search(sentence, 0, match.start()):
        return True  # "I wrote to you last week"
    # "your time at Acme": that somebody works where they work is held
    return _HERE.search(match.group()) is not None and _next(sentence, match.end()) in held.company


def _matches(pattern: re.Pattern[str], sentence: str) -> Iterator[re.Match[str]]:
    """Every place where one of the rules fits, also inside what another fits."""
    at = 0
    while found := pattern.search(sentence, at):
        yield found
        at = found.start() + 1


def _is_asked(sentence: str, match: re.Match[str]) -> bool:
    """Whether a question asks for it: "Has Acme launched it?" does, "Acme just launched it: who sells it?" does not."""
    before = sentence[: match.start()]
    if _PLAIN_PAST.match(match.group()) and not _AUXILIARY.search(before):
        return False  # "Does the shop that you opened …": what is asked for has no past of its own
    opens = _PARTS.split(before)[-1]
    return _ASKING.match(opens) is not None or _BREAK.search(sentence, match.end()) is None


def _is_supposed(sentence: str, match: re.Match[str], held: Held) -> bool:
    """Whether what stands before the words takes the claim back, or they are about somebody else."""
    before = sentence[: match.start()]
    clause = _PARTS.split(before)[-1]
    if not _CONDITION.match(clause):
        clause = clause.rsplit(", ", 1)[-1]
    if _HEDGE.search(clause) or _HEDGE.search(match.group()):
        return True
    first = re.sub(r"'s$", "", fold(match.group().split()[0]))
    if not match.group()[0].isupper() or first in many("openers") or first[0].isdigit():
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


def _merged(found: list[Claim]) -> list[Claim]:
    out: list[Claim] = []
    for one in sorted(found, key=lambda claim: (claim.start, claim.core)):
        if out and one.start < out[-1].end:
            out[-1] = replace(out[-1], end=max(out[-1].end, one.end), core=min(out[-1].core, one.core))
        else:
            out.append(one)
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
