"""``make screenshots``: every page, without leads, with the sample and with 100,000 leads, at two widths.

Needs Debian's chromium and the tests' requirements. ``python -m eval.screenshots [folder] [--leads N]``; the folder is
``docs/screenshots`` by default. Three pictures, those of the README, are also there without a size in their names.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from eval.made_leads import write_made
from tests.browser.conftest import ARGUMENTS, CHROMIUM, PATIENCE_MS, WIDTHS, Person, serving

FOLDER = Path(__file__).parent.parent / "docs" / "screenshots"
# Picture in README → the page it shows, and its height: no more than says something.
README_PICTURES = {"results": ("results_lead", 900), "rank": ("rank", 560), "outreach": ("outreach_read", 1300)}
_TALLEST = 2400
ABOUT_US = "Ladderline makes software with which sales teams find out whom to call first."
# Everything that a page shows of a finished run, its neighbours included, has the numbers 1 and 2.
PAGES = {
    "empty": {
        "home": "/", "import": "/import", "rank": "/rank", "results": "/results", "personas": "/personas",
        "persona": "/personas?persona=2&title=Head+of+Sales", "prompts": "/prompts",
        "prompt": "/prompts?version=6", "evaluate": "/evaluate", "optimize": "/optimize", "runs": "/runs",
        "outreach": "/outreach", "prospects": "/prospects", "settings": "/settings",
    },
    "filled": {
        "home": "/", "import": "/import?batch=1", "rank": "/rank?who=all", "rank_done": "/rank?run=1",
        "results": "/results?status=contact&sort=company", "results_companies": "/results?view=companies",
        "results_lead": "/results?status=contact&sort=company&lead=98", "personas": "/personas",
        "persona": "/personas?persona=2&title=Head+of+Sales", "prompts": "/prompts",
        "prompt": "/prompts?version=6", "prompt_write": "/prompts?version=10", "evaluate": "/evaluate",
        "optimize": "/optimize", "runs": "/runs", "outreach": "/outreach",
        "outreach_read": "/outreach?run=3&again=1&tone=0.3,0.6,0.8", "prospects": "/prospects",
        "prospect": "/prospects?prospect=1",
        "run": "/runs?run=1", "runs_compared": "/runs?run=1&with=2", "settings": "/settings",
    },
}  # fmt: skip


def fill(data: Path, leads: int) -> None:
    """The sample (0) or made leads, ranked for two personas, with an entry on the do-not-contact list, and messages
    from templates to the best two of each company, in a run with the number 3.
    """
    from ranker.ingest.merge import commit
    from ranker.ingest.sample import import_sample
    from ranker.ingest.stage import stage_file
    from ranker.jobs.job import drive
    from ranker.outreach import choice, outreach_run
    from ranker.outreach.approvals import approve
    from ranker.outreach.edits import edit
    from ranker.outreach.sequence import Request
    from ranker.outreach.tone import Tone
    from ranker.personas.catalog import list_personas, seed_personas
    from ranker.scoring import rank_run
    from ranker.scoring.selection import Selection
    from ranker.store.engine import open_database
    from ranker.store.suppression_list import add_many

    database = open_database(folder=data)
    if leads:
        made = write_made(data / "made.csv", leads, leads // 2)
        commit(database, stage_file(database, "made leads.csv", made.read_bytes()).id)
        made.unlink()
    else:
        import_sample(database)
    seed_personas(database)
    add_many(database, [("email", "someone@kupferhain.example"), ("company", "Skylatch")], "Asked us not to write")
    for persona in list_personas(database)[-2:]:  # the one that suits the sample comes last: its verdicts hold
        drive(database, rank_run.start(database, Selection("all"), persona.live_version_id), rank_run.step)
    best = choice.choose(database, choice.Choice(top=2)).lead_ids
    with database.write() as session:
        prospects = choice.make(session, best)
    request = Request(Tone(0.3, 0.6, 0.8), ABOUT_US)
    drive(database, outreach_run.start(database, prospects, request, None), outreach_run.step)
    for sequence in (2, 3):
        approve(database, sequence, "Ada Example", despite_marks=True)
    edit(database, 1, {2: "May I send you one page on how that works?"}, "Ada Example")
    database.close()


@contextmanager
def state(name: str, leads: int) -> Iterator[str]:
    """A server with data of its own; its address."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        if name != "empty":
            data.mkdir()
            fill(data, leads if name == "large" else 0)
        with serving(data) as server:
            yield server.address


def shoot(browser: object, address: str, path: str, width: str, to: Path, *, tall: int = 0) -> None:
    """One picture of a page, as tall as its content, or as a window of the height ``tall`` shows it."""
    whole = not tall
    wide, tall = WIDTHS[width][0], tall or WIDTHS[width][1]
    context = browser.new_context(viewport={"width": wide, "height": tall})
    context.set_default_timeout(PATIENCE_MS)
    person = Person(context.new_page(), address)
    person.open(path)
    person.page.locator("h1").first.wait_for()
    if whole:
        height = person.page.get_by_test_id("stMain").evaluate("page => page.scrollHeight")
        person.page.set_viewport_size({"width": wide, "height": min(max(tall, height), _TALLEST)})
    person.settled()
    person.page.wait_for_load_state("networkidle")
    person.page.wait_for_function("() => !document.querySelector('[data-testid=\"stSkeleton\"]')")
    # Two frames, so that canvases have been drawn at the new size.
    person.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    person.page.screenshot(path=to, animations="disabled")
    context.close()


def main(arguments: list[str]) -> int:
    """Take the pictures; 1 where Chromium is missing."""
    parser = argparse.ArgumentParser(prog="python -m eval.screenshots", description="Pictures of every page.")
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="where the pictures go")
    parser.add_argument("--leads", type=int, default=100_000, help="leads in the large state")
    options = parser.parse_args(arguments)
    if not CHROMIUM.exists():
        print(f"{CHROMIUM} is missing: apt-get install chromium", file=sys.stderr)
        return 1
    from playwright.sync_api import sync_playwright

    options.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        for name in ("empty", "sample", "large"):
            pages = PAGES["empty" if name == "empty" else "filled"]
            with state(name, options.leads) as address:
                for (page, path), width in product(pages.items(), WIDTHS):
                    picture = options.folder / f"{name}_{page}_{width}.png"
                    shoot(browser, address, path, width, picture)
                    print(picture)
                for picture, (page, tall) in README_PICTURES.items() if name == "sample" else ():
                    shoot(browser, address, pages[page], "wide", options.folder / f"{picture}.png", tall=tall)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
