"""What is set up, what is missing, and what to do about it: one line a thing, no value of a key, no lead."""

from __future__ import annotations

import os
import re
import shutil
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from ranker.care.doctor_database import look_at_database
from ranker.care.finding import Finding, State
from ranker.care.logs import FILE, level_of
from ranker.errors import RankerError
from ranker.events import tell_error
from ranker.ingest.sample import LEADS, PERSONA
from ranker.llm.keys import key_file, load_keys
from ranker.llm.private_file import open_to_others
from ranker.store.engine import data_folder

ROOT = Path(__file__).parents[2]
PYTHON = ((3, 11), (3, 14))
"""From this version on, and below that one."""
LITTLE, TOO_LITTLE = 1_000_000_000, 100_000_000
"""Bytes of free disk space that are a warning, and a problem."""
_KEY = re.compile(r"[A-Z0-9_]+_API_KEY")
_PIN = re.compile(r"([\w.-]+)(?:\[[\w,-]+\])?==([\w.]+)(\s*;.*)?$")


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, in the order in which they were looked for."""

    findings: tuple[Finding, ...]

    @property
    def state(self) -> State:
        """The worst of them."""
        worst: dict[State, int] = {"ok": 0, "warning": 1, "problem": 2}
        return max((one.state for one in self.findings), key=worst.__getitem__, default="ok")

    @property
    def exit_code(self) -> Literal[0, 1]:
        """1 if there is a problem, else 0: a warning stops nothing."""
        return 1 if self.state == "problem" else 0


def examine(port: int | None = None) -> Report:
    """Look at everything. ``port``: whether the app could start there; None leaves it out, as within the app."""
    looks: list[Callable[[], Iterator[Finding]]] = [
        _python, _libraries, _folder, look_at_database, _sample, _keys, _log,
    ]  # fmt: skip
    findings: list[Finding] = []
    for look in looks:
        try:
            findings += look()
        except Exception as error:  # noqa: BLE001 - one look that fails must not hide the others
            tell_error("doctor.failed", error)
            name = look.__name__.strip("_").replace("look_at_", "").capitalize()
            findings.append(Finding(name, "problem", f"It can't be looked at ({type(error).__name__}).", _WHAT_NOW))
    if port is not None:
        findings += _port(port)
    return Report(tuple(findings))


_WHAT_NOW = "Look at the lines above; then tell who looks after this installation."


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if PYTHON[0] <= sys.version_info[:2] < PYTHON[1]:
        yield Finding("Python", "ok", f"{version}.")
    else:
        yield Finding("Python", "problem", f"{version}; 3.11, 3.12 or 3.13 is needed.", "Install one, then: make setup")


def _libraries() -> Iterator[Finding]:
    missing, other, count = [], [], 0
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        pinned = _PIN.match(line.strip())
        if pinned is None:
            continue
        name, wanted, only_for = pinned.groups()
        count += 1
        try:
            there = metadata.version(name)
        except metadata.PackageNotFoundError:
            if not only_for:  # for another system or Python
                missing.append(name)
            continue
        if there != wanted and not only_for:
            other.append(f"{name} {there} (pinned: {wanted})")
    if missing:
        yield Finding("Libraries", "problem", f"Missing: {', '.join(missing)}.", "Install them with: make setup")
    if other:
        yield Finding("Libraries", "warning", f"Not as pinned: {', '.join(other)}.", "Install them with: make setup")
    if not missing and not other:
        yield Finding("Libraries", "ok", f"{count} as pinned.")


def _folder() -> Iterator[Finding]:
    folder = data_folder()
    if os.environ.get("DATABASE_URL"):
        return
    if not folder.exists():
        parent = next((one for one in folder.absolute().parents if one.exists()), Path("/"))
        if not os.access(parent, os.W_OK):
            yield Finding("Data folder", "problem", f"{folder} can't be made.", "Name another folder in RANKER_DATA.")
            return
        yield Finding(
            "Data folder", "warning", f"{folder} is not there yet.", "It is made at the first start: make run"
        )
        folder = parent
    elif not folder.is_dir() or not os.access(folder, os.W_OK):
        way = "Give this program the right to write there, or name another folder in RANKER_DATA."
        yield Finding("Data folder", "problem", f"{folder} can't be written to.", way)
        return
    elif stat.S_IMODE(folder.stat().st_mode) & 0o077:
        way = f"Keep others out: chmod 700 {folder}"
        yield Finding("Data folder", "warning", f"{folder} can be read by other users of this computer.", way)
    else:
        yield Finding("Data folder", "ok", f"{folder}, for its owner only.")
    free = shutil.disk_usage(folder).free
    state: State = "problem" if free < TOO_LITTLE else "warning" if free < LITTLE else "ok"
    way = "" if state == "ok" else "Make room on the disk: imports, backups and deletions need it."
    yield Finding("Disk space", state, f"{free / 1e9:,.1f} GB free.", way)


def _sample() -> Iterator[Finding]:
    gone = [path.name for path in (LEADS, PERSONA) if not path.is_file()]
    if gone:
        yield Finding("Sample", "warning", f"{' and '.join(gone)} missing.", "Get the project again, or do without.")
    else:
        yield Finding("Sample", "ok", "Leads and persona are here.")


def _keys() -> Iterator[Finding]:
    names = sorted(name for name, value in os.environ.items() if _KEY.fullmatch(name) and value.strip())
    try:
        entered = sorted(load_keys())
    except RankerError as error:
        way = f"Remove {key_file()}, then enter the keys again on the page Settings."
        yield Finding("Keys", "problem", error.message, way)
        return
    said = [f"set in the environment: {', '.join(names)}"] if names else []
    said += [f"entered in the app for: {', '.join(entered)}"] if entered else []
    told = "; ".join(said)
    open_ones = open_to_others(key_file())
    if open_ones:
        files = " ".join(map(str, open_ones))
        way = f"Keep others out: chmod 600 {files}, then replace keys that somebody may have seen."
        yield Finding("Keys", "problem", f"{key_file()} can be read by other users of this computer.", way)
    elif told:
        yield Finding("Keys", "ok", f"{told[0].upper()}{told[1:]}.")
    else:
        yield Finding("Keys", "ok", "None set, and none needed: rules rank without.")


def _log() -> Iterator[Finding]:
    try:
        level_of()
    except RankerError as error:
        yield Finding("Log", "problem", error.message, "Correct RANKER_LOG, or leave it out.")
        return
    path = data_folder() / FILE
    folder = path.parent
    if folder.exists() and not os.access(path if path.exists() else folder, os.W_OK):
        way = "Give this program the right to write there."
        yield Finding("Log", "warning", f"{path} can't be written to.", way)
    else:
        yield Finding("Log", "ok", f"{path}{'' if path.exists() else ', from the first start of the app on'}.")


def _port(port: int) -> Iterator[Finding]:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            way = f"That may be the app itself. For another port: make run PORT={port + 1}"
            yield Finding("Port", "warning", f"{port} is taken.", way)
        else:
            yield Finding("Port", "ok", f"{port} is free.")
