"""What a title says: values only, no behaviour beyond simple questions about them."""

from __future__ import annotations

from dataclasses import dataclass

#: Flags that say that a role is no employment that could buy anything at the lead's company.
NOT_EMPLOYED = frozenset({"former", "retired", "student", "investor", "board", "seeking"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """One feature and the words of the title that gave it.

    ``feature`` is function, level, ownership or flag; ``value`` an id of the vocabulary; ``words`` the
    title's own words, normalised; ``confidence`` is 0 to 1 (1: the words stand in the vocabulary as
    written; less: a misspelling, a split compound, or a word that may mean something else).
    """

    feature: str
    value: str
    words: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Role:
    """One role of a person. ``None`` and ``()`` mean unknown, never "none of them".

    ``functions`` are in the order of reading; ``employer`` is the company named after "at", "@", "chez"
    and the like, ``None`` where none is named; ``phrases`` are the vocabulary's phrases that were met;
    ``defaulted`` says that the function is the head word's own ("President" alone is Executive);
    ``vague`` that the level was read from a word that says little ("leader", "partner").
    """

    functions: tuple[str, ...] = ()
    level: str | None = None
    ownership: str | None = None
    flags: frozenset[str] = frozenset()
    employer: str | None = None
    evidence: tuple[Evidence, ...] = ()
    phrases: frozenset[str] = frozenset()
    text: str = ""
    confidence: float = 1.0
    defaulted: bool = False
    vague: bool = False

    @property
    def headed(self) -> bool:
        """Whether anything says what the person is, beside the field that they work in."""
        return self.level is not None or self.ownership is not None

    @property
    def employed(self) -> bool:
        """Whether the role is one that the person holds now, as an employee or owner."""
        return not (self.flags & NOT_EMPLOYED)


@dataclass(frozen=True, slots=True)
class TitleReading:
    """A whole title as read.

    ``key`` is the normalised title: two titles of the same key read the same. ``problem`` is ``None``, or
    why no role can be read: blank, email, url, number. ``unknown`` are words that the vocabulary lacks;
    ``slogans`` the segments that describe rather than name a role. ``confidence`` is 0 to 1.
    """

    text: str
    key: str
    roles: tuple[Role, ...] = ()
    unknown: tuple[str, ...] = ()
    slogans: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    confidence: float = 0.0
    problem: str | None = None
    tokens: tuple[str, ...] = ()
