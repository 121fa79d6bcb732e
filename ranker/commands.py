"""What each command of the command line does, after its options are read."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from itertools import islice
from pathlib import Path

from ranker.errors import PersonaUnreadable, UsageError
from ranker.evaluation.label_column import with_label
from ranker.export.csv_file import write_csv
from ranker.ingest.mapping import REQUIRED, apply_overrides, check_required, guess_mapping
from ranker.ingest.reader import EXTRA_HEADER, Table, read_table
from ranker.personas.reader import read_persona
from ranker.personas.sizes import range_text
from ranker.personas.version import persona_hash
from ranker.scoring.assessment import Inputs
from ranker.scoring.rank_table import RankedTable, output_headers, output_rows, rank_table
from ranker.scoring.rules import RulesEngine
from ranker.titles import TitleReader


def read_text(path: str) -> str:
    """The text of a persona's file, without a byte order mark. Raises PersonaError, in words for the person."""
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise PersonaUnreadable(f"There is no persona “{path}”. Check the name and the folder.") from error
    except IsADirectoryError as error:
        raise PersonaUnreadable(f"The persona “{path}” is a folder. Name the Markdown file in it.") from error
    except UnicodeDecodeError as error:
        raise PersonaUnreadable(f"The persona “{path}” is not UTF-8 text. Save it as Markdown in UTF-8.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise PersonaUnreadable(f"The persona “{path}” can't be read: {reason}. Check the name.") from error


def load_engine(path: str, reader: TitleReader | None = None) -> RulesEngine:
    """The rules engine for the persona in a Markdown file. Raises PersonaError, in words for the person."""
    text = read_text(path)
    return RulesEngine(read_persona(text, Path(path).stem), persona_hash(text), reader or TitleReader())


def open_table(options: Namespace, *, labelled: bool = False) -> tuple[Table, dict[str, int]]:
    """The file of leads, and the place of each field's column; ``labelled``: one of them holds the label.

    Raises InputError, in words for the person.
    """
    table = read_table(options.file, encoding=options.encoding, delimiter=options.delimiter)
    mapping = guess_mapping(table.headers, list(islice(table.rows(), 200)))
    if labelled:
        mapping = with_label(mapping, table.headers)
    mapping = apply_overrides(mapping, table.headers, options.overrides)
    check_required(mapping, table.headers, (*REQUIRED, "expected_rank") if labelled else REQUIRED)
    return table, mapping.columns


def check_output(options: Namespace, example: str = "ranked.csv") -> None:
    """Refuse an output that is missing, would replace what is read, or can't be written, before any lead is judged."""
    if options.out is None and options.dry_run:
        return
    if options.out is None or not options.out.strip():
        raise UsageError(f"--out needs a file name, for example --out {example}.")
    out = Path(options.out)
    for source, what in ((options.file, "the file of leads"), (options.persona, "the persona")):
        if _same_file(out, Path(source)):
            raise UsageError(f"--out “{out}” is {what} itself and would replace it. Choose another file.")
    if out.is_dir():
        raise UsageError(f"--out “{out}” is a folder. Name a file in it, for example {out / example}.")
    if not out.parent.is_dir():
        raise UsageError(f"--out “{out}” can't be written: there is no folder “{out.parent}”. Make it first.")


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):  # one of them is not there
        return False


def _progress(done: int) -> None:
    print(f"\r{done:,} leads judged", end="", file=sys.stderr, flush=True)


def count_of(number: int, one: str, many: str) -> str:
    """ "1 lead", "1,769 leads"."""
    return f"{number:,} {one if number == 1 else many}"


def rank(options: Namespace) -> int | None:
    """Judge and rank a file, and write it with the verdicts; 1 if a model could not be asked to the end."""
    if options.strategy != "rules":
        from ranker import model_commands

        return model_commands.rank(options)
    if options.model or options.max_usd is not None or options.templates:
        raise UsageError("--model, --max-usd and --template are for strategies that ask a model; rules asks no model.")
    started = time.perf_counter()
    engine = load_engine(options.persona)
    check_output(options)
    table, columns = open_table(options)
    say_mapping(table, columns)
    ranked = rank_table(table, columns, engine, _progress)
    if options.dry_run:
        print(
            f"\r{count_of(len(ranked.ranks), 'lead', 'leads')} would be judged by rules on this computer: no call, no "
            "cost. Nothing was written.",
            file=sys.stderr,
        )
        return None
    write_ranked(options, table, ranked, engine.variant, started)
    return None


def write_ranked(options: Namespace, table: Table, ranked: RankedTable, variant: str, started: float) -> None:
    """Write the file with the verdicts, and tell what is in it; ``started`` is a ``perf_counter``."""
    extra = any(row.extra for row in table.rows())
    headers = (*table.headers, EXTRA_HEADER) if extra else table.headers
    rows = output_rows(table.rows(), ranked, options.top, extra)
    written = write_csv(options.out, output_headers(headers), rows, newline=table.newline)
    counts = ranked.counts()
    print(
        f"\r{counts['ranked']:,} to contact at {count_of(counts['companies_with'], 'company', 'companies')}; "
        f"{count_of(counts['companies_without'], 'company', 'companies')} with nobody. "
        f"{count_of(counts['leads'], 'lead', 'leads')}: {counts['ranked']:,} ranked, "
        f"{counts['not_relevant']:,} not relevant, {counts['not_judged']:,} not judged, "
        f"{counts['rejected']:,} rejected; {counts['needs_review']:,} to look at.",
        file=sys.stderr,
    )
    odd = sum(bool(row.problem) for row in table.rows())
    if odd:
        first = next(row for row in table.rows() if row.problem)
        said = f"{count_of(odd, 'row is', 'rows are')} oddly formed"
        print(f"{said}{', the first:' if odd > 1 else ':'} {first.problem}", file=sys.stderr)
    print(
        f"{count_of(written, 'row', 'rows')} written to {options.out} in {time.perf_counter() - started:.1f} s "
        f"(variant {variant}).",
        file=sys.stderr,
    )


def say_mapping(table: Table, columns: dict[str, int]) -> None:
    """Tell which columns are read."""
    used = [
        f"{field} ← {table.headers[columns[field]]}"
        for field in ("title", "company", "size", "domain")
        if field in columns
    ]
    print("Columns: " + ", ".join(used) + ".", file=sys.stderr)
    if "size" not in columns:
        print(
            "No column of company sizes was found, so only what holds at every size is a yes. "
            "Name it with --map size=HEADER.",
            file=sys.stderr,
        )


def explain(options: Namespace) -> None:
    """Show how a title is read: roles with the words that gave them; and, with a persona, the verdict."""
    engine = load_engine(options.persona) if options.persona is not None else None
    reader = engine.reader if engine else TitleReader()
    vocabulary, reading = reader.vocabulary, reader.read(options.title)
    print(f"Title       {options.title}")
    if reading.problem:
        print(f"Not a title: {reading.problem}")
    for number, role in enumerate(reading.roles, start=1):
        print(f"Role {number}      {role.text}")
        for item in role.evidence:
            label = {"function": vocabulary.functions, "level": vocabulary.levels}.get(item.feature, {})
            sure = "" if item.confidence == 1 else f" (confidence {item.confidence:.2f})"
            print(f"  {item.feature:<10}{label.get(item.value, item.value)}  ← {item.words!r}{sure}")
        if not role.functions:
            print("  function  unknown")
        if not role.headed:
            print("  level     unknown")
        if role.employer:
            print(f"  employer  {role.employer}")
        print(f"  confidence {role.confidence:.2f}")
    if reading.unknown:
        print(f"Unknown     {', '.join(reading.unknown)}")
    for slogan in reading.slogans:
        print(f"Slogan      {slogan}")
    if engine is None:
        return
    # Without a company to compare with, an employer that the title names is taken for the lead's own.
    company = options.company or next((role.employer for role in reading.roles if role.employer), "this company")
    sizes = [options.size] if options.size else [range_text(b.low, b.high) for b in engine.persona.brackets]
    for size in sizes:
        verdict = engine.assess(Inputs(options.title, company, size))
        print(f"At {size:<11} {verdict.status}, score {'-' if verdict.score is None else verdict.score}")
        print(f"  {verdict.reasoning}")
        if verdict.flags:
            print(f"  flags: {', '.join(verdict.flags)}")
        if verdict.lines:
            print(f"  persona, line {', '.join(map(str, verdict.lines))}")


def persona(options: Namespace) -> None:
    """Show what was understood of a persona, and every line that was not."""
    engine = load_engine(options.file)
    spec = engine.persona.spec
    print(
        f"{spec.name}: contacts from {engine.persona.threshold:g} of 100" + ("" if spec.threshold else " (not stated)")
    )
    for bracket in spec.brackets:
        print(f"\n{bracket.name} ({range_text(bracket.low, bracket.high)})")
        for target in spec.targets:
            if target.bracket == bracket.name:
                print(f"  line {target.place.line:>3}  {'champion' if target.champion else 'target  '}  {target.quote}")
        for row in (*spec.departments, *spec.seniority):
            print(f"  line {row.place.line:>3}  {row.quote_at(bracket.name)}")
        for exclusion in spec.exclusions:
            if exclusion.brackets is None or bracket.name in exclusion.brackets:
                kind = "hard" if exclusion.hard else "soft"
                print(f"  line {exclusion.place.line:>3}  {kind} exclusion  {exclusion.quote}")
    if spec.signals:
        print("\nSigns")
    for signal in spec.signals:
        how = "read from the title" if signal.title_words else "a title does not show it"
        print(f"  line {signal.place.line:>3}  {'for' if signal.positive else 'against'}  {signal.quote} ({how})")
    missed = [(item.place.line, item.text, item.why) for item in spec.not_understood]
    missed += [(line, text, "no word of it is in the title vocabulary") for line, text in engine.persona.unread]
    print(f"\nNot understood: {len(missed)}")
    for line, text, why in sorted(missed):
        print(f"  line {line:>3}  {text} ({why})")
