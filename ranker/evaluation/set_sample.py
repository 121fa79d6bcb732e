"""The labelled set that comes with the ranker: the sample leads, each with the rank that its makers gave it."""

from __future__ import annotations

from itertools import islice

from ranker.errors import FileUnreadable
from ranker.evaluation.set_rows import read_rows
from ranker.evaluation.set_write import Saved, write_set
from ranker.ingest.mapping import SAMPLE_ROWS, guess_mapping
from ranker.ingest.reader import read_table
from ranker.ingest.sample import LEADS
from ranker.store import tombstones
from ranker.store.engine import Database

LABELLED = LEADS.with_name("labelled.csv")
NAME = "Sample leads"


def add_sample_set(database: Database, who: str = "") -> Saved:
    """Save the labelled sample; a second time it is the set that is there. Raises ``FileUnreadable`` if it is gone."""
    try:
        table = read_table(LABELLED.read_bytes())
    except OSError:
        raise FileUnreadable("The labelled sample is not here. Get the project again, or upload your own.") from None
    columns = guess_mapping(table.headers, islice(table.rows(), SAMPLE_ROWS)).columns
    with database.write() as session:
        rows = read_rows(table, columns, {}, tombstones.load(session))
        return write_set(
            session, NAME, "sample", rows.items, who,
            file_name=LABELLED.name, rows=rows.rows, left_out=rows.reasons,
        )  # fmt: skip
