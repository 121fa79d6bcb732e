"""Which column of a file holds which field, from its header and, where that says too little, its values.

A column is taken by its values alone only where no header says more; the order of the columns decides nothing.

The names of headers are data: ``headers.csv`` beside this file, one ``field,header`` a line, in seven
languages, the preferred name of a field first; ``header_names`` says how it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ranker.ingest.column_match import REQUIRED, Mapping, Match, column_names, in_order
from ranker.ingest.column_values import SAMPLE_ROWS, could_be_companies, field_by_values, sample_columns, vetoed
from ranker.ingest.header_names import HeaderNames, load_header_names, plain, squeeze
from ranker.ingest.header_words import about_a_company, composed, placed
from ranker.ingest.overrides import apply_overrides, check_required
from ranker.ingest.reader import Row

__all__ = ["REQUIRED", "SAMPLE_ROWS", "Mapping", "Match", "apply_overrides", "check_required", "column_names"]
__all__ += ["guess_mapping"]

# The better the way in which a header was read, the earlier its column is taken.
_KNOWN, _SCOPED, _COMPOSED, _CONTAINED, _PLACED, _ABOUT, _BY_VALUES = range(7)


@dataclass(frozen=True, order=True)
class _Candidate:
    """A possible match; the smallest is taken first. The column's place comes last: it tells only twins apart."""

    by_values: bool
    blank: bool
    tier: int
    position: int  # of the name in the data file, or minus its length where it is contained
    content: tuple[str, int, tuple[str, ...], str]
    field: str
    column: int
    why: str


def guess_mapping(headers: Sequence[str], sample_rows: Iterable[Row | Sequence[str]] = ()) -> Mapping:
    """Guess each field's column: known names, then the words of the header, then the sample's values.

    ``headers`` are the file's, or ``Table.names``; ``sample_rows`` a few ``Row``s or tuples of cells. Raises
    nothing for fields that are not found: ``check_required`` does, after the person's overrides.
    """
    names = load_header_names()
    shown = column_names(headers)
    values = sample_columns(len(headers), sample_rows)
    content = [
        (squeeze(plain(header)), -len(its), tuple(its), header) for header, its in zip(headers, values, strict=True)
    ]
    candidates = [
        _Candidate(tier == _BY_VALUES, not values[column], tier, position, content[column], field, column, why)
        for column, header in enumerate(headers)
        for tier, position, field, why in _readings(header, values[column], names)
    ]
    taken: dict[str, Match] = {}
    used: set[int] = set()
    for c in sorted(candidates):
        if c.field not in taken and c.column not in used:
            taken[c.field] = Match(c.field, c.column, shown[c.column], c.why)
            used.add(c.column)
    for column in sorted(set(range(len(headers))) - used, key=lambda column: (content[column], column)):
        if content[column][0] in names.bare_name:
            field, why = _bare_name_field(taken, values, column)
            if field is not None and field not in taken:
                taken[field] = Match(field, column, shown[column], why)
    return in_order(taken)


def _readings(header: str, values: list[str], names: HeaderNames) -> Iterator[tuple[int, int, str, str]]:
    """Tier, position, field, reason, for each field that the column could hold."""
    words = plain(header)
    squeezed = squeeze(words)
    if (not words and not values) or squeezed in names.bare_name or squeezed in names.nothing:
        return
    for tier, position, field, why in _by_header(header.strip(), words, values, names):
        if not vetoed(field, values, names) and (
            tier < _COMPOSED or field != "company" or not values or could_be_companies(values)
        ):
            yield tier, position, field, why


def _by_header(
    header: str, words: tuple[str, ...], values: list[str], names: HeaderNames
) -> Iterator[tuple[int, int, str, str]]:
    squeezed = squeeze(words)
    if squeezed in names.exact:
        yield from ((_KNOWN, p, field, f"“{header}” is a usual name") for field, p in names.exact[squeezed])
        return
    if names.ignored(words):
        return
    found = [(_SCOPED, p, field, f"“{header}” is “{n}” of the {scope}") for field, p, n, scope in names.scoped(words)]
    if not found and (whole := composed(header, names)):
        found = [(_COMPOSED, whole[1], whole[0], f"“{header}” says “{whole[2]}”")]
    if not found:
        found = [(_CONTAINED, -len(n), field, f"“{header}” contains “{n}”") for field, n in names.contained(words)]
    if not found and (before := placed(header, names)):
        found = [(_PLACED, before[1], before[0], f"“{header}” says “{before[2]}”")]
    if not found and values and (word := about_a_company(header, names)):
        found = [(_ABOUT, 0, "company", f"“{header}” speaks of “{word}”, and names stand in it")]
    if not found and names.scope_of(words) != "company" and (by_value := field_by_values(values)):
        found = [(_BY_VALUES, 0, by_value, f"its values look like {by_value.replace('_', ' ')}")]
    yield from found


def _bare_name_field(taken: dict[str, Match], values: list[list[str]], column: int) -> tuple[str | None, str]:
    """What “Name”, “Nom”, “Nombre” alone stands for, given the columns beside it.

    Beside first and last name it is the company, if there is none yet. Beside one of them it is the full name
    if its values contain that one, else the other one. Alone it is the full name.
    """
    first, last = taken.get("first_name"), taken.get("last_name")
    if first and last:
        return (
            ("company", "the people's names have columns of their own")
            if "company" not in taken
            else (
                "full_name",
                "a name beside first and last name",
            )
        )
    part = first or last
    if part is None:
        return "full_name", "the only column of names"
    pairs = [(a.lower(), b.lower()) for a, b in zip(values[part.column], values[column], strict=False)]
    if pairs and sum(a in b for a, b in pairs) * 2 > len(pairs):
        return "full_name", f"its values contain “{part.header}”"
    return ("last_name" if first else "first_name"), f"the name that “{part.header}” does not give"
