"""The container recipe, as far as it can be tested without an engine: its files are there, and it runs the app."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RECIPE = (ROOT / "Containerfile").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINES = [line for line in RECIPE.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]


def argument(word: str) -> list[str]:
    return [line.partition(" ")[2] for line in LINES if line.startswith(f"{word} ")]


@pytest.mark.parametrize("copied", argument("COPY"))
def test_what_is_copied_is_there(copied):
    for name in copied.split()[:-1]:
        assert (ROOT / name).exists(), name


def test_all_that_the_app_reads_is_copied():
    copied = {name for line in argument("COPY") for name in line.split()[:-1]}
    assert {"app.py", "pages", "ranker", "prompts", "eval/sample", ".streamlit", "requirements.txt"} <= copied


def test_it_runs_the_app_as_make_run_does():
    [command] = argument("CMD")
    typed = json.loads(command)
    assert typed[:5] == ["python", "-m", "streamlit", "run", "app.py"]
    assert "-m streamlit run app.py" in (ROOT / "Makefile").read_text(encoding="utf-8")
    given = dict(zip(typed[5::2], typed[6::2], strict=True))
    assert given["--server.address"] == "0.0.0.0"
    assert argument("EXPOSE") == [given["--server.port"]]


def test_python_is_one_that_the_project_runs_on():
    [(minor,)] = [(int(found),) for found in re.findall(r"^FROM python:3\.(\d+)-slim$", RECIPE, re.MULTILINE)]
    assert 11 <= minor < 14


def test_it_is_not_root_and_its_data_is_a_volume():
    words = [line.split()[0] for line in LINES]
    assert words.index("USER") < words.index("CMD")
    assert argument("USER") == ["ranker"]
    assert argument("VOLUME") == ["/data"]
    assert "RANKER_DATA=/data" in RECIPE
    assert "/_stcore/health" in RECIPE


def test_it_is_published_to_this_computer_only():
    for text in (README, RECIPE):
        assert re.findall(r"docker run.* -p (\S+)", text) == ["127.0.0.1:8501:8501"]


def test_leads_and_keys_stay_out_of_the_image():
    left_out = set((ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines())
    assert {"data", ".env", ".git", ".venv"} <= left_out
