"""``rank`` with a language model: what it would take, and doing it."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from ranker.commands import check_output, count_of, load_engine, open_table, say_mapping, write_ranked
from ranker.llm.prices import price_list
from ranker.llm.settings import Settings, check_key, load_settings
from ranker.llm.spending import check_spending
from ranker.personas.version import persona_hash
from ranker.scoring.assessment import Assessment, Inputs
from ranker.scoring.llm.engine import ModelEngine, Outcome
from ranker.scoring.llm.gates import GATED
from ranker.scoring.llm.leads import Lead
from ranker.scoring.llm.plan import SECONDS_A_CALL, Plan, plan
from ranker.scoring.llm.strategies import GATED as GATED_STRATEGIES
from ranker.scoring.llm.tasks import TASKS
from ranker.scoring.llm.variants import ModelChoice
from ranker.scoring.llm.watch import Live
from ranker.scoring.rank_table import company_keys, inputs_of
from ranker.store.engine import open_database
from ranker.template_commands import prompts_for

NOT_TRIED = "Language models are not tried live yet: tested on a server of our own and a small model only."


def rank(options: Namespace) -> int:
    """Judge a file with a language model, or (``--dry-run``) tell what that would take; 1 if it was stopped."""
    started = time.perf_counter()
    settings = load_settings().with_model(options.model)
    if options.max_usd is not None:
        settings = replace(settings, max_usd=options.max_usd)
    rules = load_engine(options.persona)
    text = Path(options.persona).read_bytes().decode("utf-8-sig")
    check_output(options)
    if not options.dry_run:
        check_key(settings)
        check_spending(settings, TASKS[options.strategy])
    prompts = prompts_for(options.templates, asking=not options.dry_run)
    engine = ModelEngine(rules, text, persona_hash(text), options.strategy, settings, prompts)
    table, columns = open_table(options)
    say_mapping(table, columns)
    inputs, industries = [], []
    at = columns.get("industry")
    for row in table.rows():
        inputs.append(inputs_of(row.cells, columns))
        industries.append("" if at is None else row.cells[at].strip())
    print(NOT_TRIED, file=sys.stderr)
    if options.dry_run:
        _tell(engine, inputs, industries, settings)
        return 0
    database = open_database()
    try:
        ModelChoice(options.strategy, settings).try_account_again(database)
        outcome = engine.judge(database, inputs, industries, _progress)
    finally:
        database.close()
    write_ranked(options, table, outcome.ranked, engine.variant, started)
    _say_outcome(outcome)
    return int(outcome.stopped is not None)


def _progress(now: Live) -> bool:
    print(f"\r{now.task}: {now.done:,} of {now.total:,} leads asked about", end="", file=sys.stderr, flush=True)
    return True


def _tell(engine: ModelEngine, inputs: list[Inputs], industries: list[str], settings: Settings) -> None:
    companies = company_keys([(one.company, one.domain) for one in inputs])
    rows = engine.leads(inputs, industries, companies)
    leads = [lead for lead in rows if isinstance(lead, Lead)]
    unique = set(leads)
    found = plan(engine.tasks, engine.strategy, sorted(unique), settings)
    gated = sum(isinstance(row, Assessment) and GATED in row.flags for row in rows)
    print(
        f"{count_of(len(rows), 'lead', 'leads')}: {len(rows) - len(leads) - gated:,} that nobody can judge, "
        + (f"{gated:,} ruled out by the rules, " if engine.strategy in GATED_STRATEGIES else "")
        + f"{len(leads) - len(unique):,} like another one, {len(unique):,} to ask about."
    )
    for step in found.steps:
        print(
            f"{step.task:<10} {'at most ' if step.at_most else ''}{count_of(step.calls, 'call', 'calls')} to "
            f"{step.model}, about {step.tokens_in:,} tokens in and {step.tokens_out:,} out, {_usd(step.usd)}"
        )
    print(_sum_of(found, settings))


def _sum_of(found: Plan, settings: Settings) -> str:
    said = f"In all {'at most ' if len(found.steps) > 1 else ''}{count_of(found.calls, 'call', 'calls')}, "
    minutes = max(1, round(found.seconds / 60))
    said += f"{_usd(found.usd)} (prices: {price_list()}), about {count_of(minutes, 'minute', 'minutes')} "
    said += f"if an answer takes {SECONDS_A_CALL:g} s. "
    if found.worst is not None:
        said += f"With answers of full length, and what a model thinks, at most ${found.worst:,.2f}, retries apart. "
    if settings.max_usd is not None and found.usd is None:
        said += "A limit can't be held with an unknown price: it would not start. "
    elif settings.max_usd is not None:
        said += f"It would stop before it costs more than ${settings.max_usd:,.2f}. "
    return said + "Nothing was asked, nothing was written."


def _usd(dollars: float | None) -> str:
    return "cost unknown" if dollars is None else f"about ${dollars:,.2f}" if dollars >= 0.01 else "less than a cent"


def _say_outcome(outcome: Outcome) -> None:
    used = outcome.spending
    cost = f"${used.spent:,.4f}" + (f" and {used.unknown:,} of unknown cost" if used.unknown else "")
    if used.lost:
        cost += f" ({count_of(used.lost, 'call', 'calls')} lost in a crash counted as spent)"
    print(
        f"{count_of(used.calls, 'call', 'calls')} for these leads so far, {used.ok:,} of them answered; "
        f"{outcome.calls_cached:,} answers were there already; {used.tokens_in:,} tokens in "
        f"({used.tokens_cached:,} cached, {used.tokens_written:,} written to a cache), {used.tokens_out:,} out; "
        f"cost {cost}.",
        file=sys.stderr,
    )
    found = outcome.gates
    if found.rejected or found.sampled:
        print(
            f"Gates: {count_of(found.rejected, 'lead', 'leads')} ruled out by the rules at no cost. "
            f"{found.sampled:,} more that they would have ruled out were asked about as a check: "
            f"the model would contact {found.kept:,} of {found.judged:,}.",
            file=sys.stderr,
        )
    if outcome.failed:
        why = ", ".join(f"{count} {reason}" for reason, count in sorted(outcome.failed.items()))
        print(f"Not judged because of a failure: {why}. Rank again to ask for these only.", file=sys.stderr)
    if outcome.stopped is not None:
        print(f"Stopped: {outcome.stopped.message}", file=sys.stderr)
