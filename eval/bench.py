"""``make bench``: how fast titles are judged and files ranked, and how much memory that takes.

Every part runs in a process of its own, so that no cache is warm and the peak memory is its own. Absolute
figures hold for the machine that they are measured on; the ratios (linearity, share of reading and writing)
hold anywhere.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from eval.made_leads import made_titles, write_made

PERSONA = Path(__file__).parent.parent / "prompts" / "personas" / "outbound-sales.md"


def _engine():  # type: ignore[no-untyped-def]
    from ranker.commands import load_engine

    return load_engine(str(PERSONA))


def titles(count: int) -> dict[str, float]:
    """Distinct titles that no cache has seen, read and judged at one size each."""
    from ranker.scoring.assessment import Inputs

    engine, sizes = _engine(), ("11-50", "51-200", "501-1000", "10001+")
    every = [Inputs(title, "Lumen Works", sizes[at % 4]) for at, title in enumerate(made_titles(count, 11))]
    started = time.perf_counter()
    for inputs in every:
        engine.assess(inputs)
    seconds = time.perf_counter() - started
    return {"titles": count, "seconds": seconds, "per_second": count / seconds}


def judge(path: str) -> dict[str, float]:
    """A file's leads judged and ranked in memory, without reading or writing the file."""
    from ranker.ingest.mapping import guess_mapping
    from ranker.ingest.reader import read_table
    from ranker.scoring.rank_table import inputs_of
    from ranker.scoring.ranks import assign_ranks, company_key

    engine, table = _engine(), read_table(path)
    columns = guess_mapping(table.headers).columns
    every = [inputs_of(row.cells, columns) for row in table.rows()]
    started = time.perf_counter()
    found = [engine.assess(inputs) for inputs in every]
    assign_ranks(
        [company_key(inputs.company, inputs.domain) for inputs in every],
        [assessment.score if assessment.qualified else None for assessment in found],
    )
    seconds = time.perf_counter() - started
    return {"leads": len(every), "seconds": seconds, "per_second": len(every) / seconds}


def whole(path: str) -> dict[str, float]:
    """File to file, as the command line does it."""
    from ranker.cli import main

    started = time.perf_counter()
    status = main(["rank", path, "--persona", str(PERSONA), "--out", path + ".ranked.csv"])
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"rank ended with {status}")
    return {"seconds": seconds}


def _apart(part: str, *arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "eval.bench", part, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Run every part and print a line each."""
    if len(sys.argv) > 1:
        part, argument = sys.argv[1], sys.argv[2]
        result = titles(int(argument)) if part == "titles" else judge(argument) if part == "judge" else whole(argument)
        result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(result))
        return
    found = _apart("titles", "20000")
    print(f"20,000 distinct unseen titles, read and judged: {found['per_second']:,.0f} a second")
    with tempfile.TemporaryDirectory() as folder:
        path = str(write_made(Path(folder) / "100k.csv", 100_000, 20_000))
        found = _apart("judge", path)
        print(f"100,000 leads with 20,000 distinct titles, judged and ranked: {found['per_second']:,.0f} a second")
        print("file to file:")
        smallest = 0.0
        for count in (1_000, 10_000, 100_000, 300_000):
            path = str(write_made(Path(folder) / f"{count}.csv", count, max(200, count // 5)))
            found = _apart("whole", path)
            smallest = smallest or found["seconds"]
            print(
                f"  {count:>7,} leads: {found['seconds']:6.2f} s, {count / found['seconds']:>7,.0f} a second, "
                f"peak memory {found['peak_mb']:.0f} MB, {found['seconds'] / count * 1e6:.0f} µs a lead"
            )


if __name__ == "__main__":
    main()
