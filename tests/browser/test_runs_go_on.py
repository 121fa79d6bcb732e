"""A run belongs to the database, not to a window: it outlives a refresh, and two tabs start one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from eval.made_leads import write_made
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.store.engine import open_database
from ranker.store.run_list import RunLine, page_runs
from tests.browser.conftest import Server, serving

LEADS = 30_000
START = re.compile(r"Rank [\d,]+ leads$")


@pytest.fixture(scope="module")
def big_server(chromium: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An app with so many leads that a run can be looked at while it is under way."""
    folder = tmp_path_factory.mktemp("big")
    made = write_made(folder / "made.csv", LEADS, LEADS // 2)
    database = open_database(folder=folder / "data")
    commit(database, stage_file(database, "made.csv", made.read_bytes()).id)
    database.close()
    with serving(folder / "data") as started:
        yield started


def runs_of(server: Server) -> list[RunLine]:
    """The runs in the database, the newest first."""
    database = open_database(folder=server.data)
    try:
        return page_runs(database)[0]
    finally:
        database.close()


@pytest.mark.parametrize("size", ["narrow"], indirect=True)
def test_a_refresh_in_the_middle_of_a_run_finds_it_again(big_server, visitor, size):
    before = len(runs_of(big_server))
    person = visitor(big_server, size)
    person.open("/rank?who=all")
    person.click(START)
    progress = person.page.get_by_text(re.compile(rf"of {LEADS:,} leads"))
    progress.first.wait_for()
    person.page.reload()
    progress.first.wait_for()
    assert runs_of(big_server)[0].state in {"queued", "running"}  # the refresh was in the middle
    person.page.get_by_role("heading", name="Results", level=1).wait_for()  # they open by themselves
    person.page.get_by_text(re.compile("to contact at")).first.wait_for()
    newest = runs_of(big_server)
    assert len(newest) == before + 1
    assert (newest[0].state, newest[0].done) == ("done", LEADS)


@pytest.mark.parametrize("size", ["wide"], indirect=True)
def test_two_tabs_that_start_the_same_run_start_one(big_server, visitor, size):
    before = len(runs_of(big_server))
    first, second = visitor(big_server, size), visitor(big_server, size)
    for person in (first, second):
        person.open("/rank?who=all")
        person.button(START).wait_for()
    for person in (first, second):
        person.click(START)
    for person in (first, second):
        person.page.wait_for_url(re.compile(r"[?&]run=\d+"))
    assert re.search(r"run=(\d+)", first.page.url)[1] == re.search(r"run=(\d+)", second.page.url)[1]
    for person in (first, second):
        opened = person.page.get_by_role("heading", name="Results", level=1)
        opened.or_(person.button("See results")).first.wait_for()
    assert len(runs_of(big_server)) == before + 1
