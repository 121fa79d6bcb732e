"""A backup may hold files whose columns nobody has chosen yet: they stop no restore, and hide nobody."""

from __future__ import annotations

from pathlib import Path

from ranker.care.deletion import delete
from ranker.care.preview import Preview
from ranker.care.restore import restore
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.store import backups
from ranker.store.overview import overview
from tests.store.databases import empty

LEADS = b"Company,Title,Name,Email\nAlpha,CEO,Lead 0001,one@alpha.example\nAlpha,VP,Lead 0002,two@alpha.example\n"


def test_a_file_without_its_columns_does_not_stop_a_restore_after_a_deletion(tmp_path: Path) -> None:
    database = empty(tmp_path)
    commit(database, stage_file(database, "leads.csv", LEADS).id)
    stage_file(database, "unknown.csv", b"a,b,c\n1,2,3\n4,5,6\n")
    kept = backups.make(database, "by-hand")
    assert kept is not None
    delete(database, Preview.people([1]))
    assert overview(database).leads == 1
    done = restore(database, kept)
    assert done.leads == overview(database).leads == 1, "whoever was deleted stays deleted"
    database.close()
