"""One row against the lead it is about: what would change, and what stays although the file says otherwise."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ranker.ingest.fields import FIELDS
from ranker.ingest.keys import name_key
from ranker.ingest.problems import shape_code
from ranker.ingest.staged_row import Cut, RowReader, json_text
from ranker.ingest.staging import Change

_TITLE, _COMPANY, _DOMAIN, _SIZE, _INDUSTRY = (
    FIELDS.index(name) for name in ("title", "company_name", "domain", "size", "industry")
)


def compare(cut: Cut, at: int, lead: Sequence[Any], reader: RowReader) -> tuple[str, Change | None]:
    """Before and after of a lead as JSON, and what to write; a lead that does not differ gives "" and None.

    ``lead``: key, id, extra, edits, ``FIELDS``.
    """
    _, lead_id, old_extra, old_edits, *values = lead
    before, extra = tuple(values), cut.extra[at]
    fields = tuple([cut.fields[name][at] if name in cut.fields else "" for name in FIELDS])
    fixes, edits = _object(cut.edits.get(at, "{}")), _object(old_edits)
    after = merge_fields(fields, before, {name: said for name, said in edits.items() if name not in fixes})
    extra = old_extra if extra in {"{}", old_extra} else _merge_extra(old_extra, extra)
    prior: dict[str, Any] = {
        name: [old, new] for name, old, new in zip(FIELDS, before, after, strict=True) if old != new
    }
    if extra != old_extra:
        prior["extra"] = [json.loads(old_extra), json.loads(extra)]
    if not prior:
        return "", None
    kept = {name: said for name, said in edits.items() if name not in prior} | fixes
    company = cut.companies[at]
    if after[_COMPANY] != fields[_COMPANY] or after[_DOMAIN] != fields[_DOMAIN]:
        company = reader.employer(after[_COMPANY], after[_DOMAIN])
    # the row's own problem may be in a cell that was not taken: a blank title leaves the lead the one it has
    problem = reader.problem(after[_TITLE], after[_SIZE]) or (shape_code(cut.shapes[at]) if at in cut.shapes else "")
    change = (
        cut.numbers[at],
        lead_id,
        cut.leads[at],
        company,
        *after,
        extra,
        json_text(kept) if kept else "{}",
        problem,
    )
    return json_text(prior), change


def merge_fields(staged: Sequence[str], lead: Sequence[str], edits: dict[str, str]) -> tuple[str, ...]:
    """A lead's fields after an import: a blank cell erases nothing, and a file that still says what a person
    has put right (``edits``: field → what the file said) does not undo it.

    Somebody who is listed at another company takes nothing of the old one along: neither domain nor size.
    """
    kept = [
        old if not new or edits.get(name) == new else new for name, new, old in zip(FIELDS, staged, lead, strict=True)
    ]
    if kept[_COMPANY] != lead[_COMPANY] and name_key(kept[_COMPANY]) != name_key(lead[_COMPANY]):
        for at in (_COMPANY, _DOMAIN, _SIZE, _INDUSTRY):
            kept[at] = staged[at]
    return tuple(kept)


def _object(written: str) -> dict[str, Any]:
    """A JSON object; most are empty."""
    found: dict[str, Any] = {} if written == "{}" else json.loads(written)
    return found


def _merge_extra(old: str, new: str) -> str:
    """Both JSON objects in one; the newer file's columns win."""
    return new if old == "{}" else json_text({**json.loads(old), **json.loads(new)})
