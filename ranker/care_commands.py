"""What the commands do that look after an installation: doctor, backup, restore, delete, letin."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from ranker.errors import UsageError
from ranker.store.engine import Database, data_folder, open_database
from ranker.store.fold import fold

if TYPE_CHECKING:
    from ranker.care.preview import Preview


def doctor(options: Namespace) -> int:
    """Print what is set up, what is missing and what to do; the exit status is 1 if there is a problem."""
    from ranker.care.doctor import examine

    report = examine(port=options.port)
    if options.json:
        print(json.dumps({"state": report.state, "findings": [asdict(one) for one in report.findings]}, indent=2))
        return report.exit_code
    for one in report.findings:
        print(f"{one.state:<8} {one.name:<16} {one.told}")
        if one.way:
            print(f"{'':<25} {one.way}")
    return report.exit_code


def backup(options: Namespace) -> None:
    """Make a backup by hand, or list those there are."""
    from ranker.care.restore import POSTGRES
    from ranker.store import backups

    with _database() as database:
        if not database.is_sqlite:
            raise UsageError(POSTGRES)
        if not options.list:
            made = backups.make(database)
            print(f"Backup made: {made}")
            return
        there = backups.list_backups(database)
        for one in there:
            leads = "?" if one.leads is None else f"{one.leads:,}"
            print(f"{one.made_at}  {one.size_bytes / 1e6:>9,.1f} MB  {leads:>9} leads  {one.why:<16} {one.path.name}")
        if not there:
            print("There is no backup yet. Make one: python -m ranker backup")


def restore(options: Namespace) -> None:
    """Show what a backup holds and, once confirmed, put it in the place of the present data."""
    from ranker.care.restore import POSTGRES, check_backup
    from ranker.care.restore import restore as replace
    from ranker.store import backups

    with _database() as database:
        if not database.is_sqlite:
            raise UsageError(POSTGRES)
        path = Path(options.file)
        if not path.exists():
            path = backups.get_backup(database, options.file).path
        found = check_backup(path)
        print(f"{path.name}: {found.leads:,} leads at {found.companies:,} companies, {found.runs:,} runs.")
        if not _confirmed(options, "restore"):
            return
        done = replace(database, path)
        print(f"Restored: {done.leads:,} leads. What was there before is in {done.before.name}.")
        if done.removed:
            print("People who were deleted since that backup was made stayed deleted.")
        _say_if_traces(done.clean)


def delete(options: Namespace) -> None:
    """Show what would go and, once confirmed, delete it everywhere; ``rest`` removes traces left by a deletion."""
    from ranker.care import deletion
    from ranker.care.preview import count_backups, tell_before

    with _database() as database:
        if options.what == "rest":
            _say_if_traces(deletion.finish(database), "Nothing of a deletion is left.")
            return
        wanted = _wanted(database, options)
        told = tell_before(database, wanted)
        backups = count_backups(database)
        also = f" It goes from {backups:,} {'backup' if backups == 1 else 'backups'} as well." if backups else ""
        print(f"This would delete: {told.words}.{also}")
        if not _confirmed(options, told.phrase):
            return
        gone = deletion.delete(database, wanted)
        print(f"Deleted: {gone.words}.")
        _say_if_traces(gone.clean)


def letin(options: Namespace) -> None:
    """Let somebody in again who was deleted: the next file that names them brings them back."""
    from ranker.care.deletion import let_in

    with _database() as database:
        found = let_in(database, options.who)
        print(f"Let in again; deleted on {found.since[:10]}. The next file that names them brings them back.")


def _wanted(database: Database, options: Namespace) -> Preview:
    """Whom or what the words of the command mean; several who fit are listed, and one is asked for."""
    from ranker.care.finding_people import find_by_address, find_companies, find_labelled, find_people
    from ranker.care.preview import Preview

    if not options.who:
        raise UsageError(f"Say which {options.what}, for example: python -m ranker delete {options.what} {_SUCH_AS}")
    if options.what == "import":
        if not (options.who.isascii() and options.who.isdigit()):
            raise UsageError("An import is named by its number: the address of its page ends with ?batch=NUMBER.")
        return Preview.of_import(int(options.who), with_leads=not options.keep)
    if options.what == "company":
        companies = find_companies(database, options.who)
        same = [one for one in companies if fold(one[1]) == fold(options.who)] or companies
        if len(same) != 1:
            _list_and_refuse("company", [f"{name} ({leads:,} leads)" for _, name, leads in same], options.who)
        return Preview.company(same[0][0])
    people = find_people(database, options.who, limit=10_000)
    people = [one for one in people if fold(one.name) == fold(options.who)] or people
    if options.who.startswith("#") and options.who[1:].isdecimal():
        return Preview.people([int(options.who[1:])])
    others = find_labelled(database, options.who, limit=10_000)
    others = [one for one in others if fold(one.name) == fold(options.who)] or others
    alone = find_by_address(database, options.who, limit=10_000)
    if len(people) + len(others) + len(alone) != 1:
        lines = [f"#{one.lead_id}  {one.name} · {one.title} · {one.company} · {one.email or one.url}" for one in people]
        lines += [f"{one.name} · {one.company} · {one.email or one.url} (in labelled sets only)" for one in others]
        lines += [f"{one.url} (known by profile only, {one.sequences} sequences)" for one in alone]
        _list_and_refuse("person", lines, options.who)
    return Preview.people(
        [one.lead_id for one in people], [one.label for one in others], [one.prospect_id for one in alone]
    )


_LISTED = 10
_SUCH_AS = '"NAME, EMAIL OR PROFILE"'


def _list_and_refuse(what: str, lines: list[str], who: str) -> NoReturn:
    for line in lines[:_LISTED]:
        print(line)
    if not lines:
        raise UsageError(f"No {what} here is called “{who}”. Check the spelling; an email or a domain finds best.")
    raise UsageError(f"{len(lines)} fit “{who}”. Name one by email, profile, domain or #number.")


def _confirmed(options: Namespace, phrase: str) -> bool:
    """Whether the person typed what is asked for: after ``--confirm``, or at the terminal."""
    typed = options.confirm
    if typed is None and sys.stdin.isatty():
        typed = input(f"Type “{phrase}” to do it, or nothing to stop: ")
        if not typed.strip():
            print("Nothing was changed.")
            return False
    if typed is None:
        print(f'Nothing was changed. To do it, add: --confirm "{phrase}"')
        return False
    if " ".join(typed.lower().split()) != phrase:
        raise UsageError(f"Nothing was changed: “{typed}” is not “{phrase}”.")
    return True


def _say_if_traces(clean: bool, else_say: str = "") -> None:
    if not clean:
        print("Traces are still in the file, because it is in use. Close the app, then: python -m ranker delete rest")
    elif else_say:
        print(else_say)


@contextmanager
def _database() -> Iterator[Database]:
    """The database that the surroundings name, and the log beside it."""
    from ranker.care.logs import start_logs

    database = open_database()
    stop = start_logs(data_folder(), terminal=False) if database.is_sqlite else (lambda: None)
    try:
        yield database
    finally:
        stop()
        database.close()
