"""People and imports taken out of a database, in the caller's transaction; the same for a backup of any age.

``erase_people`` leaves nothing that says who they were: rows, verdicts, marks, staged rows, the kept bytes of the
files they came in, labels, messages, entries of the do-not-contact list that name only them, and mentions elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from ranker.care.erase_files import clean_imports
from ranker.care.labels import drop_drafts, erase_labels, labels_of, rename_numbers
from ranker.care.prospects import erase_prospects, prospects_of, take_back_mended
from ranker.care.quotes import forget_label_titles, forget_titles, label_titles, titles_of
from ranker.ingest.keys import keys_by_kind, name_key
from ranker.ingest.mentions import Person, mentions_of, sweep
from ranker.scoring.rank_run import counts_of
from ranker.store import currents
from ranker.store.counter import leads_changed, people_deleted
from ranker.store.fold import fold
from ranker.store.suppressions import normalise, rows_in

_PEOPLE = (
    "SELECT l.id, l.dedup_key, l.company_id, c.key, l.email, l.linkedin_url, l.full_name "
    "FROM lead AS l JOIN company AS c ON c.id=l.company_id"
)
_DROP_EMPTY = (
    "DELETE FROM company WHERE id IN :ids AND NOT EXISTS (SELECT 1 FROM lead WHERE lead.company_id=company.id) "
    "RETURNING key, name"
)
# All leads in one pass: a row's lead has no index.
_SHOWN_BY_ANOTHER = (
    "UPDATE lead SET batch_id=o.batch_id, row_number=o.number FROM (SELECT r.lead_id, r.batch_id, r.number, "
    "row_number() OVER (PARTITION BY r.lead_id ORDER BY r.batch_id DESC, r.number) AS place FROM import_row AS r "
    "JOIN import_batch AS b ON b.id=r.batch_id WHERE b.state='done' AND b.id<>:id AND r.outcome<>'repeated' "
    "AND r.lead_id IN (SELECT id FROM lead WHERE batch_id=:id)) AS o "
    "WHERE o.place=1 AND o.lead_id=lead.id AND lead.batch_id=:id"
)


def people(session: Session, lead_ids: Sequence[int]) -> list[Person]:
    """Who these leads are; those that are not there are left out."""
    return [Person(*row) for row in rows_in(session, f"{_PEOPLE} WHERE l.id IN :ids", lead_ids)]


def everybody(session: Session) -> Iterable[Person]:
    """All leads."""
    return (Person(*row) for row in session.connection().execute(text(_PEOPLE)))


def keys_of(person: Person) -> dict[str, list[str]]:
    """Kind → keys under which a person is buried; ``look`` finds them by name alone."""
    keys = keys_by_kind(person.url, person.email, person.name, person.company, person.lead)
    name = fold(person.name)
    return keys | {"look": [f"look:{name}"] if name else []}


def erase_people(
    session: Session, said: Mapping[int, str], *, also: Mapping[Person, str] | None = None, everywhere: bool = True
) -> int:
    """Delete leads (number → the sentence that stands in for their rows) and rank their companies again, whole.

    ``also``: people who are no lead here, but may stand in a file or be mentioned. ``everywhere``: mentions in
    rows of others go as well. The number of leads that went.
    """
    gone = people(session, list(said))
    every = {**(also or {}), **{person: said[person.id] for person in gone}}
    if not every:
        return 0
    ids = [person.id for person in gone]
    tables = set(inspect(session.connection()).get_table_names())
    rows: dict[int, dict[int, str]] = {}
    for lead_id, batch_id, number in rows_in(
        session, "SELECT lead_id, batch_id, number FROM import_row WHERE lead_id IN :ids", ids
    ):
        rows.setdefault(batch_id, {})[number] = said[lead_id]
    titles = titles_of(session, ids) if everywhere and "ai_call" in tables else {}
    judged: dict[int, int] = {}
    if "assessment" in tables:
        count_them = "SELECT run_id, count(*) FROM assessment WHERE lead_id IN :ids GROUP BY run_id"
        for run_id, count in rows_in(session, count_them, ids):
            judged[run_id] = judged.get(run_id, 0) + count
    labelled = "eval_item" in tables
    if labelled:
        # An import's leads are nobody who asked: a label that another file gave them stays, as their rows do.
        labels = labels_of(session, ids, every if everywhere else ())
        of_labels = label_titles(session, [one.id for one in labels]) if everywhere else {}
        erase_labels(session, labels)
        forget_label_titles(session, of_labels)
    written_to = "prospect" in tables
    if written_to:
        # The same for messages: of an import's leads only what hangs on them goes, by whom somebody asked all.
        erase_prospects(session, prospects_of(session, every if everywhere else [replace(one, url="") for one in gone]))
    rows_in(session, "DELETE FROM lead WHERE id IN :ids RETURNING id", ids)
    if "cache_entry" in tables:  # answers of a model may quote anybody
        session.connection().execute(text("DELETE FROM cache_entry"))
        people_deleted(session)  # answers that are under way are not kept either
    forget_titles(session, titles)
    touched = sorted({person.company_id for person in gone})
    empty = rows_in(session, _DROP_EMPTY, touched)
    _take_off_list(session, list(every))
    mentions = mentions_of(session, every) if everywhere else None
    by_key = {key: why for one, why in every.items() for kind in ("url", "email") for key in keys_of(one)[kind]}
    companies = frozenset({row[0] for row in empty} | {name_key(row[1]) for row in empty})
    clean_imports(session, rows, by_key, mentions, companies)
    if labelled and everywhere:
        drop_drafts(session, every, mentions)
    if mentions is not None:
        if labelled:
            rename_numbers(session, mentions)
        sweep(session, mentions)
    if written_to:
        take_back_mended(session)
    if "current_assessment" in tables:
        currents.rank_companies(session, touched)
    for run_id, count in judged.items():
        _count_again(session, run_id, count)
    leads_changed(session)
    return len(gone)


def erase_import(session: Session, batch_id: int) -> None:
    """Delete an import: its rows, what was staged of it, its file unless another import has the same one.

    A lead that another file speaks about as well is shown by that file from now on. Erase its own leads first.
    """
    connection, key = session.connection(), {"id": batch_id}
    sha = connection.execute(text("SELECT sha256 FROM import_batch WHERE id=:id"), key).scalar()
    if sha is None:
        return
    connection.execute(text(_SHOWN_BY_ANOTHER), key)
    connection.execute(text("UPDATE lead SET batch_id=NULL, row_number=NULL WHERE batch_id=:id"), key)
    connection.execute(text("DELETE FROM import_batch WHERE id=:id"), key)
    left = connection.execute(text("SELECT 1 FROM import_batch WHERE sha256=:sha LIMIT 1"), {"sha": sha}).first()
    if left is None:
        connection.execute(text("DELETE FROM import_file WHERE sha256=:sha"), {"sha": sha})
    leads_changed(session)


def own_leads(session: Session, batch_id: int) -> list[int]:
    """The leads that only this import brought: no other import that is done has a row of theirs."""
    rows = session.connection().execute(
        text(
            "SELECT DISTINCT r.lead_id FROM import_row AS r WHERE r.batch_id=:id AND r.lead_id IS NOT NULL "
            "AND r.lead_id NOT IN (SELECT o.lead_id FROM import_row AS o JOIN import_batch AS b ON b.id=o.batch_id "
            "WHERE o.batch_id<>:id AND b.state='done' AND o.lead_id IS NOT NULL) "
            "AND (SELECT state FROM import_batch WHERE id=:id)='done' ORDER BY 1"
        ),
        {"id": batch_id},
    )
    return [int(row[0]) for row in rows]


def _take_off_list(session: Session, gone: Sequence[Person]) -> None:
    """Remove do-not-contact entries that name these people, unless such an entry holds somebody who stays.

    The tombstone keeps the person out from now on.
    """
    connection = session.connection()
    named: set[tuple[str, str]] = set()
    for one in gone:
        named |= {("person", normalise("person", value)) for value in (one.url, one.email, one.name) if value}
        named |= {("email", normalise("email", one.email))} if one.email else set()
    listed = {
        (kind, normalise(kind, value)): value  # the oldest are written in another way than they are compared by now
        for kind, value in connection.execute(text("SELECT kind, value FROM suppression"))
    }
    named &= listed.keys()
    if not named:
        return
    held = connection.execute(text("SELECT email, linkedin_url, full_name FROM lead WHERE suppressed=1"))
    for email, url, name in held:
        named -= {("person", normalise("person", value)) for value in (url, email, name) if value}
        named -= {("email", normalise("email", email))} if email else set()
    for entry in sorted(named):
        values = {"kind": entry[0], "value": listed[entry]}
        connection.execute(text("DELETE FROM suppression WHERE kind=:kind AND value=:value"), values)


def _count_again(session: Session, run_id: int, fewer: int) -> None:
    """Keep a run's sums true: what it counts are the leads whose verdicts are there."""
    connection, key = session.connection(), {"id": run_id, "fewer": fewer}
    state = connection.execute(text("SELECT state FROM run WHERE id=:id"), key).scalar_one()
    if state in {"queued", "running"}:
        return  # it counts by itself at its end
    less = "CASE WHEN {0}>:fewer THEN {0}-:fewer ELSE 0 END"
    connection.execute(
        text(f"UPDATE run SET total={less.format('total')}, done={less.format('done')} WHERE id=:id"), key
    )
    if state == "done":
        connection.execute(
            text("UPDATE run SET counts=:counts WHERE id=:id"),
            {"counts": json.dumps(counts_of(session, run_id)), "id": run_id},
        )
