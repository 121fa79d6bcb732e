"""How fast is one candidate persona judged and scored? What the optimizer does for every candidate.

``python -m eval.bench_evaluate [LABELLED.csv [PERSONA.md]]`` (default: the first 353 leads of our own sample): a cold
start, which reads vocabulary, file and title once; then candidates, each a persona of another text: read, compiled,
every lead judged and ranked, every figure computed. Then what is done once at the end: intervals, and the comparison
of two versions. Of 10 times the median, by the clock and of the processor, and the slowest: 0.25 s a candidate on 353
leads is the promise, and it is kept or broken by the processor's time, as the machine may be busy with other things.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

START = time.perf_counter()  # before anything heavy is imported

ROOT = Path(__file__).parents[1]
LABELLED = ROOT / "eval/sample/labelled.csv"
PERSONA = ROOT / "prompts/personas/outbound-sales.md"
LEADS = 353
PROMISE = 0.25
CANDIDATES = 10


def timed(what: str, run: Callable[[int], object]) -> float:
    """Run it for each candidate, print, and return the median of the processor's seconds."""
    seconds, busy = [], []
    for at in range(CANDIDATES):
        began, worked = time.perf_counter(), time.process_time()
        run(at)
        seconds.append(time.perf_counter() - began)
        busy.append(time.process_time() - worked)
    print(
        f"{what:<54} median {statistics.median(seconds):6.3f} s (processor {statistics.median(busy):6.3f} s), "
        f"slowest {max(seconds):6.3f} s"
    )
    return statistics.median(busy)


def main() -> None:
    """Measure and print; exit status 1 if the promise is broken."""
    from ranker.evaluation.compare import compare
    from ranker.evaluation.evaluate import Evaluation, Prediction, do_nothing, evaluate
    from ranker.evaluation.intervals import intervals
    from ranker.evaluation.labelled import LabelRow, read_labels
    from ranker.ingest.mapping import guess_mapping
    from ranker.ingest.reader import read_table
    from ranker.personas.reader import read_persona
    from ranker.personas.version import persona_hash
    from ranker.scoring.rank_table import company_keys, inputs_of, ranked_table
    from ranker.scoring.rules import RulesEngine
    from ranker.titles import TitleReader

    file = Path(sys.argv[1]) if len(sys.argv) > 1 else LABELLED
    text = Path(sys.argv[2] if len(sys.argv) > 2 else PERSONA).read_text(encoding="utf-8")
    table = read_table(str(file))
    rows = list(islice(table.rows(), LEADS))
    columns = guess_mapping(table.headers, rows).columns
    labels = read_labels(
        LabelRow(row.number, str(row.number), row.cells[columns["company"]], row.cells[columns["expected_rank"]])
        for row in rows
    )
    inputs = [inputs_of(row.cells, columns) for row in rows]
    companies = company_keys([(one.company, one.domain) for one in inputs])
    reader = TitleReader()

    lines = text.splitlines(keepends=True)
    starred = [at for at, line in enumerate(lines) if "/5" in line]

    def candidate(at: int) -> Evaluation:
        # Another text each time, so that nothing is remembered but the titles, which no persona changes.
        dropped = starred[at % len(starred)] if starred else len(lines) - 1
        changed = "".join(line for place, line in enumerate(lines) if place != dropped)
        engine = RulesEngine(read_persona(changed, "Candidate"), persona_hash(changed), reader)
        ranked = ranked_table([engine.assess(one) for one in inputs], companies)
        return evaluate(
            labels,
            {
                lead.source_id: Prediction(one.qualified, place, one.score)
                for lead, one, place in zip(labels, ranked.assessments, ranked.ranks, strict=True)
            },
        )

    first = candidate(0)
    print(
        f"{len(labels)} leads at {len(first.companies)} companies; cold start, with the first "
        f"candidate: {time.perf_counter() - START:.2f} s (processor {time.process_time():.2f} s)"
    )
    median = timed("a candidate: read, compile, judge, rank, every figure", candidate)
    others = [candidate(at) for at in range(1, CANDIDATES + 1)]
    timed("intervals of every figure", lambda at: intervals(others[at]))
    nothing = do_nothing(labels)
    timed("two versions compared, every figure", lambda at: compare(others[at], nothing))
    if median > PROMISE:
        sys.exit(f"a candidate took {median:.3f} s of the processor; {PROMISE} s is promised")


if __name__ == "__main__":
    main()
