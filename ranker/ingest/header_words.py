"""What a header of several words names: "Empresa donde trabaja", "Firma / Kunde", "Nom de l'entreprise actuelle".

Rules over the words of ``headers.csv``, none over whole headers. Articles, prepositions and words such as "current"
say nothing. What is left must name one field, be it twice ("Firma / Kunde"); a company word beside it says whose it is
("Tamaño actual de la empresa"), a name word that it is a name ("Denominazione del cliente"). What stands behind a
"where", "at" or "in" says where, not what. A plural, a genitive or a German compound is read as its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ranker.ingest.header_names import OF_A_COMPANY, HeaderNames, plain, squeeze

_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_ENDINGS = ("s", "n", "e", "es", "en", "er", "ns")
_JOINTS = ("", "s", "n", "en", "es")
_SHORTEST = 3
"""Letters of the shortest word that a compound is made of."""


def composed(header: str, names: HeaderNames) -> tuple[str, int, str] | None:
    """Field, place of its name in the data file, and that name, for a header whose words name one field."""
    for text in dict.fromkeys((header, _BRACKETS.sub(" ", header))):
        found = _field_of(_words(text, names), names)
        if found is not None:
            return found
    return None


def placed(header: str, names: HeaderNames) -> tuple[str, int, str] | None:
    """The same for the words before "where", "at", "in": "Cargo en la empresa" is a title."""
    words = _words(header, names)
    for at, word in enumerate(words):
        if at and word in names.place_words:
            found = _whole(words[:at], names)
            # "Company on LinkedIn" is no company: behind the word stands another thing that we know.
            if found is not None and found[0] == "company" and _others(words[at + 1 :], names):
                return None
            return found
    return None


def about_a_company(header: str, names: HeaderNames) -> str | None:
    """The company's word in a header that names no other field of ours, whatever else it says."""
    words = _words(header, names)
    found = [word for word in words if "company" in _fields(word, names)]
    if not found or _others(words, names) or not names.person_words.isdisjoint(words):
        return None
    return found[0]


def _whole(words: Sequence[str], names: HeaderNames) -> tuple[str, int, str] | None:
    known = names.exact.get(squeeze(tuple(words)))
    return (*known[0], " ".join(words)) if known else _field_of(words, names)


def _field_of(words: Sequence[str], names: HeaderNames) -> tuple[str, int, str] | None:
    content = [word for word in words if word not in names.filler_words]
    joined = len(content) < len(words)
    named = not names.name_words.isdisjoint(content)
    content = [word for word in content if word not in names.name_words]
    if not content:
        return None
    about = [word for word in content if word not in names.person_words]
    if not about or (joined and content[0] in names.person_words):
        return ("full_name", len(names.exact), " ".join(content)) if named else None
    found = _cover(about, names) or _both_names(about, names)
    if found is None:
        rest = [word for word in about if word not in names.company_words]
        found = _cover(rest, names) if rest and len(rest) < len(about) else None
        if found is not None and found[0] not in OF_A_COMPANY:
            return None
    if found is not None and named and found[0] in {"first_name", "last_name"}:
        return "full_name", found[1], found[2]
    return found


def _both_names(words: Sequence[str], names: HeaderNames) -> tuple[str, int, str] | None:
    """ "Nachname, Vorname" is the full name."""
    fields = {min(_fields(word, names), default="") for word in words}
    return ("full_name", len(names.exact), " ".join(words)) if fields == {"first_name", "last_name"} else None


def _cover(words: Sequence[str], names: HeaderNames) -> tuple[str, int, str] | None:
    """The field that names made of all these words give, each word in one name; the name that stands first."""
    best: dict[int, dict[str, tuple[int, str]]] = {0: {"": (0, "")}}
    for end in range(1, len(words) + 1):
        best[end] = {}
        for start in range(end):
            phrase = tuple(words[start:end])
            for field, position in _names_of(phrase, names).items():
                for before, (least, said) in best[start].items():
                    if before in {"", field}:
                        mine = (position, " ".join(phrase))
                        found = min(mine, (least, said)) if before else mine
                        best[end][field] = min(found, best[end].get(field, found))
    given = best[len(words)]
    if not given or "" in given:
        return None
    field = min(given, key=lambda name: (given[name], name))
    return field, *given[field]


def _names_of(phrase: tuple[str, ...], names: HeaderNames) -> dict[str, int]:
    found = dict(names.exact.get(squeeze(phrase), ()))
    if len(phrase) == 1 and phrase[0] in names.company_words:
        found.setdefault("company", len(names.exact))
    return found


def _fields(word: str, names: HeaderNames) -> set[str]:
    return set(_names_of((word,), names))


def _others(words: Sequence[str], names: HeaderNames) -> bool:
    """Whether some of the words name something that is neither the company nor the person."""
    if not names.ignore_words.isdisjoint(words):
        return True
    for length in (1, 2, 3):
        for start in range(len(words) - length + 1):
            phrase = tuple(words[start : start + length])
            fields = {field for field, _ in names.exact.get(squeeze(phrase), ())}
            if squeeze(phrase) in names.nothing or (fields and not fields & {"company", "full_name"}):
                return True
    return False


def _words(header: str, names: HeaderNames) -> list[str]:
    return [part for word in plain(header) for part in _known_parts(word, names)]


def _known_parts(word: str, names: HeaderNames) -> Iterator[str]:
    base = _base(word, names)
    if base is not None:
        yield base
        return
    for cut in range(len(word) - _SHORTEST, _SHORTEST - 1, -1):
        tail = _base(word[cut:], names)
        if tail is None:
            continue
        for joint in _JOINTS:
            head = word[: cut - len(joint)] if word[:cut].endswith(joint) else ""
            if len(head) >= _SHORTEST and (first := _base(head, names)) is not None:
                yield from (first, tail)
                return
    yield word


def _base(word: str, names: HeaderNames) -> str | None:
    """The word as it is known: itself, or without the ending of a plural or genitive."""
    known = names.single_words
    if word in known:
        return word
    bases = (word[: -len(ending)] for ending in _ENDINGS if word.endswith(ending) and len(word) > len(ending) + 4)
    return next((base for base in bases if base in known), None)
