"""A real server on a port of its own with data of its own, and a real Chromium at two widths."""

from __future__ import annotations

import os
import random
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTHS = {"wide": (1440, 900), "narrow": (420, 900)}
PATIENCE_MS = 180_000
ROW_PX = 35
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'

# The rows of a table that are drawn now: its canvas holds them a second time, for screen readers.
_DRAWN = """table => {
    const text = cell => cell.textContent.trim();
    const heads = {};
    table.querySelectorAll('[role=columnheader]').forEach(cell => { heads[cell.ariaColIndex] = text(cell); });
    const rows = {};
    table.querySelectorAll('tbody tr').forEach(row => {
        const cells = {};
        row.querySelectorAll('[role=gridcell]').forEach(cell => { cells[heads[cell.ariaColIndex]] = text(cell); });
        rows[row.ariaRowIndex] = cells;
    });
    return rows;
}"""


@dataclass
class Person:
    """Somebody at the browser, whose clicks are counted."""

    page: object
    address: str
    clicks: int = 0
    lines: list[str] = field(default_factory=list)

    def open(self, path: str = "/") -> None:
        """Go to an address and wait until the page is drawn."""
        self.page.goto(self.address + path)
        self.settled()

    def settled(self) -> None:
        """Wait until the page is drawn and nothing more is under way."""
        self.page.locator(READY).wait_for(timeout=PATIENCE_MS)

    def button(self, name: str | re.Pattern[str]) -> object:
        """The button with this name, whatever its icon."""
        pattern = name if isinstance(name, re.Pattern) else re.compile(rf"(^|\s){re.escape(name)}$")
        return self.page.get_by_test_id("stMain").get_by_role("button", name=pattern).first

    def click(self, name: str | re.Pattern[str]) -> None:
        """Click a button as soon as it is there."""
        self.button(name).click(timeout=PATIENCE_MS)
        self.clicks += 1

    def table(self, at: int = 0) -> list[dict[str, str]]:
        """All rows of a table, scrolled from its top to its end: header → text, for the columns that are drawn."""
        box = self.page.get_by_test_id("stDataFrame").nth(at)
        grid = box.locator("table[role=grid]")
        grid.wait_for(state="attached")
        last = int(grid.get_attribute("aria-rowcount"))  # the heading is row 1
        seen: dict[str, dict[str, str]] = {}
        for wanted in range(2, last + 1):
            if str(wanted) not in seen:
                box.locator(".dvn-scroller").evaluate("(box, to) => { box.scrollTop = to; }", (wanted - 2) * ROW_PX)
                box.locator(f'tr[aria-rowindex="{wanted}"] td').first.wait_for(state="attached")
                seen |= grid.evaluate(_DRAWN)
        return [seen[at] for at in sorted(seen, key=int)]


@dataclass(frozen=True)
class Server:
    """A running app: where it answers, and the folder of its data."""

    address: str
    data: Path


def free_port() -> int:
    """A port that nobody listens on, of those that no system gives away by itself before the server has it."""
    while True:
        port = random.randrange(10_000, 30_000)
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port


@contextmanager
def serving(data: Path, port: int | None = None) -> Iterator[Server]:
    """The app as `make run` starts it, until the block ends."""
    port = port or free_port()
    environment = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "RANKER_DATA"}}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    process = subprocess.Popen(
        [*command, "--server.headless", "true"],
        cwd=ROOT,
        env={**environment, "RANKER_DATA": str(data), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    up = threading.Event()

    def listen() -> None:
        for line in process.stdout:
            said.append(line)
            if "URL" in line:
                up.set()
        up.set()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        assert up.wait(PATIENCE_MS / 1000), "the server said nothing"
        assert process.poll() is None, "".join(said)
        yield Server(f"http://127.0.0.1:{port}", data)
    finally:
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        listener.join(10)
        process.stdout.close()
    assert not [line for line in said if "Traceback" in line], "".join(said)


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """One browser for all tests."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def server(chromium: object, tmp_path: Path) -> Iterator[Server]:
    """A fresh app without leads."""
    with serving(tmp_path / "data") as started:
        yield started


@pytest.fixture(params=list(WIDTHS))
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    """A desktop window, and a phone."""
    width, height = WIDTHS[request.param]
    return {"width": width, "height": height}


@pytest.fixture
def visitor(chromium: object) -> Iterator[Callable[..., Person]]:
    """Opens a window of its own for somebody: ``visitor(server, size)``; another call is another tab."""
    contexts = []

    def arrive(server: Server, size: dict[str, int]) -> Person:
        context = chromium.new_context(viewport=size, accept_downloads=True)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        return Person(context.new_page(), server.address)

    yield arrive
    for context in contexts:
        context.close()
