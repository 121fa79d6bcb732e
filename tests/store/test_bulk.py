"""Much at once: the indexes that were set aside are there again afterwards, also where it went wrong."""

import sqlite3

import psycopg
import pytest
from sqlalchemy import inspect, text

from ranker.store import bulk

TWICE = (sqlite3.IntegrityError, psycopg.errors.UniqueViolation)


def indexes(database):
    with database.engine.connect() as connection:
        return sorted(one["name"] for one in inspect(connection).get_indexes("company"))


def add(session, *names):
    rows = [(name, name) for name in names]
    bulk.insert(session, "company", ("key", "name"), rows)


def test_a_table_has_its_indexes_again_and_readers_never_miss_them(database):
    before = indexes(database)
    assert before != []
    with database.write() as session, bulk.indexes_afterwards(session, "company"):
        add(session, "beta", "alpha")
        assert indexes(database) == before  # as others see it
    assert indexes(database) == before
    with database.session() as session:
        assert session.connection().execute(text("SELECT count(*) FROM company")).scalar() == 2


def test_what_goes_wrong_leaves_the_table_as_it_was(database):
    before = indexes(database)
    with pytest.raises(TWICE), database.write() as session, bulk.indexes_afterwards(session, "company"):
        add(session, "alpha", "alpha")
    assert indexes(database) == before
    with database.session() as session:
        assert session.connection().execute(text("SELECT count(*) FROM company")).scalar() == 0
