"""What the tests of the page Outreach share: a few leads, a run of templates, what a page shows."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from ranker.jobs.job import drive
from ranker.outreach import choice, outreach_run
from ranker.outreach.sequence import Request
from ranker.outreach.tone import Tone
from ranker.store.engine import Database

ABOUT = "We make maps for sales teams."
LEADS = """Name,Company,Website,Employees,Job title,LinkedIn URL
Ada Example,Company 1,company1.example,51-200,Head of Sales,https://www.linkedin.com/in/ada-example
Bo Example,Company 1,company1.example,51-200,CEO,
Cy Example,Company 1,company1.example,51-200,Sales Manager,
Di Example,Company 2,company2.example,51-200,Head of Sales,
Ed Example,Company 2,company2.example,51-200,Recruiter,
"""


def written(database: Database, tone: Tone | None = None, top: int = 2) -> int:
    """A run of templates that has ended."""
    with database.write() as session:
        prospects = choice.make(session, choice.chosen(session, choice.Choice(top=top)).lead_ids)
    run = outreach_run.start(database, prospects, Request(tone or Tone(), ABOUT, 2), None)
    drive(database, run, outreach_run.step)
    return run


def html(app: AppTest) -> str:
    """All that is drawn as HTML."""
    return "\n".join(one.proto.body for one in app.get("html"))


def labels(app: AppTest) -> list[str]:
    """What the buttons say."""
    return [button.label for button in app.button]


def about(app: AppTest, text: str = ABOUT) -> AppTest:
    """Say what we offer."""
    return app.text_area(key="outreach_about").set_value(text).run()
