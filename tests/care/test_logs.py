"""The log: what happened in ids, counts and codes, for the owner only, without a word of a lead."""

from __future__ import annotations

import json
import logging
import stat

import pytest

from ranker.care.deletion import delete_people
from ranker.care.logs import FILE, start_logs
from ranker.errors import UsageError
from ranker.events import tell
from ranker.ingest import import_run
from ranker.ingest.stage import stage_file
from ranker.jobs.job import drive, take
from ranker.store import backups
from ranker.store.engine import open_database
from ranker.store.exports import Selection as Choice
from tests.care.worlds import EMAIL, FIRST, NAME, SECOND, export, lived_in, rank, traces


@pytest.fixture
def folder(tmp_path, capsys):  # first, so that the log writes to what is read here
    stop = start_logs(tmp_path, "debug")
    yield tmp_path
    stop()


def lines(folder):
    return [json.loads(line) for line in (folder / FILE).read_text(encoding="utf-8").splitlines()]


def words_of(text: str) -> set[str]:
    """Every cell of the files that is more than a number or a short word."""
    cells = {cell.strip('"\n ') for line in text.splitlines()[1:] for cell in line.split(",")}
    return {cell for cell in cells if len(cell) > 4 and not cell.isdigit()}


def test_import_rank_export_deletion_and_errors_leave_no_lead_text_in_the_log(folder, capsys):
    database = open_database(folder=folder / "data")
    leads = lived_in(database)
    batch = stage_file(database, f"{NAME}.csv", SECOND.encode())
    drive(database, import_run.start(database, batch.id), import_run.step)
    run_id = rank(database)
    export(database, Choice())
    backups.make(database)

    def broken(database, run_id):
        raise ValueError(f"{NAME}, {EMAIL}")

    def refused(database, run_id):
        raise UsageError(f"{NAME} can't be ranked.")

    for step in (broken, refused):
        take(database, run_id, step)
    logging.getLogger("some.library").error("could not write %s", EMAIL)
    try:
        raise KeyError(EMAIL)
    except KeyError:
        logging.getLogger("some.library").exception("while writing %s", NAME)
    delete_people(database, [leads[NAME]])
    database.close()
    said = lines(folder)
    names = [line["event"] for line in said]
    assert {"database.migrated", "import.done", "rank.done", "export.done", "run.failed", "run.refused"} <= set(names)
    assert {"backup.made", "deletion.done", "log"} <= set(names)
    failed = said[names.index("run.failed")]
    assert (failed["level"], failed["run"], failed["error"]) == ("error", run_id, "ValueError")
    assert failed["place"].startswith("test_logs.py:")
    assert said[names.index("run.refused")]["code"] == "usage"
    done = said[names.index("import.done")]
    assert done["rows"] == done["new"] + done["changed"] + done["unchanged"] + done["repeated"] + done["rejected"] == 5
    assert traces(folder / "logs", *words_of(FIRST), *words_of(SECOND)) == []
    terminal = capsys.readouterr().err
    assert "import.done" in terminal
    assert [word for word in words_of(FIRST) if word in terminal] == []


def test_the_log_is_for_the_owner_only_and_begins_anew_when_it_is_full(folder):
    handler = next(
        one for one in logging.getLogger().handlers if getattr(one, "baseFilename", "").endswith("ranker.log")
    )
    handler.maxBytes = 500
    for at in range(100):
        tell("test.event", at=at)
    files = sorted((folder / "logs").iterdir())
    assert len(files) == 6  # the one in use, and five older ones
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert all(path.stat().st_size <= 500 for path in files)
    assert lines(folder)[-1]["at"] == 99


def test_what_could_be_lead_text_is_refused_by_an_event(folder):
    for value in ("Lead 0001", "one@alpha.example", "Zérodix", "x" * 300):
        with pytest.raises(ValueError, match="no code"):
            tell("import.done", file=value)
    with pytest.raises(ValueError, match="no name"):
        tell("Import of Lead 0001")


def test_the_level_comes_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("RANKER_LOG", "warning")
    stop = start_logs(tmp_path, terminal=False)
    tell("test.quiet")
    tell("test.loud", level="warning")
    stop()
    assert [line["event"] for line in lines(tmp_path)] == ["test.loud"]
    monkeypatch.setenv("RANKER_LOG", "shout")
    with pytest.raises(UsageError, match="debug, info, warning, error"):
        start_logs(tmp_path)
