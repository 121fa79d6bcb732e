"""Tokens of a ranking with a model, counted on the very prompts that would be sent, all shuffles included.

``python -m eval.bench_tokens [LEADS.csv PERSONA.md]``; without names our own sample. Four bytes count as a token for
every way alike, with 16 for the frame of a call: the tokenizers of the providers are not at hand offline.

"Whole" ways send the persona's whole text with each call and gate nobody. Where a way asks further about those who are
found relevant, "all" counts as if that were everybody, and "judged" what the simulated judge answers, whose planted
scores are those of the rules. The cascade's worst case has as many leads scored again as the strategy may take.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from eval.judge import SimulatedJudge
from ranker.commands import load_engine, open_table
from ranker.llm.apart import run_to_end
from ranker.llm.settings import load_settings
from ranker.personas.version import persona_hash
from ranker.scoring.llm.engine import ModelEngine
from ranker.scoring.llm.leads import Lead, batches
from ranker.scoring.llm.plan import plan
from ranker.scoring.llm.strategies import STRATEGIES
from ranker.scoring.llm.tasks import BATCH, Tasks, expected_output
from ranker.scoring.llm.templates import LONGEST, shown
from ranker.scoring.llm.watch import Progress
from ranker.scoring.rank_table import company_keys, inputs_of

SAMPLE = ("eval/sample/leads.csv", "prompts/personas/outbound-sales.md")


class Whole(Tasks):
    """The same prompts with the whole persona, whatever the size."""

    def _persona(self, names: tuple[str, ...]) -> str:
        return self.text

    def _size(self, names: tuple[str, ...]) -> str:
        return "the size that stands beside each"


def count(tasks: Tasks, work: Sequence[tuple[str, list[Lead]]]) -> tuple[int, float, float]:
    """Calls, tokens in and expected tokens out of these batches."""
    asked = [(task, batch, tasks.question(task, batch)) for task, batch in work]
    out = sum(expected_output(task, len(batch)) for task, batch, _ in asked)
    return len(asked), sum(question.likely_input() for _, _, question in asked), out


def judged(strategy: str, tasks: Tasks, leads: Sequence[Lead], truth: dict[str, float]) -> tuple[int, float, float]:
    """Calls and tokens of a strategy before the simulated judge."""
    judge = SimulatedJudge(truth)
    run_to_end(STRATEGIES[strategy](judge, tasks, leads, Progress()))
    return judge.calls, judge.tokens_in, judge.tokens_out


Way = tuple[int, float, float]
"""Calls, tokens in, tokens out."""


def ways(file: str, persona: str) -> tuple[dict[str, Way], str]:
    """Calls and tokens of each way, the first being one call a lead with the whole persona; and what was counted."""
    table, columns = open_table(Namespace(file=file, encoding=None, delimiter=None, overrides=[]))
    inputs = [inputs_of(row.cells, columns) for row in table.rows()]
    at = columns.get("industry")
    industries = ["" if at is None else row.cells[at].strip() for row in table.rows()]
    companies = company_keys([(one.company, one.domain) for one in inputs])
    rules, text = load_engine(persona), Path(persona).read_bytes().decode("utf-8-sig")
    settings = load_settings({"OPENAI_API_KEY": "none"})

    def leads_of(strategy: str) -> list[Lead]:
        engine = ModelEngine(rules, text, persona_hash(text), strategy, settings)
        return sorted({lead for lead in engine.leads(inputs, industries, companies) if isinstance(lead, Lead)})

    everybody, asked = leads_of("pointwise"), leads_of("cascade")
    truth = {shown(one.title, LONGEST["title"]): (rules.assess(one).score or 0.0) / 10 for one in inputs}
    tasks = Tasks(text, rules.persona.spec, rules.persona.threshold)
    whole = Whole(text, rules.persona.spec, rules.persona.threshold)
    alike = [replace(lead, brackets=("any",)) for lead in everybody]
    steps = plan(tasks, "cascade", asked, settings).steps
    qualify = [("qualify", batch) for batch in batches(alike, BATCH["qualify"], by_company=False)]
    rank = [("rank", batch) for batch in batches(alike, BATCH["rank"], by_company=True)]
    found = {
        "one call a lead, whole persona": count(whole, [("pointwise", [lead]) for lead in alike]),
        "qualify by 50, rank companies, whole, all": count(whole, qualify + rank),
        "qualify by 50, rank companies, whole, judged": judged("two-phase", whole, alike, truth),
        "pointwise": count(tasks, [("pointwise", [lead]) for lead in everybody]),
        "two-phase, judged": judged("two-phase", tasks, everybody, truth),
        "cascade, at most": (
            sum(step.calls for step in steps), sum(step.tokens_in for step in steps),
            sum(step.tokens_out for step in steps),
        ),
        "cascade, judged": judged("cascade", tasks, asked, truth),
    }  # fmt: skip
    return found, f"{len(inputs):,} rows, {len(everybody):,} different leads; {len(asked):,} behind the gates"


def main() -> None:
    """Print the table."""
    found, counted = ways(*(sys.argv[1:3] if len(sys.argv) > 2 else SAMPLE))
    print(counted)
    print(f"{'':<46}{'calls':>7}{'tokens in':>12}{'of the first':>14}{'tokens out':>12}")
    first = next(iter(found.values()))[1]
    for name, (calls, into, out) in found.items():
        print(f"{name:<46}{calls:>7,}{into:>12,.0f}{into / first:>14.3f}{out:>12,.0f}")


if __name__ == "__main__":
    main()
