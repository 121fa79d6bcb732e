"""``python -m eval.bench_results [LEADS]``: how fast Results answers over 100,000 current verdicts, and redraws.

Every query behind the page, each timed apart: all sorts in both directions at the first, a middle and the last page,
every filter, the companies in every order, and the counts beside the filters. Limits: 150 ms at the 95th percentile,
and 1.5 s until Chromium has redrawn the page after a click.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from eval.bench_rank import LEADS, _apart

MOST_MS, REDRAW_S = 150.0, 1.5
TIMES = 3
CLICKS = (
    ("the next page", "Next", r"People 51–100 of"),
    ("the page before", "Previous", r"People 1–50 of"),
    ("another view", "Companies", r"Companies 1–50 of"),
    ("the view before", "People", r"People 1–50 of"),
    ("a filter", "To contact", r"People 1–50 of (?!{leads})"),
    ("no filter", "Clear filters", r"People 1–50 of {leads}"),
)
"""What is clicked → its button → what the page says then."""


def queries(database: Any, leads: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Name → what to call."""
    from ranker.store.facets import facets
    from ranker.store.filters import Filters
    from ranker.store.results import GROUP_SORTS, SORTS, companies, page

    filters = {
        "nothing": Filters(),
        "search": Filters(search="sales"),
        "two words": Filters(search="head sales"),
        "company": Filters(company="lumen"),
        "size": Filters(sizes=((51, 200),)),
        "size unknown": Filters(size_unknown=True),
        "status": Filters(statuses=("ranked",)),
        "rank": Filters(rank_to=2),
        "score": Filters(score_from=60.0, score_to=90.0),
        "department": Filters(department_from=0.8),
        "seniority": Filters(seniority_from=0.8),
        "flag": Filters(flag="unknown_function"),
        "review": Filters(needs_review=True),
        "overruled": Filters(reviewed=True),
        "held": Filters(suppressed=True),
        "exported": Filters(exported=True),
        "several": Filters(search="director", sizes=((51, 200), (201, 500)), statuses=("ranked",), score_from=50.0),
    }
    for sort in SORTS:
        for descending in (False, True):
            for place, offset in (("first", 0), ("middle", leads // 2), ("last", leads - 50)):
                yield (
                    f"sort {sort} {'down' if descending else 'up'} {place}",
                    lambda s=sort, d=descending, o=offset: page(database, sort=s, descending=d, offset=o),
                )
    for name, one in filters.items():
        for sort in ("company", "score", "name"):
            yield f"filter {name}, sort {sort}", lambda f=one, s=sort: page(database, f, sort=s)
        yield f"counts, filter {name}", lambda f=one: facets(database, f)
        yield f"companies, filter {name}", lambda f=one: companies(database, f)
    for sort in GROUP_SORTS:
        for descending in (False, True):
            yield (
                f"companies by {sort} {'down' if descending else 'up'}",
                lambda s=sort, d=descending: companies(database, sort=s, descending=d),
            )


def measure(folder: str, leads: int) -> float:
    """Print the figures of the queries; the 95th percentile in milliseconds."""
    from ranker.store.engine import open_database

    database = open_database(folder=folder)
    found: list[tuple[float, str]] = []
    for name, call in queries(database, leads):
        for _ in range(TIMES):
            began = time.perf_counter()
            call()
            found.append(((time.perf_counter() - began) * 1000, name))
    database.close()
    times = [took for took, _ in found]
    high = statistics.quantiles(times, n=20)[-1]
    print(
        f"{len(times)} queries behind Results over {leads:,} verdicts: median {statistics.median(times):.0f} ms, "
        f"95th percentile {high:.0f} ms; slowest {max(found)[0]:.0f} ms ({max(found)[1]})"
    )
    return high


def redraws(folder: str, leads: int) -> float | None:
    """Print how long Chromium takes from a click to the redrawn page; the slowest median in seconds."""
    from tests.browser.conftest import ARGUMENTS, CHROMIUM, WIDTHS, Person, serving

    if not CHROMIUM.exists():
        print(f"redraw in Chromium not measured: {CHROMIUM} is missing (apt-get install chromium)")
        return None
    from playwright.sync_api import sync_playwright

    with serving(Path(folder)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        wide, tall = WIDTHS["wide"]
        person = Person(browser.new_page(viewport={"width": wide, "height": tall}), server.address)
        person.open("/results")
        main = person.page.get_by_test_id("stMain")
        times: dict[str, list[float]] = {what: [] for what, _, _ in CLICKS}
        for _ in range(TIMES):
            for what, name, said in CLICKS:
                pattern = re.compile(rf"(^|\s){name}($|\s)")
                target = main.get_by_role("button", name=pattern).or_(main.get_by_role("radio", name=pattern))
                began = time.perf_counter()
                target.first.click()
                main.get_by_text(re.compile(said.format(leads=f"{leads:,}"))).first.wait_for()
                person.settled()
                times[what].append(time.perf_counter() - began)
        for what, took in times.items():
            print(f"redrawn in Chromium after a click on {what}: {statistics.median(took):.2f} s")
        browser.close()
    return max(statistics.median(took) for took in times.values())


def main() -> None:
    """Both, and exit with 1 beyond a limit."""
    leads = int(sys.argv[1]) if len(sys.argv) > 1 else LEADS
    with tempfile.TemporaryDirectory() as folder:
        _apart("prepare", folder, str(leads))
        _apart("ranked", folder)
        high = measure(folder, leads)
        slowest = redraws(folder, leads)
    if high > MOST_MS or (slowest or 0.0) > REDRAW_S:
        raise SystemExit(f"beyond {MOST_MS:g} ms or {REDRAW_S:g} s")


if __name__ == "__main__":
    main()
