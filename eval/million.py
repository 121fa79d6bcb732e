"""``python -m eval.million [ROWS]``: import a million made leads, as CSV and as a workbook; time and memory.

Each file in a process of its own, so that its peak memory is its own. Every row has to be accounted for.
"""

from __future__ import annotations

import argparse
import csv
import resource
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from eval.made_leads import write_made


def import_one(path: Path, folder: Path) -> str:
    """Stage, check and commit; what it took, in one line. Raises ``SystemExit`` if a row was lost."""
    from ranker.ingest.check import check
    from ranker.ingest.merge import commit
    from ranker.ingest.stage import stage_file
    from ranker.store.engine import open_database

    database = open_database(folder=folder)
    marks = [time.perf_counter()]
    staged = stage_file(database, path.name, path.read_bytes())
    marks.append(time.perf_counter())
    check(database, staged.id)
    marks.append(time.perf_counter())
    done = commit(database, staged.id)
    marks.append(time.perf_counter())
    database.close()
    if sum(done.counts.values()) != done.row_count:
        raise SystemExit(f"{done.row_count} rows, but {done.counts}")
    read, compared, written = (after - before for before, after in pairwise(marks))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{path.suffix[1:]}: {done.row_count:,} rows ({path.stat().st_size / 1e6:.0f} MB): read {read:.0f} s, "
        f"checked {compared:.0f} s, written {written:.0f} s; {peak:,.0f} MB at most; "
        + ", ".join(f"{count:,} {name}" for name, count in done.counts.items() if count)
    )


def as_workbook(source: Path, target: Path) -> Path:
    """The CSV as a workbook, every cell as text."""
    from ranker.export.xlsx_file import write_xlsx

    with source.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        write_xlsx(str(target), next(rows), rows)
    return target


def main() -> None:
    """Make the files and import each in a process of its own."""
    parser = argparse.ArgumentParser(description="import a million rows, as CSV and as a workbook")
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--file", type=Path, help="import this one file here, and say what it took")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.file:
        print(import_one(options.file, options.folder))
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        made = write_made(folder / "made.csv", options.rows, options.rows // 8)
        for path in (made, as_workbook(made, folder / "made.xlsx")):
            command = [sys.executable, "-m", "eval.million", "--file", str(path), "--folder", str(folder / path.suffix)]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
