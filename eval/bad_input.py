"""``python -m eval.bad_input``: hand over every bad file we could think of, and write down what happens.

The page is docs/BAD_INPUT.md; a test runs the same and compares, so that it is true.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eval.bad_files import FILES
from ranker.errors import RankerError
from ranker.ingest.check import check
from ranker.ingest.files import MAX_BYTES, check_size
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.ingest.staged import StagedImport
from ranker.store.engine import Database, open_database

PAGE = Path(__file__).parent.parent / "docs" / "BAD_INPUT.md"
NOTHING = "Nothing: the leads are as they were."

_HEAD = """\
# Bad input

What people hand over that is no clean list, what they are told, and what is kept. `python -m eval.bad_input` writes
this page from what really happens; a test compares.

The rule: a file is refused as a whole only where nothing in it can be trusted. Else the doubtful rows are named, or
come back as a file of rejected rows with number and reason, and the rest is imported. Every row is counted:
new, changed, unchanged, repeated or rejected.

| handed over | what is said | what is kept |
| --- | --- | --- |
"""
_TAIL = """
A file of a million rows is part of `make soak`, which prints time and memory.
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What happened to one file. ``rows``: those in the file; ``outcomes``: what became of them."""

    name: str
    said: str
    kept: str
    rows: int = 0
    outcomes: int = 0


def hand_over(database: Database, name: str, file_name: str, data: bytes) -> Told:
    """Stage, check and import a file as a page does."""
    try:
        staged = stage_file(database, file_name, data)
    except RankerError as error:
        return Told(name, str(error), NOTHING)
    try:
        check(database, staged.id)
    except RankerError as error:
        return Told(name, str(error), "The file, until a column is chosen. Nothing is imported yet.", staged.row_count)
    done = commit(database, staged.id)
    return Told(name, _said(done), _kept(done), done.row_count, sum(done.counts.values()))


def disk_full(folder: Path) -> Told:
    """An import into a database that can't grow any more, then a look at whether it is whole."""
    from sqlalchemy import event, text

    database = open_database(folder=folder)
    data = "Company,Title,Note\n" + "".join(f"Alpha {n},CEO,{'x' * 200}\n" for n in range(20_000))
    event.listen(database.engine, "connect", lambda driver, _: driver.execute("PRAGMA max_page_count=400"))
    database.engine.dispose()
    said = ""
    try:
        staged = stage_file(database, "leads.csv", data.encode())
        commit(database, staged.id)
    except RankerError as error:
        said = str(error)
    with database.session() as session:
        connection = session.connection()
        intact = connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        leads = connection.execute(text("SELECT count(*) FROM lead")).scalar_one()
    database.close()
    whole = "the database is whole" if intact and not leads else "THE DATABASE IS DAMAGED"
    return Told("a disk that is full", said, f"What was there before; {whole}.")


def too_large() -> Told:
    """A file over the limit is refused before it is read."""
    try:
        check_size(MAX_BYTES + 1024 * 1024)
    except RankerError as error:
        return Told("a file over the limit", str(error), NOTHING)
    return Told("a file over the limit", "", "EVERYTHING")


def all_told() -> Iterator[Told]:
    """Every case, each with a database of its own."""
    with _databases() as fresh:
        for name, file_name, make in FILES:
            database = open_database(folder=fresh())
            yield hand_over(database, name, file_name, make())
            database.close()
        yield too_large()
        yield disk_full(fresh())


@contextmanager
def _databases() -> Iterator[Callable[[], Path]]:
    with tempfile.TemporaryDirectory() as place:
        template, count = Path(place) / "template", 0
        open_database(folder=template).close()

        def fresh() -> Path:
            nonlocal count
            count += 1
            folder = Path(place) / str(count)
            shutil.copytree(template, folder)
            return folder

        yield fresh


def page(told: list[Told]) -> str:
    """The page's text."""
    lines = [f"| {_cell(one.name)} | {_cell(one.said)} | {_cell(one.kept)} |" for one in told]
    return _HEAD + "\n".join(lines) + "\n" + _TAIL


def _said(staged: StagedImport) -> str:
    parts = [f"{kind['message'].rstrip('.')}. {kind['mend']}" for kind in staged.problems]
    return " ".join(parts) or "Nothing: the file is read as it is."


def _kept(staged: StagedImport) -> str:
    counts = ", ".join(f"{count:,} {name}" for name, count in staged.counts.items() if count)
    rows = f"{staged.row_count:,} {'row' if staged.row_count == 1 else 'rows'}"
    return f"{rows}: {counts}; the original file." + (
        f" Header: row {staged.header_row}." if staged.header_row > 1 else ""
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(list(all_told())), encoding="utf-8")
    print(f"{len(FILES) + 2} cases, written to {PAGE.name}")


if __name__ == "__main__":
    main()
