from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from ranker.jobs.job import drive
from ranker.outreach import outreach_run
from ranker.outreach.approvals import approve
from ranker.outreach.choice import Choice, chosen, make
from ranker.outreach.edits import edit
from ranker.outreach.known import known_of
from ranker.outreach.sequence import Message
from ranker.outreach.stored import begin, keep, load_sequence, waiting_of
from ranker.store.engine import Database
from ranker.store.suppression_list import add_many
from tests.llm.fake_server import FakeServer
from tests.outreach.sequences import REQUEST, WRITTEN
from tests.pages.opening import click, open_at, words
from tests.pages.outreach_runs import about, html, labels, written

Page = Callable[..., AppTest]


def by_model(database: Database, **changes: object) -> int:
    """A sequence of a model for the first who ranks."""
    with database.write() as session:
        prospect = make(session, chosen(session, Choice(top=1)).lead_ids)[0]
        number = begin(session, [prospect], REQUEST)[prospect]
        assert keep(session, number, replace(WRITTEN, **changes), known_of(session, [prospect])[prospect])
    return number


def sequences(database: Database, run: int) -> list[int]:
    with database.session() as session:
        return list(waiting_of(session, run, all_states=True).values())


def test_what_stands_behind_a_sequence_can_be_read(ranked: Database) -> None:
    number = by_model(ranked)
    page = open_at("outreach.py", sequence=number)
    told = words(page)
    for said in ("m\\-1 · 2 calls · 900 tokens in, 120 out · \\$0.0031 · asked again 1 time", "By a model"):
        assert said in told
    assert "80% sure" in html(page)
    assert "✂ cut to fit" in html(page)
    assert "“Acme”" in html(page)
    assert "Runs a team" in html(page)
    assert "May grow <small>(inferred)</small>" in html(page)
    assert "Leads sales." in [one.value for one in page.text]


def test_what_is_invented_has_to_be_confirmed_before_it_is_approved(ranked: Database) -> None:
    number = by_model(ranked)
    page = open_at("outreach.py", sequence=number)
    page = click(page, "Approve")
    assert not load_sequence(ranked, number).approved
    assert "names what stands in nothing that we hold: “Acme”" in page.error[0].value
    page = click(page, "Approve all the same")
    assert load_sequence(ranked, number).approved
    page = click(page, "Take back")
    assert not load_sequence(ranked, number).approved


def test_approving_goes_on_to_the_next_and_the_list_can_be_narrowed(ranked: Database) -> None:
    run = written(ranked)
    first, second, third = sequences(ranked, run)
    page = click(open_at("outreach.py", run=run), "Approve")
    assert load_sequence(ranked, first).approved
    assert page.query_params["sequence"] == str(second)
    page = open_at("outreach.py", run=run, show="to_approve")
    assert "**1 of 2**" in words(page)
    page = open_at("outreach.py", run=run, sequence=third)
    page = click(page, "Previous")
    assert page.query_params["sequence"] == str(second)


def test_an_edit_is_another_version_and_an_error_loses_nothing(ranked: Database) -> None:
    run = written(ranked)
    number = sequences(ranked, run)[0]
    approve(ranked, number)
    page = click(open_at("outreach.py", run=run, sequence=number), "Edit")
    page.text_area(key=f"outreach_edit_{number}_1").set_value("Dear [Name], " + "long " * 70).run()
    page.text_area(key=f"outreach_edit_{number}_2").set_value("A better second message.").run()
    page = click(page, "Save as a new version")
    assert "characters" in " ".join(one.value for one in page.error)
    assert page.text_area(key=f"outreach_edit_{number}_2").value == "A better second message."
    page.text_area(key=f"outreach_edit_{number}_1").set_value("A better first message.").run()
    page = click(page, "Save as a new version")
    new = load_sequence(ranked, int(page.query_params["sequence"]))
    assert [one.content for one in new.messages] == ["A better first message.", "A better second message."]
    assert (new.parent_id, new.edited, new.approved) == (number, True, False)
    assert load_sequence(ranked, number).approved, "the version before stays as it is"
    assert "Edited" in html(page)


def test_nothing_is_approved_or_left_while_something_else_is_typed(ranked: Database) -> None:
    run = written(ranked)
    number = sequences(ranked, run)[0]
    page = click(open_at("outreach.py", run=run, sequence=number), "Edit")
    assert {button.label for button in page.button if button.disabled} >= {"Approve", "Previous", "Next"}
    page = click(page, "Leave it as it was")
    assert not {button.label for button in page.button if button.disabled} & {"Approve", "Next"}


def test_who_must_not_be_contacted_any_more_is_told_and_neither_approved_nor_written_to(ranked: Database) -> None:
    number = by_model(ranked)
    assert "Write it" in labels(open_at("outreach.py", sequence=number))
    add_many(ranked, [("domain", "company1.example")])
    page = open_at("outreach.py", sequence=number)
    assert "on the do-not-contact list" in page.error[0].value
    assert next(button for button in page.button if button.label == "Approve").disabled
    assert "Write it" not in labels(page)


def test_text_of_a_model_is_shown_sign_for_sign(ranked: Database) -> None:
    nasty = "<script>alert(1)</script> **bold** :red[x] $1$"
    number = by_model(ranked, messages=(Message(1, nasty, nasty, 0.5),), summary=nasty)
    page = open_at("outreach.py", sequence=number)
    assert "<script>" not in html(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **bold** :red[x] $1$" in html(page)
    assert nasty in [one.value for one in page.text]
    assert nasty not in words(page)


def test_no_key_clicks_what_lies_behind_the_export(ranked: Database) -> None:
    def keys(page: AppTest) -> set[str]:
        return {button.proto.shortcut for button in page.button} - {""}

    page = open_at("outreach.py", run=written(ranked))
    assert {one.lower() for one in keys(page)} == {"a", "e", "n", "p"}
    assert keys(click(page, "Export")) == set()


def test_only_what_is_approved_is_offered_for_the_file(ranked: Database) -> None:
    run = written(ranked)
    first, second, _ = sequences(ranked, run)
    approve(ranked, first)
    approve(ranked, second)
    lead = load_sequence(ranked, second)
    add_many(ranked, [("person", lead.name)], "asked us")
    page = click(open_at("outreach.py", run=run), "Export")
    assert "**= 1 person**, one sequence each" in words(page)
    assert "1 not approved" in words(page)
    assert "1 on the do-not-contact list" in words(page)
    page.checkbox(key="outreach_export_also").check().run()
    assert "**= 2 people**, one sequence each" in words(page)
    assert "newer version" not in words(page)
    edit(ranked, first, {1: "A better first message."})
    page = click(open_at("outreach.py", run=run), "Export")
    assert "1 has a newer version that nobody approved: the approved one goes out." in words(page)


@pytest.fixture
def server(ranked: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    """A model of known price that can be asked, on a server of our own."""
    with FakeServer() as running:
        settings = {"OPENAI_BASE_URL": running.url, "RANKER_MODEL": "fake", "RANKER_TIMEOUT": "30"}
        for name, value in {**settings, "RANKER_PRICE_INPUT": "1", "RANKER_PRICE_OUTPUT": "2"}.items():
            monkeypatch.setenv(name, value)
        yield running


def test_what_a_model_would_take_is_told_and_what_failed_can_be_asked_again(
    open_page: Page,
    ranked: Database,
    server: FakeServer,
    work: Callable[[], None],
) -> None:
    page = about(open_page("outreach.py", top=1))
    assert "2 people: 2 analyses to make" in words(page)
    start = next(label for label in labels(page) if label.startswith("Write to 2 people"))
    assert "\\$" in start or "less than a cent" in start
    assert not server.requests, "nothing is sent to tell it"
    server.always = "bad_request"
    page = click(page, "Write to 2 people")
    run = int(page.query_params["run"])
    work()
    page = open_at("outreach.py", run=run)
    assert "2 sequences = 2 failed." in words(page)
    assert "Nothing was written" in page.error[0].value
    assert "2 sequences failed:\n- 2: " in page.warning[0].value, "with the reason"
    server.always = ""
    page = click(page, "Ask again for 2")
    again = int(page.query_params["run"])
    assert again != run
    work()
    page = open_at("outreach.py", run=again)
    assert "2 sequences = 2 written by the model." in words(page)
    assert "80% sure" in html(page)


def test_a_template_in_place_of_a_failed_call_says_so(
    open_page: Page,
    ranked: Database,
    server: FakeServer,
    work: Callable[[], None],
) -> None:
    page = about(open_page("outreach.py", top=1))
    page.checkbox(key="outreach_fallback").check().run()
    server.always = "bad_request"
    page = click(page, "Write to 2 people")
    work()
    page = open_at("outreach.py", run=int(page.query_params["run"]))
    assert "2 sequences = 2 templates in place of failed calls." in words(page)
    assert "**A template, not the model’s words.**" in page.warning[0].value
    assert "Fallback template" in html(page)


def test_a_run_under_way_is_followed_and_can_be_cancelled(
    open_page: Page,
    ranked: Database,
    server: FakeServer,
) -> None:
    page = click(about(open_page("outreach.py", top=1)), "Write to 2 people")
    run = int(page.query_params["run"])
    assert "2 sequences = 2 waiting." in words(page)
    again = open_at("outreach.py", run=run)
    assert "Cancel" in labels(again), "another tab follows the same run"
    page = click(again, "Cancel")
    assert "It was cancelled." in page.info[0].value
    assert "Go on with 2" in labels(page)
    drive(ranked, int(click(page, "Go on with 2").query_params["run"]), outreach_run.step)


def test_an_address_is_a_prospect_or_says_what_is_wrong_with_it(open_page: Page, ranked: Database) -> None:
    page = open_page("outreach.py", who="url", url="https://evil.example/in/ada")
    assert "has to be on linkedin.com" in page.error[0].value.replace("\\", "")
    page = open_page("outreach.py", who="url", url="de.linkedin.com/in/Ada-Example/?x=1")
    assert any("Ada Example" in one.value for one in page.text)
    page = about(open_page("outreach.py", who="url", url="linkedin.com/in/somebody-else"))
    assert "nothing is known of this person but the address" in words(page)
    assert "run" in click(page, "Fill templates for 1 person").query_params
