from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.outreach.stored import load_sequence
from ranker.outreach.tone import Tone
from ranker.store.engine import Database
from ranker.store.reviews import review_lead
from tests.pages.opening import click, open_at, words
from tests.pages.outreach_runs import ABOUT, LEADS, about, html, labels, written


def test_before_there_is_anybody_to_write_to_the_page_says_what_comes_first(
    open_page: Callable[..., AppTest], database: Database
) -> None:
    app = open_page("outreach.py")
    assert labels(app) == ["Import leads"]
    commit(database, stage_file(database, "leads.csv", LEADS.encode()).id)
    app = open_page("outreach.py")
    assert labels(app) == ["Rank them"]
    assert not app.exception


def test_from_the_best_of_each_company_to_templates_that_can_be_read(
    open_page: Callable[..., AppTest], ranked: Database, work: Callable[[], None]
) -> None:
    app = open_page("outreach.py", top=1)
    assert "**= 2 people at 2 companies**" in words(app)
    assert "5 leads = 2 chosen + 1 not relevant + 2 with a lower rank." in words(app)
    assert "not tried live" in words(app)
    assert next(button for button in app.button if button.key == "outreach_start").disabled, "nothing is said of us"
    app = click(about(app), "Fill templates for 2 people")
    run = int(app.query_params["run"])
    assert not app.exception
    assert "1 of 2" not in words(app)
    work()
    app = open_at("outreach.py", run=run)
    assert "2 sequences = 2 from templates." in words(app)
    assert "**A template, not written by a model.**" in words(app)
    assert "**1 of 2**" in words(app)
    assert html(app).count('class="bubble') == 3
    assert "of 299</span>" in html(app)
    first = app.subheader[0].value
    app = click(app, "Next")
    assert app.subheader[0].value != first
    assert "**2 of 2**" in words(app)
    assert app.text_area(key="outreach_about").value == ABOUT, "kept from the last time"


def test_a_tone_is_shown_in_words_and_can_be_kept_under_a_name(
    open_page: Callable[..., AppTest], ranked: Database
) -> None:
    app = open_page("outreach.py")
    assert "As “Balanced”." in words(app)
    app.slider(key="outreach_tone_formality").set_value(0.95).run()
    assert app.query_params["tone"] == "0.95,0.5,0.5"
    assert Tone(formality=0.95).words()["formality"] in words(app)
    assert "Not kept under a name." in words(app)
    app.text_input(key="outreach_keep").set_value("Board letters").run()
    app = click(app, "Keep")
    assert "As “Board letters”." in words(app)
    app.slider(key="outreach_tone_warmth").set_value(0.1).run()
    assert "Changed since “Board letters”: the change is not saved." in words(app)
    app = click(app, "Save the change")
    assert "As “Board letters”." in words(app)
    app.text_input(key="outreach_rename_Board letters").set_value("Letters").run()
    app = click(app, "Rename")
    assert "As “Letters”." in words(app)
    app.text_input(key="outreach_keep").set_value("Others").run()
    app = click(app, "Keep")
    named = [field.value for field in app.text_input if field.label == "Another name"]
    assert named == ["Others"], "the field for another name is of the preset that is chosen"
    app = click(app, "Delete “Others”")
    app = click(open_at("outreach.py", preset="Letters", tone="0.95,0.1,0.5"), "Delete “Letters”")
    assert "Not kept under a name." in words(app)
    assert app.slider(key="outreach_tone_warmth").value == 0.1, "the tone stays"
    assert open_at("outreach.py", preset="Consultant").slider(key="outreach_tone_formality").value == 0.65
    app.slider(key="outreach_tone_warmth").set_value(0.2).run()
    next(box for box in app.selectbox if box.label == "Copy from").set_value("Consultant").run()
    assert app.query_params["tone"] == "0.65,0.4,0.6"
    assert [slider.value for slider in app.slider] == [0.65, 0.4, 0.6]
    app = open_at("outreach.py", tone="7,x,0.2")
    assert app.slider(key="outreach_tone_formality").value == 1.0
    assert app.slider(key="outreach_tone_directness").value == 0.2


def test_whoever_has_a_sequence_is_left_out_and_can_be_written_to_again(
    open_page: Callable[..., AppTest], ranked: Database
) -> None:
    written(ranked)
    app = open_page("outreach.py")
    assert "5 leads = 0 chosen + 1 not relevant + 1 with a lower rank + 3 written to already." in words(app)
    app = click(app, "Write others for these 3")
    assert "**= 3 people at 2 companies**" in words(app)
    assert next(button for button in app.button if button.key == "outreach_start").label == (
        "Fill templates for 3 people"
    )


def test_of_several_runs_the_newest_is_read_first_and_any_other_can_be(
    open_page: Callable[..., AppTest], ranked: Database
) -> None:
    first, second = written(ranked), written(ranked, Tone(0.9, 0.5, 0.5))
    app = open_page("outreach.py")
    choice = next(box for box in app.selectbox if box.label == "What was written")
    assert choice.value == second
    assert len(set(choice.options)) == 2, "begun in the same minute for as many people: still two labels"
    assert choice.set_value(first).run().query_params["run"] == str(first)


def test_another_tone_for_one_person_stands_beside_the_first(
    open_page: Callable[..., AppTest], ranked: Database, work: Callable[[], None]
) -> None:
    run = written(ranked, Tone(0.1, 0.9, 0.5))
    app = open_page("outreach.py", run=run, tone="0.95,0.5,0.5")
    app = app.button(key="outreach_another").click().run()
    assert not app.exception
    work()
    app = app.run()
    assert "Formality: 0.10 and 0.95" in html(app)
    assert "Directness: the same" in html(app)
    new, old = (load_sequence(ranked, int(app.query_params[name])) for name in ("sequence", "beside"))
    assert (new.number, old.number) == (2, 1)
    assert new.prospect_id == old.prospect_id
    assert "**1 of 3**" in words(app), "it stays at its place in the list"


def test_one_lead_of_results_is_written_to_or_it_is_said_why_not(
    open_page: Callable[..., AppTest], ranked: Database
) -> None:
    app = open_page("outreach.py", lead=1)
    assert any("Ada Example" in one.value for one in app.text)
    assert "Fill templates for 1 person" in labels(about(app))
    app = open_page("outreach.py", lead=5)
    assert "is not to be contacted" in app.warning[0].value
    assert "Nobody to write to" in labels(app)
    app = open_page("outreach.py", lead=99)
    assert "There is no lead 99" in app.error[0].value


def test_what_was_written_is_read_where_nobody_is_to_be_contacted_any_more(
    open_page: Callable[..., AppTest], ranked: Database
) -> None:
    run = written(ranked)
    for lead in range(1, 5):
        review_lead(ranked, lead, "out", "", "me")
    app = open_page("outreach.py", run=run)
    assert html(app).count('class="bubble') == 2
    assert "Nobody to write to" in labels(app)
    assert "is not to be contacted" in app.error[0].value
    assert next(button for button in app.button if button.label == "Approve").disabled


def test_a_run_that_is_not_there_takes_nothing_away(open_page: Callable[..., AppTest], ranked: Database) -> None:
    written(ranked)
    app = open_page("outreach.py", run=99)
    assert "There is no run 99" in app.error[0].value
    assert html(app).count('class="bubble') == 2
