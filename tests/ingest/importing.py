"""Short ways to import a text and to look at what is in the database then."""

import csv
import io
import json

from sqlalchemy import text

from ranker.ingest.check import check
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file

HEADERS = ("Company", "Website", "Employees", "First name", "Last name", "Job title", "Email", "LinkedIn", "Score card")


def as_csv(rows, headers=HEADERS):
    out = io.StringIO()
    csv.writer(out).writerows([headers, *rows])
    return out.getvalue().encode()


def person(n, title="VP Sales", company="Alpha", size="51-200", note="a"):
    """A row of HEADERS for person n of a company."""
    domain = f"{company.lower()}.example"
    return [company, domain, size, "Lead", f"{n:04d}", title, f"l{n}@{domain}", f"https://linkedin.com/in/l-{n}", note]


def checked(database, data, name="leads.csv", **more):
    return check(database, stage_file(database, name, data, **more).id)


def imported(database, data, name="leads.csv", **more):
    return commit(database, stage_file(database, name, data, **more).id)


def counts(staged):
    """What is not 0."""
    return {name: count for name, count in staged.counts.items() if count}


def table(database, name, order="1"):
    """Every row of a table without its times."""
    with database.session() as session:
        rows = session.connection().execute(text(f"SELECT * FROM {name} ORDER BY {order}")).mappings().all()
        return [{key: value for key, value in row.items() if not key.endswith(("_at", "token"))} for row in rows]


def leads(database, *columns):
    """The leads' columns, by key."""
    return [tuple(row[name] for name in columns) for row in table(database, "lead", "dedup_key")]


def everything(database):
    """All that an import writes, but for times and tokens."""
    names = ("company", "lead", "import_batch", "import_row", "import_raw", "import_stage", "header_mapping", "counter")
    found = {name: table(database, name, "1, 2") for name in names}
    found["import_raw"] = [  # how the rows were cut into stretches is nobody's business
        (stretch["batch_id"], *row) for stretch in found["import_raw"] for row in json.loads(stretch["cells"])
    ]
    return found
