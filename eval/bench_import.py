"""How long an import takes beside the least that could be done with the same file, and in how much memory.

    python -m eval.bench_import [--rows 100000]

The yardstick is ``csv.reader`` plus ``sqlite3.executemany`` into one table of the file's 8 columns, on disk, WAL,
one transaction. Beside it, in the same run: a first import (stage, check, commit), and a second file in which
10% of the rows changed and 2% lost their company. Each is the median of ``--times`` runs on fresh databases.
"""

from __future__ import annotations

import argparse
import csv
import io
import resource
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from ranker.ingest.check import check
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.store.engine import open_database

HEADERS = (
    "Company", "Website", "Employees", "First Name", "Last Name", "Job Title", "Email", "LinkedIn URL",
)  # fmt: skip
SIZES = ("1-10", "11-50", "51-200", "201-500", "501-1,000", "1,001-5,000", "")
SAMPLE = Path(__file__).with_name("sample") / "leads.csv"
MOST = 8.0


def make_files(count: int) -> tuple[bytes, bytes]:
    """Two files of made-up leads at a fifth as many companies, with the titles of our sample."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        titles = [row["lead_job_title"] for row in csv.DictReader(file)]
    rows = []
    for n in range(count):
        company = (n * 7919) % max(1, count // 5)
        rows.append(
            [
                f"Company {company}", f"company{company}.example", SIZES[company % len(SIZES)], "Lead", f"{n:06d}",
                titles[n % len(titles)], f"lead.{n}@company{company}.example", f"https://www.linkedin.com/in/lead-{n}",
            ]
        )  # fmt: skip
    first = _csv(rows)
    for n, row in enumerate(rows):
        if n % 10 == 0:
            row[5] += " (EMEA)"
        elif n % 50 == 1:
            row[0] = row[1] = ""
    return first, _csv(rows)


def _csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([HEADERS, *rows])
    return out.getvalue().encode()


def yardstick(data: bytes, folder: Path) -> float:
    """Seconds of the least that could be done."""
    path = folder / "leads.csv"
    path.write_bytes(data)
    started = time.perf_counter()
    connection = sqlite3.connect(folder / "yardstick.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("CREATE TABLE lead (a TEXT, b TEXT, c TEXT, d TEXT, e TEXT, f TEXT, g TEXT, h TEXT)")
    connection.execute("BEGIN IMMEDIATE")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        connection.executemany("INSERT INTO lead VALUES (?, ?, ?, ?, ?, ?, ?, ?)", reader)
    connection.execute("COMMIT")
    connection.close()
    return time.perf_counter() - started


def imports(first: bytes, second: bytes, folder: Path) -> tuple[float, float, dict[str, int]]:
    """Seconds of both imports, and the counts of the second."""
    database = open_database(folder=folder)
    took = []
    for name, data in (("first.csv", first), ("second.csv", second)):
        started = time.perf_counter()
        staged = stage_file(database, name, data)
        check(database, staged.id)
        done = commit(database, staged.id)
        took.append(time.perf_counter() - started)
        assert sum(done.counts.values()) == done.row_count
    database.close()
    return took[0], took[1], done.counts


def main() -> None:
    """Measure, print, and exit with 1 if an import takes more than 8 times the yardstick."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    first, second = make_files(options.rows)
    found = []
    counts: dict[str, int] = {}
    for _ in range(options.times):
        with tempfile.TemporaryDirectory() as folder:
            least = yardstick(first, Path(folder))
            one, two, counts = imports(first, second, Path(folder) / "data")
            found.append((least, one, two))
    least, one, two = (statistics.median(times) for times in zip(*found, strict=True))
    print(f"{options.rows:,} rows; csv.reader + executemany into 8 columns: {least:.2f} s")
    print(f"first import: {one:.2f} s, {one / least:.1f} times that ({options.rows / one:,.0f} rows/s)")
    print(f"second file: {two:.2f} s, {two / least:.1f} times that; {counts}")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    if max(one, two) > MOST * least:
        raise SystemExit(f"more than {MOST:g} times")


if __name__ == "__main__":
    main()
