"""README says what is so: its commands run as written, and its options are those of the command line."""

import argparse
import re
import shlex
import socket
from pathlib import Path

import pytest
from sqlalchemy import text

from ranker.api.keys import KeyBook, add_key
from ranker.care.deletion import delete_people
from ranker.cli import build_parser, main
from ranker.ingest.sample import import_sample
from ranker.scoring.rank_table import COLUMNS
from ranker.store import backups
from ranker.store.engine import open_database

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SH = "\n".join(re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)).replace("\\\n", " ")
COMMANDS = [line for line in SH.splitlines() if line.startswith("python -m ranker ")]


def stand_in(word: str, folder: Path) -> str:
    """The file of the sample that a placeholder of README stands for."""
    return {
        "LEADS.csv": str(ROOT / "eval/sample/leads.csv"),
        "LABELLED.csv": str(ROOT / "eval/sample/labelled.csv"),
        "PERSONA.md": str(ROOT / "prompts/personas/outbound-sales.md"),
        "OTHER.md": str(ROOT / "prompts/personas/hr-software.md"),
        "RANKED.csv": str(folder / "ranked.csv"),
        "TITLE": "Head of Sales",
        "WHO": "Lead 0001",
        "DELETED": "Lead 0003",
        "COMPANY": "Skylatch",
        "NUMBER": "1",
        "BACKUP.db": backup_of(folder),
        "N": "3",
        "TASK": "qualify",
        "TASK=PROMPT.jinja": f"qualify={ROOT / 'prompts/templates/qualify.jinja'}",
        "PROMPT.jinja": str(ROOT / "prompts/templates/qualify.jinja"),
        "NEW.jinja": str(folder / "new.jinja"),
        "BEST.md": str(folder / "best.md"),
        "V": "1",
        "NAME": "crm-sync",
        "KEY": key_of(),
        "PORT": free_port(),
    }.get(word, word)


def key_of() -> str:
    """A key of the API, made where a command needs one."""
    if not KeyBook().all():
        add_key("old-key")
    return "old-key"


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return str(listening.getsockname()[1])


def few_companies(folder: Path) -> str:
    """Labelled leads of a few companies of the sample: a search over all of them takes minutes."""
    header, *rows = (ROOT / "eval/sample/labelled.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    names = ("Casa Limonera", "Bluebarrel Studio", "Pebblewick", "Drechslerei Tannwald", "Pinhole Analytics")
    kept = [row for row in rows if any(f",{name}," in row for name in names)]
    path = folder / "few.csv"
    path.write_text("".join([header, *kept]), encoding="utf-8")
    return str(path)


def backup_of(folder: Path) -> str:
    """A backup of a database with the sample, of which one person was deleted; made where a command needs one."""
    there = sorted((folder / "data" / "backups").glob("*.db"))
    if there:
        return there[0].name
    database = open_database(folder=folder / "data")
    import_sample(database)
    made = backups.make(database)
    with database.session() as session:
        lead = session.connection().execute(text("SELECT id FROM lead WHERE full_name='Lead 0003'")).scalar_one()
    delete_people(database, [lead])
    database.close()
    return made.name if made else ""


def commands_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Each command of the command line and its parser."""
    found = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return dict(found.choices)


@pytest.mark.parametrize("optional", [False, True], ids=["without options", "with all options"])
@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_readme_runs(
    line: str, optional: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("RANKER_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    line = line.partition("  #")[0]
    typed = line.replace("[", "").replace("]", "") if optional else re.sub(r"\[[^]]*\]", "", line)
    arguments = [stand_in(word, tmp_path) for word in shlex.split(typed)[3:]]
    monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)  # it would serve until it is stopped
    if arguments[0] == "optimize":
        arguments[1] = few_companies(tmp_path)
    assert main(arguments) == 0
    assert (tmp_path / "ranked.csv").exists() == (" RANKED.csv" in line)


def test_readme_shows_every_command() -> None:
    assert {line.split()[3] for line in COMMANDS} == set(commands_of(build_parser()))


def test_readme_and_the_command_line_have_the_same_options() -> None:
    real = {
        option
        for command in commands_of(build_parser()).values()
        for action in command._actions
        for option in action.option_strings
        if option.startswith("--") and option != "--help"
    }
    assert set(re.findall(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*", README)) == real


def test_every_make_target_of_readme_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))
    assert {"test", "demo"} <= named <= targets


def test_readme_lists_every_added_column() -> None:
    table = re.findall(r"^\| (`.*?) \|", README, re.MULTILINE)
    listed = [name for cell in table for name in re.findall(r"`([a-z_]+)`", cell)]
    assert listed[: len(COLUMNS)] == list(COLUMNS)


def test_every_place_that_readme_and_the_documents_name_is_there() -> None:
    for page in (README, *(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))):
        for name in re.findall(r"`((?:docs|eval|prompts|ranker|tests)/[\w./-]*)`", page):
            assert (ROOT / name).exists(), name
