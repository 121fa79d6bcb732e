"""A server with a real model for all tests here, and a table of what came of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from ranker.store.engine import open_database

ROOT = Path(__file__).parents[1]
FIGURES: list[str] = []


@pytest.fixture(scope="session")
def address():
    """The base address of a server of its own process."""
    command = [sys.executable, "-m", "tests_llm.serve"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    said = process.stdout.readline().strip()
    assert said.startswith("http://127.0.0.1:"), "the server did not start"
    yield f"{said}/v1"
    process.stdin.close()
    process.wait(30)
    process.stdout.close()


@pytest.fixture
def database(tmp_path):
    opened = open_database(folder=tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def figures():
    """A list of lines that are shown at the end."""
    return FIGURES


def pytest_terminal_summary(terminalreporter):
    for line in FIGURES:
        terminalreporter.write_line(line)
