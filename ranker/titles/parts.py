"""The pieces of one segment of a title, between commas, slashes and "and", before they become roles."""

from __future__ import annotations

from collections.abc import Sequence

from ranker.titles.matching import SEPARATORS, Hit
from ranker.titles.model import Evidence, Role
from ranker.titles.vocabulary import Word

CONJUNCTIONS = frozenset({"and", "und", "et", "y", "e", "en"})
#: Words of "of" after which an owner's or a chief executive's company is named: "owner of Acme".
OF = frozenset({"of", "de", "von", "di", "du", "do", "da", "del", "van"})
#: What follows "at" without being a company: "at a fast-growing startup", "at scale".
NO_COMPANY = frozenset(
    "a an the our my your large scale heart fast growing series stealth early leading home work various multiple "
    "different global world one some all any startup startups least".split()
)
#: Words whose level says little about the rank they stand for.
VAGUE = frozenset({"leader", "partner", "chief", "lead", "responsible"})


class Part:
    """What was met between two separators. Mutable on purpose: it lives only while one title is read."""

    __slots__ = (
        "confidence", "defaults", "employer", "evidence", "flags", "functions", "joiner", "level", "occupation",
        "ownership", "phrases", "skipped", "unknown", "vague", "words",
    )  # fmt: skip

    def __init__(self, joiner: str) -> None:
        self.joiner = joiner
        self.functions: list[str] = []
        self.defaults: list[str] = []
        self.level: str | None = None
        self.ownership: str | None = None
        self.flags: set[str] = set()
        self.evidence: list[Evidence] = []
        self.phrases: set[str] = set()
        self.unknown: list[str] = []
        self.words: list[str] = []
        self.employer: str | None = None
        self.confidence = 1.0
        self.vague = False
        self.occupation = False
        self.skipped = False

    @property
    def headed(self) -> bool:
        """Whether it says what the person is."""
        return self.level is not None or self.ownership is not None

    @property
    def empty(self) -> bool:
        """Whether it holds nothing that a role could be made of."""
        return not (self.functions or self.defaults or self.headed or self.flags)

    def take(self, hit: Hit, word: Word, ladder: dict[str, int]) -> None:
        """Add what one phrase of the vocabulary says."""
        text, sure = hit.text, word.confidence
        self.phrases.add(word.phrase)
        self.confidence = min(self.confidence, sure)
        bucket = self.defaults if word.kind == "default" else self.functions
        # What the phrase with the rank says comes before a bare field: "Healthcare Account Manager".
        at = 0 if word.level is not None and self.level is None and word.kind != "default" else len(bucket)
        for function in word.functions:
            if function not in bucket:
                bucket.insert(at, function)
                at += 1
                self.evidence.append(Evidence("function", function, text, sure))
        if word.level is not None:
            self.evidence.append(Evidence("level", word.level, text, sure))
            # The highest rank counts ("Manager Application Engineer"), but a trainee stays one.
            if self.level is None or (
                self.level != "intern" and (word.level == "intern" or ladder[word.level] < ladder[self.level])
            ):
                self.level = word.level
                self.vague = word.phrase in VAGUE
            self.occupation = self.occupation or (word.level == "individual" and not word.functions)
        if word.ownership is not None and self.ownership is None:
            self.ownership = word.ownership
            self.evidence.append(Evidence("ownership", word.ownership, text, sure))
            self.vague = self.vague or word.phrase in VAGUE
        if word.flag is not None:
            self.flags.add(word.flag)
            self.evidence.append(Evidence("flag", word.flag, text, sure))

    def absorb(self, other: Part) -> None:
        """Make one of two: "Sales" and "Marketing Director", or "VP" and "Sales"."""
        for function in other.functions:
            if function not in self.functions:
                self.functions.append(function)
        self.defaults.extend(other.defaults)
        if self.level is None:
            self.level, self.vague, self.occupation = other.level, other.vague, other.occupation
        self.ownership = self.ownership or other.ownership
        self.flags |= other.flags
        self.note(other)
        self.employer = self.employer or other.employer

    def note(self, other: Part) -> None:
        """Keep the other's words as evidence without letting them change what the role is."""
        self.evidence.extend(other.evidence)
        self.phrases |= other.phrases
        self.unknown.extend(other.unknown)
        self.words.extend(other.words)
        self.confidence = min(self.confidence, other.confidence)

    def role(self) -> Role:
        """The finished role, with its confidence: each thing that is unknown or vague takes some away."""
        functions, level = list(self.functions), self.level
        defaulted = False
        if not functions and self.defaults:
            functions, defaulted = self.defaults[:1], True
        elif (
            functions
            and level == "c_level"
            and self.ownership is None
            and "executive" in self.defaults
            and "executive" not in functions
        ):
            # The president or general manager of one function runs that function, as a vice president does.
            level = "vp"
        confidence = self.confidence
        if not functions and self.ownership is None:
            confidence -= 0.35
        if level is None and self.ownership is None:
            confidence -= 0.25
        if self.vague:
            confidence -= 0.2
        known = max(1, len(self.words) - len(self.unknown))
        confidence -= 0.3 * len(self.unknown) / (known + len(self.unknown))
        return Role(
            tuple(functions), level, self.ownership, frozenset(self.flags), self.employer, tuple(self.evidence),
            frozenset(self.phrases), " ".join(self.words), round(max(0.05, confidence), 2), defaulted, self.vague,
        )  # fmt: skip


def employer_after(hits: Sequence[Hit], start: int) -> tuple[str | None, int]:
    """The company named from ``start`` on, and where its name ends.

    The name ends at a separator, at the opening of a slogan, or at "and" before another role.
    """
    at = start
    name: list[str] = []
    while at < len(hits):
        hit = hits[at]
        if hit.word is None and hit.text in SEPARATORS:
            break
        if name and hit.word is not None:
            if hit.word.kind == "slogan":
                break
            follower = hits[at + 1].word if at + 1 < len(hits) else None
            if hit.text in CONJUNCTIONS and follower is not None and (follower.level or follower.ownership):
                break
        name.append(hit.text)
        at += 1
    if not name or name[0] in NO_COMPANY:
        return None, at
    return " ".join(name), at
