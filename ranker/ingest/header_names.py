"""The names that headers go by: ``headers.csv``, read once.

Each line is ``field,header``; lines that start with # are comments. Case, accents, punctuation and spaces do
not matter, and a name that stands earlier is preferred where a file has several. Beside the fields there are

- ``nothing``: a header that is none of our fields, whatever words it contains;
- ``ignore_word``: a word that makes a longer header none of our fields ("Lead Owner", "Email Status");
- ``person_word``, ``company_word``: what may stand around a name ("Lead Job Title", "Account Industry"); with
  a company word only what a company has is found (a company's LinkedIn page is not the lead's profile);
- ``filler_word``: says nothing by itself: articles, prepositions, "current", "work";
- ``name_word``: says that it is the name of what stands beside it ("Bezeichnung der Firma");
- ``place_word``: what follows it says where, not what ("Puesto en la empresa", "Empresa donde trabaja");
- ``bare_name``: "Name" alone, which the columns beside it explain;
- ``salutation``: a value that shows that a "Title" column holds Mr and Mrs.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from ranker.errors import InputError

FIELDS = (
    "company",
    "domain",
    "size",
    "industry",
    "title",
    "first_name",
    "last_name",
    "full_name",
    "email",
    "linkedin_url",
    "phone",
    "location",
    "lead_id",
    "expected_rank",
)
_SPECIAL = (
    "nothing", "ignore_word", "person_word", "company_word", "filler_word", "name_word", "place_word", "bare_name",
    "salutation",
)  # fmt: skip
OF_A_COMPANY = frozenset({"company", "domain", "size", "industry"})
# A single word of these within a longer header says little: "Company Keywords", "Campaign Name".
_ONLY_WHOLE = frozenset({"company", "first_name", "last_name", "full_name", "location", "lead_id", "expected_rank"})
_PATH = Path(__file__).with_name("headers.csv")


def plain(text: str) -> tuple[str, ...]:
    """Words in lower case without accents and punctuation; "jobTitle" is two words."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    text = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return tuple(re.findall(r"[^\W_]+", text))


def squeeze(words: tuple[str, ...]) -> str:
    """Words without the spaces between them: "E-Mail", "e mail" and "email" are one name."""
    return "".join(words)


@dataclass(frozen=True)
class HeaderNames:
    """The data file, arranged for look-up; names are squeezed, or words where they are looked for within."""

    exact: dict[str, list[tuple[str, int]]]
    phrases: tuple[tuple[str, tuple[str, ...]], ...]
    nothing: frozenset[str]
    ignore_words: frozenset[str]
    person_words: frozenset[str]
    company_words: frozenset[str]
    filler_words: frozenset[str]
    name_words: frozenset[str]
    place_words: frozenset[str]
    bare_name: frozenset[str]
    salutations: frozenset[str]

    @cached_property
    def single_words(self) -> frozenset[str]:
        """Every word that means something here by itself."""
        special = self.filler_words | self.name_words | self.place_words | self.person_words | self.company_words
        return special | self.ignore_words | {phrase[0] for _, phrase in self.phrases if len(phrase) == 1}

    def ignored(self, words: tuple[str, ...]) -> bool:
        """Whether one of the words says that the header is none of our fields."""
        return not self.ignore_words.isdisjoint(words)

    def scope_of(self, words: tuple[str, ...]) -> str | None:
        """``person`` or ``company`` if such a word occurs (the person's wins), else none."""
        if not self.person_words.isdisjoint(words):
            return "person"
        return None if self.company_words.isdisjoint(words) else "company"

    def scoped(self, words: tuple[str, ...]) -> Iterator[tuple[str, int, str, str]]:
        """Field, position, name, scope of a header that is a known name beside a person or company word."""
        scope = self.scope_of(words)
        if scope is None:
            return
        about = self.person_words if scope == "person" else self.company_words
        rest = tuple(w for w in words if w not in about)
        for field, position in self.exact.get(squeeze(rest), ()):
            if scope == "person" or field in OF_A_COMPANY:
                yield field, position, " ".join(rest), scope
        if scope == "person" and squeeze(rest) in self.bare_name:
            yield "full_name", len(self.exact), " ".join(rest), scope

    def contained(self, words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Field and name of the longest known names that stand, word by word, within the header."""
        scope = self.scope_of(words)
        found: list[tuple[int, str, str]] = []
        for field, phrase in self.phrases:
            if scope == "company" and field not in OF_A_COMPANY:
                continue
            if len(phrase) == 1 and (field in _ONLY_WHOLE or len(phrase[0]) < 4):
                continue
            if any(words[i : i + len(phrase)] == phrase for i in range(len(words) - len(phrase) + 1)):
                found.append((len(squeeze(phrase)), field, " ".join(phrase)))
        longest = max((length for length, _, _ in found), default=0)
        yield from ((field, name) for length, field, name in found if length == longest)


@cache
def load_header_names(path: Path = _PATH) -> HeaderNames:
    """Read the data file; ``InputError`` names the line that has another form or an unknown field."""
    exact: dict[str, list[tuple[str, int]]] = {}
    phrases: list[tuple[str, tuple[str, ...]]] = []
    special: dict[str, set[str]] = {name: set() for name in _SPECIAL}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for position, row in enumerate(csv.reader(file), start=1):
            cells = [cell.strip() for cell in row]
            if not any(cells) or cells[0].startswith("#") or cells == ["field", "header"]:
                continue
            words = plain(cells[1]) if len(cells) == 2 else ()
            if not words or (cells[0] not in FIELDS and cells[0] not in special):
                raise InputError(f"{path.name}, line {position}: a known field, a comma and a header are due.")
            if cells[0] in special:
                special[cells[0]].add(squeeze(words))
            else:
                same = exact.setdefault(squeeze(words), [])
                if cells[0] not in (field for field, _ in same):
                    same.append((cells[0], position))
                    phrases.append((cells[0], words))
    return HeaderNames(
        exact=exact,
        phrases=tuple(phrases),
        nothing=frozenset(special["nothing"]),
        ignore_words=frozenset(special["ignore_word"]),
        person_words=frozenset(special["person_word"]),
        company_words=frozenset(special["company_word"]),
        filler_words=frozenset(special["filler_word"]),
        name_words=frozenset(special["name_word"]),
        place_words=frozenset(special["place_word"]),
        bare_name=frozenset(special["bare_name"]),
        salutations=frozenset(special["salutation"]),
    )
