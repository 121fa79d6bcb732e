"""Who works here: a name that was set, else the machine's user, else nobody; never an error."""

from __future__ import annotations

import getpass

import pytest

from ranker.who import who


def test_a_name_that_was_set_is_used_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANKER_USER", "  sales \n ops ")
    assert who() == "sales ops"
    monkeypatch.setenv("RANKER_USER", "x" * 500)
    assert len(who()) == 80


def test_else_it_is_the_user_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANKER_USER", " ")
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "analyst")
    assert who() == "analyst"


@pytest.mark.parametrize("error", [OSError, KeyError, ImportError])
def test_a_machine_without_names_gives_a_blank_one(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def nobody() -> str:
        raise error("no such user")

    monkeypatch.delenv("RANKER_USER", raising=False)
    monkeypatch.setattr(getpass, "getuser", nobody)
    assert who() == ""
