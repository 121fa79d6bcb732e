"""Mentions: somebody's words are found in every spelling, and nobody else's."""

import json

import pytest

from ranker.care.erase import people
from ranker.ingest.mentions import mentions_of
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from tests.care.worlds import numbers

FILE = """\
Company,Title,Person,Email,LinkedIn
Alpha,CEO,Lead Zérodix,zerodix@alpha.example,https://www.linkedin.com/in/lead-zerodix-1
Alpha,CTO,Lead Two,two@alpha.example,https://www.linkedin.com/in/two
Beta,CEO,Lead Two,other@beta.example,https://www.linkedin.com/in/other
"""


@pytest.fixture
def mend(database):
    commit(database, stage_file(database, "a.csv", FILE.encode()).id)
    lead = numbers(database)["Lead Zérodix"]
    with database.write() as session:
        gone = people(session, [lead])
        session.connection().exec_driver_sql(f"DELETE FROM lead WHERE id={lead}")
        return mentions_of(session, gone).mend


@pytest.mark.parametrize(
    "said",
    [
        "zerodix@alpha.example", "<ZERODIX@alpha.example>", "mailto:zerodix@alpha.example,", "Lead Zérodix.",
        "LEAD ZÉRODIX", "lead  zérodix", json.dumps("Lead Zérodix"), "https://es.linkedin.com/in/Lead-Zerodix-1/?x=1",
        "linkedin.com/in/lead-zerodix-1", json.dumps({"a": "https://linkedin.com/in/lead-zerodix-1"}),
    ],
)  # fmt: skip
def test_a_mention_goes_in_every_spelling(mend, said):
    left = mend(said)
    assert "[deleted]" in left
    assert "rodix" not in left.lower()


@pytest.mark.parametrize(
    "said",
    [
        "a.zerodix@alpha.example", "zerodix@alpha.example.org", "zerodix@alpha.examples", "Lead Zérodixon",
        "XLead Zérodix", "linkedin.com/in/lead-zerodix-10", "linkedin.com/in/lead-zerodix-1-b", "Lead", "Zérodix",
    ],
)  # fmt: skip
def test_somebody_elses_words_stay(mend, said):
    assert mend(said) == said


def test_a_name_that_somebody_who_stays_has_is_left_alone(database):
    commit(database, stage_file(database, "a.csv", FILE.encode()).id)
    with database.write() as session:
        rows = session.connection().exec_driver_sql("SELECT id FROM lead WHERE email='two@alpha.example'")
        gone = people(session, [rows.scalar()])
        session.connection().exec_driver_sql("DELETE FROM lead WHERE email='two@alpha.example'")
        mend = mentions_of(session, gone).mend
    assert mend("Lead Two, two@alpha.example") == "Lead Two, [deleted]"
