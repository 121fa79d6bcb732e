"""The project as a person meets it: the command line, make, the pinned requirements, the error tree."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import ranker
from ranker import errors

ROOT = Path(__file__).parents[1]
HEAVY = {"pandas", "sqlalchemy", "sqlmodel", "dbos", "openai", "streamlit"}

# Runs `python -m ranker --help` in this process and then tells which top-level modules it loaded.
MODULES_AFTER_HELP = """
import contextlib, io, json, runpy, sys
sys.argv = ["ranker", "--help"]
try:
    with contextlib.redirect_stdout(io.StringIO()):
        runpy.run_module("ranker", run_name="__main__")
except SystemExit as stop:
    assert not stop.code, stop.code
print(json.dumps(sorted(sys.modules)))
"""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the project's folder, as if typed there rather than under `make test`."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def make(*arguments: str) -> str:
    """What `make` prints for these arguments; it must succeed."""
    done = run("make", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def read(name: str) -> str:
    """A file of the project as text."""
    return (ROOT / name).read_text(encoding="utf-8")


def pins(lines: list[str], package: str) -> list[str]:
    """The versions that these lines pin a package to, without what they hold for."""
    return sorted(line.split(";")[0].strip() for line in lines if line.startswith(f"{package}=="))


def requirement_lines(name: str) -> list[str]:
    """The lines of a requirements file that name a package."""
    lines = read(name).splitlines()
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith(("#", "-"))]


def package_names(name: str) -> set[str]:
    """The packages that a requirements file names."""
    return {re.match(r"[\w.-]+", line)[0].lower() for line in requirement_lines(name)}


def test_help_is_shown_and_exits_0():
    done = run(sys.executable, "-m", "ranker", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: python -m ranker")


def test_help_imports_no_heavy_library():
    done = run(sys.executable, "-c", MODULES_AFTER_HELP)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout))
    assert "ranker.cli" in loaded  # or the probe would have looked at nothing
    assert not loaded & HEAVY


def test_version_is_the_same_on_the_command_line_in_the_package_and_in_the_project_file():
    declared = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert ranker.__version__ == declared
    assert run(sys.executable, "-m", "ranker", "--version").stdout.split()[-1] == declared


def test_make_help_lists_every_target():
    phony = re.search(r"^\.PHONY: (.+)$", read("Makefile"), re.MULTILINE)
    targets = phony[1].split()
    assert {"help", "setup", "demo", "test", "lint", "format", "bench", "pin", "clean"} <= set(targets)
    listed = dict(re.findall(r"^make (\S+) +(\S.*)$", make("help"), re.MULTILINE))
    assert sorted(listed) == sorted(targets)


def test_make_alone_is_make_help():
    assert make() == make("help")


def test_a_second_setup_installs_nothing():
    if not (ROOT / ".venv/test.stamp").exists():
        pytest.skip("not run from the project's own .venv")
    assert "pip" not in make("--dry-run", "setup")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-llm.txt"])
def test_every_requirement_is_pinned_and_names_no_place(name):
    lines = requirement_lines(name)
    assert lines
    assert [line for line in lines if not re.match(r"[\w.\[\]-]+==\d[\w.]*(\s*;.*)?$", line)] == []
    assert not re.search(r"://|--(extra-)?index|--find-links|^\s*-e |(?<![.\w])/\w", read(name), re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-llm"])
def test_every_chosen_package_has_its_reason_and_is_in_the_pinned_file(name):
    chosen = requirement_lines(f"{name}.in")
    assert [line for line in chosen if not re.search(r"  # \S", line)] == []
    assert package_names(f"{name}.in") <= package_names(f"{name}.txt")


def test_both_pinned_files_agree_on_what_they_share():
    run_time, develop = (requirement_lines(name) for name in ("requirements.txt", "requirements-dev.txt"))
    shared = package_names("requirements.txt") & package_names("requirements-dev.txt")
    assert shared
    for package in shared:
        assert pins(run_time, package) == pins(develop, package)


def test_error_codes_are_unique_and_the_tree_in_the_docstring_is_complete():
    found = [errors.RankerError]
    for error in found:
        found.extend(error.__subclasses__())
    drawn = dict(re.findall(r"(\w+) +([a-z_.]+)\s", errors.__doc__))
    codes = {error.__name__: error.code for error in found if error.__module__ == errors.__name__}
    assert len(set(codes.values())) == len(codes)
    assert {name: drawn.get(name) for name in codes} == codes


def test_an_error_shows_its_message():
    error = errors.ColumnMissing("No column looks like a job title. Name it with --map title=Header.")
    assert str(error) == error.message == "No column looks like a job title. Name it with --map title=Header."
    assert isinstance(error, errors.InputError)
