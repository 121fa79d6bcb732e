"""Deletion of a company with everybody there, and of an import with or without whom it brought."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from ranker.care.deletion import count_deleted, delete_company, delete_import
from ranker.care.finding_people import find_companies
from ranker.care.preview import Preview, tell_before
from ranker.errors import UsageError
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.store import backups
from ranker.store.imports import import_rows
from tests.care.worlds import EMAIL, FIRST, NAME, URL, lived_in, numbers, rank, traces
from tests.store.databases import empty


def test_a_company_goes_with_everybody_there_and_its_name(tmp_path):
    database = empty(tmp_path / "data")
    lived_in(database)
    backups.make(database)
    [(company_id, _, count), *_] = find_companies(database, "Béta")
    told = tell_before(database, Preview.company(company_id))
    assert (len(told.lead_ids), told.phrase) == (count, "delete 1 lead") == (1, "delete 1 lead")
    delete_company(database, company_id)
    assert "Lead 0005" not in numbers(database)
    assert traces(tmp_path, "Lead 0005", "five@beta.example", "Béta") == []
    with pytest.raises(UsageError, match="not here any more"):
        delete_company(database, company_id)
    database.close()


def test_an_import_goes_with_its_file_and_the_leads_that_only_it_brought(tmp_path):
    database = empty(tmp_path / "data")
    lived_in(database)
    more = FIRST.splitlines()[0] + "\nGamma,gamma.example,11-50,Lead 0009,CEO,nine@gamma.example,,,only here\n"
    more += f"Alpha,alpha.example,51-200,{NAME},VP Sales,{EMAIL},{URL},,here too\n"
    batch = commit(database, stage_file(database, "third.csv", more.encode()).id).id
    rank(database)
    backups.make(database)
    told = tell_before(database, Preview.of_import(batch, with_leads=True))
    assert told.words.startswith("1 import, 1 lead at 1 company, 1 verdict, 2 rows of 1 file")
    assert told.phrase == "delete 1 import and 1 lead"
    delete_import(database, batch)
    assert "Lead 0009" not in numbers(database)
    assert NAME in numbers(database)
    assert traces(tmp_path, "Lead 0009", "nine@gamma.example", "only here") == []
    with database.session() as session:  # who stays is shown by the other file from now on
        shown = session.connection().execute(text("SELECT batch_id FROM lead WHERE email=:mail"), {"mail": EMAIL})
        assert shown.scalar() == 2
    assert count_deleted(database) == 0
    assert commit(database, stage_file(database, "third.csv", more.encode()).id).counts["new"] == 1
    database.close()


def test_an_import_can_go_without_its_leads(database):
    lived_in(database)
    before = set(numbers(database))
    delete_import(database, 1, leads=False)
    delete_import(database, 2, leads=False)
    assert set(numbers(database)) == before
    assert import_rows(database, 1)[1] == 0
    with pytest.raises(UsageError, match="no import 1"):
        delete_import(database, 1)
