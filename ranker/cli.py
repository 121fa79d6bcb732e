"""The command line: ``python -m ranker COMMAND``.

Heavy libraries are imported inside the command that needs them, so that ``--help`` answers at once.
"""

from __future__ import annotations

import argparse
import io
import math
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from ranker import __version__
from ranker.errors import RankerError

EXIT_OK = 0
EXIT_USAGE = 2
EXIT_STOPPED = 130  # as shells have it for Ctrl-C


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage block, and where to read more."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_USAGE, f"error: {message} (see: {self.prog} --help)\n")


def _file_options(command: argparse.ArgumentParser, what: str) -> None:
    command.add_argument("file", metavar=what, help="CSV, TSV or semicolons; any usual encoding and headers")
    command.add_argument("--persona", required=True, metavar="PERSONA.md", help="the persona, as Markdown")
    command.add_argument(
        "--map", action="append", default=[], metavar="FIELD=HEADER", dest="overrides",
        help="say which column a field is in, for example --map title=Position; repeat for more",
    )  # fmt: skip
    command.add_argument("--encoding", help="the file's encoding, if it is guessed wrongly")
    command.add_argument("--delimiter", help="comma, semicolon, tab or pipe, if it is guessed wrongly")


def _natural(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number from 1 on")
    return number


def _dollars(text: str) -> float:
    try:
        dollars = float(text.removeprefix("$"))
    except ValueError:
        dollars = math.nan
    if not math.isfinite(dollars) or dollars < 0:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of dollars, such as 2.50")
    return dollars


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command and option."""
    parser = _Parser(
        prog="python -m ranker",
        description="Rank the leads of each company by how well they fit a persona.",
    )
    parser.add_argument("--version", action="version", version=f"ranker {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    rank = commands.add_parser("rank", help="judge and rank a file of leads")
    _file_options(rank, "LEADS.csv")
    rank.add_argument("--out", metavar="RANKED.csv", help="where to write the result")
    rank.add_argument("--top", type=_natural, metavar="N", help="write only the rows to contact, N a company")
    rank.add_argument(
        "--strategy", choices=["rules", "pointwise", "two-phase", "cascade"], default="rules",
        help="how to judge: by rules on this computer (default), or by a language model: one call a lead, in batches, "
        "or in batches behind free gates and then in several orders (not tried live)",
    )  # fmt: skip
    rank.add_argument("--model", metavar="M", help="the language model (default: RANKER_MODEL, else gpt-5-mini)")
    rank.add_argument("--max-usd", type=_dollars, metavar="X", help="the most that the model may cost, in dollars")
    rank.add_argument(
        "--template", action="append", default=[], metavar="TASK=FILE", dest="templates",
        help="ask with the prompt in a file, not with the version in use; repeat for more",
    )  # fmt: skip
    rank.add_argument("--dry-run", action="store_true", help="tell calls, tokens and cost, and ask nothing")
    evaluate = commands.add_parser("evaluate", help="measure against labelled leads")
    _file_options(evaluate, "LABELLED.csv")
    evaluate.add_argument("--strategy", choices=["rules"], default="rules", help="how to judge (default: rules)")
    evaluate.add_argument("--json", action="store_true", help="everything as JSON")
    evaluate.add_argument("--against", metavar="OTHER.md", help="compare with another persona on the same leads")
    _meanings(evaluate)
    _optimize(commands)
    explain = commands.add_parser("explain", help="show how a title is read and judged")
    explain.add_argument("title", metavar="TITLE")
    explain.add_argument("--persona", metavar="PERSONA.md", help="judge it by this persona too")
    explain.add_argument("--size", default="", help="the company's size, for example 51-200")
    explain.add_argument("--company", default="", help="the lead's company, for titles that name one")
    persona = commands.add_parser("persona", help="show what was understood of a persona")
    persona.add_argument("file", metavar="PERSONA.md")
    templates = commands.add_parser("templates", help="see and change what a language model is told")
    templates.add_argument("what", choices=["list", "show", "export", "import", "activate"])
    templates.add_argument("task", nargs="?", metavar="TASK", help="for example qualify")
    templates.add_argument("file", nargs="?", metavar="FILE", help="to write, or to take a version from")
    templates.add_argument("--version", type=_natural, metavar="V", help="which one (default: the one in use)")
    templates.add_argument("--note", default="", metavar="WHY", help="why there is a new version")
    _care(commands)
    _api(commands)
    return parser


def _meanings(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--label", action="append", default=[], metavar="MEANING=CELL", dest="meanings",
        help="say what a label means that is neither a rank nor none: none=- or skip=blank; repeat for more",
    )  # fmt: skip


def _optimize(commands: argparse._SubParsersAction[_Parser]) -> None:
    optimize = commands.add_parser("optimize", help="search for a persona that does better on labelled leads")
    _file_options(optimize, "LABELLED.csv")
    optimize.add_argument(
        "--strategy", choices=["rules", "pointwise", "two-phase", "cascade"], default="rules",
        help="how to judge (default: rules); all others ask a language model, not tried live",
    )  # fmt: skip
    optimize.add_argument("--model", metavar="M", help="the language model (default: RANKER_MODEL, else gpt-5-mini)")
    optimize.add_argument("--generations", type=_natural, default=5, metavar="N", help="at most so many (default: 5)")
    optimize.add_argument("--variants", type=_natural, default=8, metavar="N", help="tried in each (default: 8)")
    optimize.add_argument("--beam", type=_natural, default=3, metavar="N", help="that go on (default: 3)")
    optimize.add_argument(
        "--folds",
        type=int,
        default=5,
        metavar="N",
        help="parts of the companies to cross-check by; 0: none (default: 5)",
    )
    optimize.add_argument("--max-usd", type=_dollars, metavar="X", help="the most that a model may cost, in dollars")
    optimize.add_argument("--max-calls", type=_natural, metavar="N", help="the most that a model may be asked")
    optimize.add_argument("--seed", type=int, default=1, metavar="N", help="deals the companies and the luck otherwise")
    optimize.add_argument("--out", metavar="BEST.md", help="where to write the persona")
    optimize.set_defaults(dry_run=False)
    optimize.add_argument("--json", action="store_true", help="everything as JSON")
    _meanings(optimize)


def _run_optimize(options: argparse.Namespace) -> None:
    from ranker import optimizer_commands

    optimizer_commands.optimize(options)


def _care(commands: argparse._SubParsersAction[_Parser]) -> None:
    doctor = commands.add_parser("doctor", help="say what is set up, what is missing and what to do")
    doctor.add_argument("--json", action="store_true", help="for programs")
    doctor.add_argument("--port", type=_natural, default=8501, metavar="N", help="where the app is to start")
    backup = commands.add_parser("backup", help="copy the data")
    backup.add_argument("--list", action="store_true", help="list the backups instead")
    restore = commands.add_parser("restore", help="put a backup in the place of the present data")
    restore.add_argument("file", metavar="BACKUP.db", help="the name of a backup in the list, or a file")
    restore.add_argument("--confirm", metavar="WORDS", help="the words that are asked for, typed in advance")
    delete = commands.add_parser("delete", help="delete a person, a company or an import from everywhere")
    delete.add_argument("what", choices=["person", "company", "import", "rest"])
    delete.add_argument("who", nargs="?", metavar="WHO", help="email, profile, name, domain; an import's number")
    delete.add_argument("--keep", action="store_true", help="keep the leads that only this import brought")
    delete.add_argument("--confirm", metavar="WORDS", help="the words that are asked for, typed in advance")
    letin = commands.add_parser("letin", help="let somebody in again who was deleted")
    letin.add_argument("who", metavar="WHO", help="email, profile or whole name")


def _api(commands: argparse._SubParsersAction[_Parser]) -> None:
    api = commands.add_parser("api", help="serve the REST API")
    api.add_argument("--host", default="127.0.0.1", help="where to listen (default: this computer only)")
    api.add_argument("--port", type=_natural, default=8600, metavar="N", help="the port (default: 8600)")
    key = commands.add_parser("api-key", help="make, list and remove keys of the REST API")
    key.add_argument("what", choices=["add", "list", "remove"])
    key.add_argument("name", nargs="?", metavar="NAME", help="lower-case letters, digits and hyphens")
    key.add_argument("--requests-per-minute", type=_natural, metavar="N", help="how often it may ask (default: 60)")
    key.add_argument("--usd-per-day", type=_dollars, metavar="X", help="the most that it may cost in a day, in dollars")


def _run_api(options: argparse.Namespace) -> None:
    from ranker import api_commands

    api_commands.api(options)


def _run_api_key(options: argparse.Namespace) -> None:
    from ranker import api_commands

    api_commands.api_key(options)


def _templates(options: argparse.Namespace) -> None:
    from ranker import template_commands  # its libraries are those of the models

    template_commands.templates(options)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 the doctor found a problem or a
    ranking was stopped before every lead was judged, 2 what was given
    can't be used, 130 stopped by Ctrl-C.

    ``argv`` is without the program's name; None means the process's own arguments.
    ``--help`` and ``--version`` print and raise ``SystemExit(0)``, as argparse does.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console that lacks a sign shows "?" rather than fails
            stream.reconfigure(errors="replace")
    parser = build_parser()
    options = parser.parse_args(argv)
    if options.command is None:
        parser.print_help(sys.stderr)
        return EXIT_USAGE
    from ranker import care_commands, commands, evaluation_commands

    try:
        run: dict[str, Callable[[argparse.Namespace], int | None]] = {
            "rank": commands.rank,
            "evaluate": evaluation_commands.evaluate,
            "optimize": _run_optimize,
            "explain": commands.explain,
            "persona": commands.persona,
            "templates": _templates,
            "doctor": care_commands.doctor,
            "backup": care_commands.backup,
            "restore": care_commands.restore,
            "delete": care_commands.delete,
            "letin": care_commands.letin,
            "api": _run_api,
            "api-key": _run_api_key,
        }
        status = run[options.command](options)
        sys.stdout.flush()
    except RankerError as error:
        print(f"error: {' '.join(error.message.split())}", file=sys.stderr)
        return EXIT_USAGE
    except BrokenPipeError:
        # The reader, such as `head`, has enough. What is still to be flushed at the end must not fail either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK
    except KeyboardInterrupt:
        print("\nStopped; nothing was written.", file=sys.stderr)
        return EXIT_STOPPED
    except OSError as error:  # such as a disk that is full
        print(f"error: The answer can't be written: {error.strerror}.", file=sys.stderr)
        return EXIT_USAGE
    return status or EXIT_OK
