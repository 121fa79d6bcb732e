"""``python -m eval.fuzz [--seconds 600] [--only NAME …] [--seed N]``: part of ``make soak``.

Each target gets made-up and mutated input for so many seconds. What counts as a failure: an error that is not
ours, an answer that takes longer than ``PATIENCE`` seconds, a row that is lost. The smallest input that failed is
printed. A failure that was found becomes a test.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings

from eval import fuzz_input as made
from ranker.errors import RankerError
from ranker.ingest.check import check
from ranker.ingest.mapping import column_names, guess_mapping
from ranker.ingest.merge import commit
from ranker.ingest.overrides import apply_overrides
from ranker.ingest.pieces import pieces
from ranker.ingest.reader import Table, read_again, read_table, reading_of
from ranker.ingest.stage import stage_file
from ranker.ingest.undo import undo
from ranker.personas.reader import read_persona
from ranker.store.engine import Database, open_database
from ranker.titles import TitleReader

PATIENCE = 10
ROUND = 200
"""Examples between two looks at the clock."""
_TITLES = TitleReader()


class Hang(Exception):
    """An input took longer than ``PATIENCE`` seconds."""


@contextmanager
def patience() -> Iterator[None]:
    """Raise ``Hang`` when the time is up."""

    def ring(*_: object) -> None:
        raise Hang(f"no answer after {PATIENCE} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def look_at(table: Table) -> None:
    """Every way to go through a table gives the same rows, each as wide as the headers."""
    rows = list(table.rows())
    assert rows, "a table without rows was returned"
    assert all(len(row.cells) == len(table.headers) for row in rows), "a row is not as wide as the headers"
    numbers = [row.number for row in rows]
    assert numbers == sorted(set(numbers)), "row numbers repeat"
    again = read_again(
        table_bytes[table.sha256], table.sha256, table.headers, table.encoding, table.delimiter, reading_of(table)
    )
    assert list(again.rows()) == rows, "read again it is another table"
    assert sum(len(piece.numbers) for piece in pieces(table, 7)) == len(rows), "pieces lose rows"


table_bytes: dict[str, bytes] = {}


def one_line(error: RankerError) -> None:
    """A message for a person is one line."""
    if not error.message or "\n" in error.message:
        raise AssertionError(f"no message for a person: {error.message!r}")


def read_any(data: bytes) -> None:
    """Bytes → a table that holds together, or one of our errors in one line."""
    try:
        table = read_table(data)
    except RankerError as error:
        one_line(error)
        return
    table_bytes.clear()
    table_bytes[table.sha256] = data
    look_at(table)


def read_plain(text: str) -> None:
    """Text without quotes: every line below the header that is not blank is a row."""
    try:
        table = read_table(text.encode())
    except RankerError:
        return
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[table.header_row :]
    below = [
        line for line in lines[table.header_row :] if line.strip() and (line.strip(" \t") or table.delimiter in line)
    ]
    assert len(list(table.rows())) >= sum(bool(line.strip()) for line in below), "a line was lost"


def map_columns(sheet: tuple[list[str], list[list[str]], list[str]]) -> None:
    """Headers and cells → a mapping in which no column serves two fields."""
    headers, rows, overrides = sheet
    mapping = guess_mapping(headers, rows)
    assert len(set(mapping.columns.values())) == len(mapping.columns)
    assert len(column_names(headers)) == len(headers)
    try:
        mapping = apply_overrides(mapping, headers, overrides)
    except RankerError:
        return
    assert all(0 <= column < len(headers) for column in mapping.columns.values())


def read_title(title: str) -> None:
    """A title → a reading, whatever it is."""
    _TITLES.read(title)


def persona(text: str) -> None:
    """Markdown → a specification, or one of our errors."""
    with suppress(RankerError):
        read_persona(text)


def whole_import(database: Database) -> Callable[[bytes], None]:
    """Rows in the file = new + changed + unchanged + repeated + rejected; then it is undone."""

    def run(data: bytes) -> None:
        try:
            staged = stage_file(database, "fuzz", data)
            if staged.missing:
                return
            checked = check(database, staged.id)
        except RankerError:
            return
        rows = len(list(read_table(data).rows()))
        assert sum(checked.counts.values()) == rows, f"{rows} rows, {checked.counts}"
        commit(database, staged.id)
        plan = undo(database, staged.id)
        assert plan.whole, "an import that nobody touched was not undone as a whole"

    return run


def fuzz(name: str, target: Callable[[Any], None], strategy: Any, seconds: float, rng: random.Random) -> int:
    """Feed a target for so long; the number of examples, or -1 for a failure, which is printed."""
    until, count = time.monotonic() + seconds, 0

    def counted(value: Any) -> None:
        nonlocal count
        count += 1
        with patience():
            target(value)

    checks = settings(
        max_examples=ROUND, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=False
    )
    while time.monotonic() < until:
        try:
            seed(rng.randrange(1 << 30))(checks(given(strategy)(counted)))()
        except Exception:  # noqa: BLE001 – whatever it is, it is what we look for
            print(f"{name}: FAILED after {count:,} inputs")
            traceback.print_exc(limit=-4)
            return -1
    print(f"{name}: {count:,} inputs in {seconds:.0f} s, no failure", flush=True)
    return count


def main() -> None:
    """Fuzz every target, and exit 1 if any failed."""
    parser = argparse.ArgumentParser(description="made-up input for reader, mapper, title, persona and import")
    parser.add_argument("--seconds", type=float, default=600, help="for each target")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--only", nargs="*", default=[])
    options = parser.parse_args()
    rng, failed = random.Random(options.seed), False
    print(f"seed {options.seed}")
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(folder=Path(folder))
        targets: dict[str, tuple[Callable[[Any], None], Any]] = {
            "csv": (read_any, made.csv_bytes()),
            "lines": (read_plain, made.plain_text()),
            "xlsx": (read_any, made.workbooks()),
            "mapper": (map_columns, made.headers_and_cells()),
            "title": (read_title, made.titles()),
            "persona": (persona, made.personas()),
            "import": (whole_import(database), made.leads()),
        }
        for name, (target, strategy) in targets.items():
            if not options.only or name in options.only:
                failed |= fuzz(name, target, strategy, options.seconds, rng) < 0
        database.close()
    sys.exit(failed)


if __name__ == "__main__":
    main()
