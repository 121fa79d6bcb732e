"""``templates``: the versions of the prompts that a language model is asked with; and which of them ``rank`` uses."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ranker.errors import UsageError
from ranker.scoring.llm.tasks import BATCH
from ranker.scoring.llm.templates import Prompt, prompts_of, read_prompt
from ranker.store.engine import FILE_NAME, Database, data_folder, open_database
from ranker.store.template_usage import TemplateUse, template_usage
from ranker.templates.catalog import TemplateSummary, TemplateText, list_templates, live_texts, versions
from ranker.templates.checks import refuse
from ranker.templates.shipped import seed_templates, shipped_tasks, shipped_text
from ranker.templates.tasks import place_of
from ranker.templates.versions import add_version, make_live
from ranker.who import who


def templates(options: Namespace) -> None:
    """One of ``list``, ``show``, ``export``, ``import`` and ``activate``."""
    if options.what != "list" and options.task is None:
        raise UsageError(f"Name the task, for example: python -m ranker templates {options.what} qualify")
    if options.what in {"export", "import"} and options.file is None:
        raise UsageError(f"Name the file, for example: templates {options.what} {options.task} {options.task}.jinja")
    with _opened() as database:
        {"list": _list, "show": _show, "export": _export, "import": _import, "activate": _activate}[options.what](
            database, options
        )


def prompts_for(pairs: Sequence[str], *, asking: bool) -> dict[str, Prompt]:
    """The prompt of each task: the versions in use, but for those that ``TASK=FILE`` names.

    Without ``asking`` (a dry run) no database is made: where there is none yet, the texts are those that come with
    the ranker. Raises ``UsageError`` for an unknown task or a file that can't be read, ``TemplateRefused`` for a text
    that fails a check.
    """
    if asking or os.environ.get("DATABASE_URL") or (data_folder() / FILE_NAME).exists():
        with _opened() as database, database.session() as session:
            found = prompts_of(live_texts(session))
    else:
        found = {task: read_prompt(task, shipped_text(task)) for task in shipped_tasks()}
    for pair in pairs:
        task, equals, name = pair.partition("=")
        if not equals or task not in BATCH:
            raise UsageError(f"--template “{pair}” has to be TASK=FILE, and a task is one of: {', '.join(BATCH)}.")
        content = _read(name)
        refuse(task, content)
        found[task] = read_prompt(task, content)
    return found


@contextmanager
def _opened() -> Iterator[Database]:
    database = open_database()
    try:
        seed_templates(database)
        yield database
    finally:
        database.close()


def _list(database: Database, _options: Namespace) -> None:
    usage = template_usage(database)
    for one in sorted(list_templates(database), key=lambda one: place_of(one.task)):
        used = usage.get((one.task, one.live_hash), TemplateUse())
        chosen = f"chosen by {one.chosen_by or 'somebody'} {one.chosen_at}" if one.chosen_at else "as the ranker has it"
        print(
            f"{one.task:<10} version {one.live_version} of {one.versions} in use ({one.live_hash}), {chosen}; "
            f"{used.runs:,} {'run' if used.runs == 1 else 'runs'}"
        )
        for version in versions(database, one.id):
            note = f"  {version.note}" if version.note else ""
            print(f"  {version.version:>3}{'*' if version.live else ' '} {version.hash} {version.created_at}{note}")


def _show(database: Database, options: Namespace) -> None:
    print(_version(database, options).content, end="")


def _export(database: Database, options: Namespace) -> None:
    version = _version(database, options)
    path = Path(options.file)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(version.content)
    except FileExistsError:
        raise UsageError(f"“{path}” is there already. Name a file that is not.") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"“{path}” can't be written. Check the name and the folder.") from error
    print(f"Version {version.version} of “{version.task}” written to {path}.", file=sys.stderr)


def _import(database: Database, options: Namespace) -> None:
    summary = _template(database, options.task)
    added = add_version(
        database, summary.task, _read(options.file), parent_id=summary.live_version_id, note=options.note, who=who()
    )
    if added.live:
        print(f"This is version {added.version} of “{added.task}”, which is in use.", file=sys.stderr)
        return
    print(
        f"It is version {added.version} of “{added.task}” and not in use. To put it to use: "
        f"python -m ranker templates activate {added.task} --version {added.version}",
        file=sys.stderr,
    )


def _activate(database: Database, options: Namespace) -> None:
    if options.version is None:
        raise UsageError(f"Say which version with --version. See: python -m ranker templates show {options.task}")
    live = make_live(database, _version(database, options).id, who())
    print(f"Version {live.version} of “{live.task}” is in use from now on.", file=sys.stderr)


def _template(database: Database, task: str) -> TemplateSummary:
    known = {one.task: one for one in list_templates(database)}
    if task not in known:
        raise UsageError(f"There is no prompt “{task}”. There are: {', '.join(known)}.")
    return known[task]


def _version(database: Database, options: Namespace) -> TemplateText:
    """The version that is named; without a number the one in use."""
    there = {one.version: one for one in versions(database, _template(database, options.task).id)}
    if options.version is None:
        return next(one for one in there.values() if one.live)
    if options.version not in there:
        raise UsageError(f"There is no version {options.version} of “{options.task}”: it has {len(there)}.")
    return there[options.version]


def _read(name: str) -> str:
    try:
        return Path(name).read_text("utf-8-sig")
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, or a NUL in the name
        raise UsageError(f"The prompt “{name}” can't be read. It has to be a text file in UTF-8.") from error
