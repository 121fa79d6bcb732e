"""Labels of deleted people: out of every labelled set, and uploads in which they stand thrown away whole.

A label goes with its lead, and with any of the person's keys that its file gave. What is left of a set is counted
again; figures that were measured before stay as they were measured.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import bindparam, inspect, text
from sqlalchemy.orm import Session

from ranker.errors import InputError
from ranker.evaluation.set_counts import count_again
from ranker.evaluation.set_draft import load_table
from ranker.ingest.deleted import people_of
from ranker.ingest.keys import keys_by_kind
from ranker.ingest.mentions import Mentions, Person
from ranker.ingest.pieces import pieces
from ranker.ingest.staged_row import RowReader
from ranker.ingest.workbook import Book
from ranker.store.suppressions import in_pieces
from ranker.store.tombstones import Graveyard

_PIECE = 10_000
_CALLED = "called:"
Keys = Mapping[str, Sequence[str]]
"""Kind (``url``, ``email``, ``name``, ``lead``) → keys, as ``ranker.ingest.keys.keys_by_kind`` gives them."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label that is somebody's: its number, its set, and what its file says of who it is."""

    id: int
    set_id: int
    keys: Keys


def has_labels(session: Session) -> bool:
    """Whether this database has labelled sets; a backup may be older than they are."""
    return inspect(session.connection()).has_table("eval_item")


def keys_in(written: str) -> dict[str, list[str]]:
    """``eval_item.person_keys`` by kind."""
    found: dict[str, list[str]] = {"url": [], "email": [], "name": [], "lead": []}
    for key in written.split("\n"):
        if key and not key.startswith(_CALLED):
            found.get(key.partition(":")[0], found["lead"]).append(key)
    return found


def labels_of(session: Session, lead_ids: Sequence[int], people: Iterable[Person] = ()) -> list[Label]:
    """Every label of these leads, and every one that a file gave to these people, in every set."""
    same = Same(keys_by_kind(one.url, one.email, one.name, one.company, one.lead) for one in people)
    found = {label.id: label for label in _named(session) if label.keys in same} if same else {}
    chosen = text("SELECT id, eval_set_id, person_keys FROM eval_item WHERE lead_id IN :ids").bindparams(
        bindparam("ids", expanding=True)
    )

    def look(ids: Sequence[int]) -> None:
        for number, set_id, keys in session.connection().execute(chosen, {"ids": list(ids)}):
            found[number] = Label(number, set_id, keys_in(keys))

    in_pieces(lead_ids, look)
    return [found[number] for number in sorted(found)]


def buried_labels(session: Session, graves: Graveyard) -> list[Label]:
    """Every label of somebody with a tombstone."""
    return [label for label in _named(session) if graves.find(label.keys) is not None]


def labelled_people(session: Session, labels: Sequence[int]) -> list[Person]:
    """Who the people are whose labels these are, each once; those of whom nothing is known are left out."""
    chosen = text(
        "SELECT DISTINCT person_keys FROM eval_item WHERE id IN :ids AND person_keys<>'' ORDER BY person_keys"
    ).bindparams(bindparam("ids", expanding=True))
    found: dict[str, Person] = {}

    def look(ids: Sequence[int]) -> None:
        for (keys,) in session.connection().execute(chosen, {"ids": list(ids)}):
            found[keys] = person_of(keys)

    in_pieces(labels, look)
    return list(found.values())


def person_of(written: str) -> Person:
    """The person whom ``eval_item.person_keys`` tell of; no lead, so without numbers."""
    keys = keys_in(written)
    name, _, company = next(iter(keys["name"]), "").removeprefix("name:").partition("|")
    name = next((line.removeprefix(_CALLED) for line in written.split("\n") if line.startswith(_CALLED)), name)
    url, email = (next(iter(keys[kind]), "").removeprefix(f"{kind}:") for kind in ("url", "email"))
    return Person(0, next(iter(keys["lead"]), ""), 0, company, email, url, name)


def erase_labels(session: Session, labels: Collection[Label]) -> None:
    """Delete labels with what variants answered on them, and count their sets again."""
    gone = text("DELETE FROM eval_item WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
    in_pieces([one.id for one in labels], lambda ids: session.connection().execute(gone, {"ids": list(ids)}))
    for set_id, count in sorted(Counter(one.set_id for one in labels).items()):
        count_again(session, set_id, count)


def drop_drafts(session: Session, people: Iterable[Person] | None, mentions: Mentions | None) -> int:
    """Throw away uploads that are not saved and in which one of these people stands; all of them for None.

    Their file can be handed over again, and then its rows of deleted people are turned away. How many went.
    """
    same = None if people is None else Same(
        keys_by_kind(one.url, one.email, one.name, one.company, one.lead) for one in people
    )  # fmt: skip
    ids = session.connection().execute(text("SELECT id FROM eval_set WHERE state='draft'")).scalars().all()
    gone = [number for number in ids if same is None or _stands_in(session, number, same, mentions)]
    for number in gone:
        session.connection().execute(text("DELETE FROM eval_set WHERE id=:id"), {"id": number})
    return len(gone)


def rename_numbers(session: Session, mentions: Mentions) -> None:
    """Give labels whose own number in the file mentions somebody their row's number instead; it is part of a key."""
    rows = session.connection().execute(text("SELECT id, eval_set_id, number, source_id FROM eval_item")).fetchall()
    taken = {(set_id, own) for _, set_id, _, own in rows}
    for number, set_id, row, own in rows:
        if mentions.within(own):
            new = f"row {row}"
            while (set_id, new) in taken:  # the file may have numbered another lead so itself
                new = f"row {new}"
            taken.add((set_id, new))
            session.connection().execute(
                text("UPDATE eval_item SET source_id=:own WHERE id=:id"), {"own": new, "id": number}
            )


class Same:
    """Whether keys are those of one of some people."""

    def __init__(self, people: Iterable[Keys]) -> None:
        self._kinds: dict[str, list[frozenset[str]]] = {}
        for keys in people:
            kinds = frozenset(kind for kind in ("url", "email") if keys[kind])
            for several in keys.values():
                for key in several:
                    self._kinds.setdefault(key, []).append(kinds)

    def __bool__(self) -> bool:
        return bool(self._kinds)

    def __contains__(self, keys: Keys) -> bool:
        if any(key in self._kinds for kind in ("url", "email", "lead") for key in keys[kind]):
            return True
        theirs = {kind for kind in ("url", "email") if keys[kind]}
        # Two of one name at a company are two people if both have a profile, or both an email, as for tombstones.
        return any(not (theirs & kinds) for key in keys["name"] for kinds in self._kinds.get(key, ()))


def _named(session: Session) -> Iterator[Label]:
    rows = session.connection().execute(
        text("SELECT id, eval_set_id, person_keys FROM eval_item WHERE person_keys<>''")
    )
    return (Label(number, set_id, keys_in(keys)) for number, set_id, keys in rows)


def _stands_in(session: Session, draft_id: int, same: Same, mentions: Mentions | None) -> bool:
    table, columns = load_table(session, draft_id)
    if mentions is not None and any(mentions.within(one) for one in _texts(session, draft_id, table.sheet != "")):
        return True
    if mentions is not None and mentions.within(table.data[table.text_start :].decode(table.codec)):
        return True
    reader = RowReader(table.headers, columns, {}, {})
    for cut in map(reader.cut, pieces(table, _PIECE)):
        for one in people_of(cut):
            if keys_by_kind(one.url, one.email, one.name, one.company) in same:
                return True
    return False


def _texts(session: Session, draft_id: int, workbook: bool) -> Iterator[str]:
    """What a page shows of a draft, and of a workbook the text of every sheet."""
    row = session.connection().execute(
        text("SELECT name, file_name, settings, counts, content FROM eval_set WHERE id=:id"), {"id": draft_id}
    )
    *shown, content = row.one()
    yield from shown[:2]
    yield from (json.dumps(json.loads(one), ensure_ascii=False) for one in shown[2:])
    if workbook:
        book = Book(bytes(content))
        for name in book.names:
            with suppress(InputError):  # a blank sheet
                yield book.text(name).data.decode()
