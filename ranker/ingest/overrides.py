"""A person's corrections of the guessed columns, as ``field=Header``; ``field=`` says that no column holds it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from ranker.errors import ColumnMissing, UsageError
from ranker.ingest.column_match import BY_HAND, REQUIRED, Mapping, Match, column_names, in_order
from ranker.ingest.header_names import FIELDS, plain, squeeze


def apply_overrides(mapping: Mapping, headers: Sequence[str], overrides: Iterable[str]) -> Mapping:
    """The mapping with a person's ``field=Header`` choices; ``field=`` says that no column holds the field.

    A header is found verbatim, else whatever its case and accents, else as “column N”. A field that loses its
    column to an override is absent. Raises ``UsageError`` (form, unknown field, a field or column chosen
    twice) and ``ColumnMissing`` (no such header), with the known names and the nearest one.
    """
    taken = {m.field: m for m in mapping.matches}
    shown = column_names(headers)
    chosen: dict[str, int] = {}
    for text in overrides:
        name, sign, header = text.partition("=")
        field = re.sub(r"[\s-]+", "_", name.strip().lower())
        if not sign:
            raise UsageError(f"“{text}” is not of the form field=Header, such as title=Position.")
        if field not in FIELDS:
            raise UsageError(
                f"There is no field “{name.strip()}”.{_nearest(field, FIELDS)} Fields: {', '.join(FIELDS)}."
            )
        if field in chosen:
            raise UsageError(f"Field “{field}” is mapped twice. Name one column for it.")
        if not header.strip():
            chosen[field] = -1
            taken.pop(field, None)
            continue
        column = _find_column(header, headers, shown)
        if column in chosen.values():
            raise UsageError(f"Column “{shown[column]}” is mapped to two fields. Choose one of them.")
        chosen[field] = column
        taken = {f: m for f, m in taken.items() if m.column != column}
        taken[field] = Match(field, column, shown[column], BY_HAND)
    return in_order(taken)


def check_required(mapping: Mapping, headers: Sequence[str], required: Sequence[str] = REQUIRED) -> None:
    """Raise ``ColumnMissing`` unless each required field has a column: which lack, the headers, the way."""
    missing = [field for field in required if mapping.column(field) is None]
    if missing:
        ways = " ".join(f'--map {field}="Header"' for field in missing)
        raise ColumnMissing(
            f"No column for {' and '.join(missing)} was found. "
            f"The file's columns: {_list(column_names(headers))}. Say which one it is: {ways}"
        )


def cleared(overrides: Iterable[str]) -> list[str]:
    """The fields that a person left without a column: those of the ``field=`` among valid choices."""
    return [name.strip() for name, _, header in (text.partition("=") for text in overrides) if not header.strip()]


def still_there(choices: Iterable[str], headers: Sequence[str]) -> list[str]:
    """The choices whose header is among these, or that name none; the file may have been read another way since."""
    shown = set(column_names(headers))
    return [text for text in choices if not (header := text.partition("=")[2]) or header in shown]


def _find_column(header: str, headers: Sequence[str], shown: Sequence[str]) -> int:
    ways = (
        (header, headers),
        (" ".join(header.split()), shown),
        (squeeze(plain(header)), [squeeze(plain(h)) for h in headers]),
        (header.strip().lower(), [f"column {i + 1}" for i in range(len(headers))]),
    )
    for wanted, offered in ways:
        if wanted and wanted in offered:
            return list(offered).index(wanted)
    raise ColumnMissing(
        f"There is no column “{header.strip()}”.{_nearest(header, shown)} The file's columns: {_list(shown)}."
    )


def _nearest(wanted: str, offered: Sequence[str]) -> str:
    by_key = {squeeze(plain(o)): o for o in reversed(offered)}
    close = difflib.get_close_matches(squeeze(plain(wanted)), list(by_key), n=1, cutoff=0.5)
    return f" Did you mean “{by_key[close[0]]}”?" if close else ""


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(name[:60] for name in names[:40])
    return shown + (f" and {len(names) - 40} more" if len(names) > 40 else "")
