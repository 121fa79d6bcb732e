"""Rows of people who were deleted are turned away when a file names them again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Items
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.ingest.emptied import emptied_cells, empty_raw, rewrite_file
from ranker.ingest.keys import keys_by_kind
from ranker.ingest.mentions import Person, mentions_of
from ranker.ingest.pieces import pieces
from ranker.ingest.staged import open_table
from ranker.ingest.staged_row import Cut, RowReader
from ranker.store.tombstones import Graveyard, is_said

_PIECE = 10_000
"""Rows looked at together."""
AGAIN = "To let them in again: Settings, Deletion."


class TurnAway:
    """Rejects rows of people who were deleted, without keeping what they say.

    ``clean_file`` has taken most of them out before; what is left are rows that name somebody only since a cell
    was put right.
    """

    def __init__(self, graves: Graveyard) -> None:
        self._graves = graves
        self.found: dict[int, str] = {}
        """Row number → the sentence, of rows that still stood in the file."""

    def __call__(self, cut: Cut) -> Cut:
        """The rows as they are, or rejected and empty."""
        said = {at: row[0] for at, row in enumerate(cut.cells) if row and is_said(row[0]) and not any(row[1:])}
        if self._graves:
            buried = {at: stone for at, stone in _buried(cut, self._graves) if at not in said}
            self.found |= {cut.numbers[at]: sentence for at, sentence in buried.items()}
            said |= buried
        return _rejected(cut, said) if said else cut


def _buried(cut: Cut, graves: Graveyard) -> Iterator[tuple[int, str]]:
    """Place in the piece → the sentence, for each row of somebody who was deleted."""
    for at, person in enumerate(people_of(cut)):
        keys = keys_by_kind(person.url, person.email, person.name, person.company, person.lead)
        stone = graves.find(keys)
        if stone is not None:
            yield at, stone.sentence


def people_of(cut: Cut) -> Iterator[Person]:
    """Whom each row names, along the rows."""
    blank = [""] * len(cut.numbers)
    url, email, name = (cut.fields.get(field, blank) for field in ("linkedin_url", "email", "full_name"))
    for row in zip(cut.leads, cut.companies, email, url, name, strict=True):
        yield Person(0, row[0], 0, *row[1:])


def _rejected(cut: Cut, said: Items[int, str]) -> Cut:
    def blank(values: Sequence[str], instead: str = "") -> list[str]:
        return [instead if at in said else value for at, value in enumerate(values)]

    return replace(
        cut,
        cells=[emptied_cells(said[at], len(row)) if at in said else row for at, row in enumerate(cut.cells)],
        fields={name: blank(values) for name, values in cut.fields.items()},
        extra=blank(cut.extra, "{}"),
        edits={at: edits for at, edits in cut.edits.items() if at not in said},
        companies=blank(cut.companies),
        leads=blank(cut.leads),
        problems=blank(cut.problems),
        rejected={**cut.rejected, **{at: f"{sentence} {AGAIN}" for at, sentence in said.items()}},
        shapes={at: shape for at, shape in cut.shapes.items() if at not in said},
    )


def clean_file(session: Session, batch_id: int, graves: Graveyard) -> set[int]:
    """Take everybody who was deleted out of the kept file of an import: their rows, and mentions of them in others.

    Done before a file is checked, so that nothing of them comes back. The numbers of the rows that were emptied.
    """
    row = session.connection().execute(
        text(
            "SELECT b.mapping FROM import_batch AS b JOIN import_file AS f ON f.sha256=b.sha256 AND f.part=0 "
            "WHERE b.id=:id"
        ),
        {"id": batch_id},
    )
    mapping = row.scalar()
    if not graves or mapping is None:
        return set()
    table = open_table(session, batch_id)
    reader = RowReader(table.headers, json.loads(mapping), {}, {})
    said: dict[int, str] = {}
    people: list[Person] = []
    for cut in map(reader.cut, pieces(table, _PIECE)):
        whole = list(people_of(cut))
        for at, sentence in _buried(cut, graves):
            said[cut.numbers[at]] = sentence
            people.append(whole[at])
    if said:
        mentions = mentions_of(session, people)
        rewrite_file(session, batch_id, said, mentions.mend if mentions else None)
        empty_raw(session, batch_id, said)
    return set(said)
