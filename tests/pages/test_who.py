"""What a person does on the pages is kept with their name, and shown with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from ranker.store.engine import Database
from tests.pages.opening import click

Page = Callable[..., AppTest]
CSV = b"Company,Title\nAcorn,Head of Sales\nAcorn,Intern\n"


def said(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in [*app.markdown, *app.caption, *app.info])


def test_imports_runs_and_verdicts_carry_a_name(
    open_page: Page, database: Database, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANKER_USER", "sales *ops*")
    app = open_page("import_leads.py")
    app.file_uploader[0].upload("few.csv", CSV, "text/csv").run()
    click(app, "Import 2 leads")
    work()
    click(open_page("import_leads.py", batch=1), "Rank them")
    work()
    with database.session() as session:
        for table in ("import_batch", "run"):
            assert set(session.connection().execute(text(f"SELECT who FROM {table}")).scalars()) == {"sales *ops*"}
    app = open_page("runs.py", run=2)
    assert set(app.dataframe[0].value["By"]) == {"sales *ops*"}
    assert "by sales \\*ops\\*" in said(app)
    app = click(open_page("results.py", lead=1), "Should not be contacted")
    assert "A person said: should not be contacted" in said(app)
    assert "just now by sales \\*ops\\*" in said(app)
    history = next(table.value for table in app.dataframe if "Title then" in table.value)
    assert list(history["By"]) == ["sales *ops*"]
