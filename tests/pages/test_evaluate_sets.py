"""Labelled sets on the page: from nothing to a set, the draft's address, bad labels, deletion."""

from __future__ import annotations

import pytest

from ranker.evaluation.set_list import get_set, list_drafts, list_sets
from ranker.evaluation.set_sample import add_sample_set
from ranker.evaluation.set_upload import save_draft, stage_set
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.store.reviews import review_lead
from tests.pages.opening import click, open_at, words

PAGE = "evaluate.py"
BAD = (
    b"Company,Title,Expected rank\nAlpha,CEO,1\nAlpha,CFO,-\nAlpha,COO,-\nAlpha,CTO,\nBeta,CEO,great\n,CEO,1\n"
    b"Beta,CFO,none\n"
)
pytestmark = pytest.mark.usefixtures("database")


def means(page, written):
    found = [one for one in page.segmented_control if one.label.startswith(f"“{written}”")]
    assert found, [one.label for one in page.segmented_control]
    return found[0]


def test_a_first_visit_offers_a_file_and_the_sample_and_one_click_gives_a_set(database):
    page = open_at(PAGE)
    assert [button.label for button in page.button] == ["Try it with labelled sample leads"]
    assert len(page.file_uploader) == 1
    page = click(page, "Try it with labelled")
    [one] = list_sets(database)
    assert page.query_params["set"] == str(one.id)
    assert "**1,769 leads**" in words(page)
    assert not page.exception


def test_an_upload_is_kept_at_once_and_a_refresh_and_a_second_tab_go_on_with_it(database):
    page = open_at(PAGE)
    page.file_uploader[0].upload("bad labels.csv", BAD, "text/csv").run()
    [draft] = list_drafts(database)
    assert page.query_params["draft"] == str(draft.id)
    page = open_at(PAGE, draft=draft.id)
    means(page, "-").set_value("none").run()
    second = open_at(PAGE, draft=draft.id)
    assert means(second, "-").value == "none"
    assert means(second, "blank").value is None
    assert "not saved yet" in " ".join(link.label for link in open_at(PAGE).get("page_link"))


def test_nothing_can_be_saved_before_unclear_labels_are_settled_and_every_row_is_accounted_for(database):
    page = open_at(PAGE, draft=stage_set(database, "bad labels.csv", BAD).id)
    kinds = page.dataframe[0].value
    assert dict(zip(kinds["Written as"], kinds["Rows"], strict=True)) == {
        "1, 2, 3, …": 2, "none": 1, "-": 2, "blank": 1, "great": 1
    }  # fmt: skip
    [save] = [button for button in page.button if button.label.startswith("Save")]
    assert save.disabled
    assert "First say above what “-”, “blank” means" in words(page)
    means(page, "-").set_value("none").run()
    means(page, "blank").set_value("skip").run()
    assert (
        "**7 rows** = 4 labelled leads + 3 left out: 1 that nobody has judged, 1 with a label that can't be used, "
        "1 without a company" in words(page)
    )
    left = page.dataframe[1].value
    assert list(left["Row"]) == [5, 6, 7]
    click(page, "Save 4 labelled leads")
    assert not page.exception
    [one] = list_sets(database)
    assert (one.leads, one.not_relevant, one.name) == (4, 3, "bad labels")
    assert page.query_params["set"] == str(one.id)
    assert "3 rows of 7 left out" in words(page)


def test_the_same_set_again_is_said_before_it_is_saved_and_opened(database):
    data = b"Company,Title,Expected rank\nAlpha,CEO,1\nAlpha,CFO,none\n"
    first = save_draft(database, stage_set(database, "a.csv", data).id, "The *first*")
    page = open_at(PAGE, draft=stage_set(database, "b.csv", data).id)
    assert "saved already, as “The \\*first\\*”" in words(page)
    click(page, "Open that set")
    assert page.query_params["set"] == str(first.id)
    assert len(list_sets(database)) == 1


def test_a_missing_column_is_chosen_on_the_page(database):
    page = open_at(PAGE, draft=stage_set(database, "x.csv", b"Account,Role,Verdict\nAlpha,CEO,1\n").id)
    assert "Which column holds the label?" in words(page)
    assert not any(button.label.startswith("Save") for button in page.button)
    [field] = [box for box in page.selectbox if box.label == "Label (needed)"]
    field.set_value(2).run()
    assert any(button.label == "Save 1 labelled lead" for button in page.button)


def test_an_upload_that_is_gone_says_so_with_a_way_on(database):
    draft = stage_set(database, "bad labels.csv", BAD)
    click(open_at(PAGE, draft=draft.id), "Throw this upload away")
    assert list_drafts(database) == []
    page = open_at(PAGE, draft=draft.id)
    assert "not here any more" in page.error[0].value
    page = click(page, "Choose another file")
    assert "draft" not in page.query_params


def test_the_set_of_the_address_is_shown_renamed_and_deleted_after_a_yes(database):
    sample = add_sample_set(database).id
    other = save_draft(database, stage_set(database, "a.csv", b"Company,Title,Expected rank\nAlpha,CEO,1\n").id).id
    assert "**1 lead**" in words(open_at(PAGE))
    page = open_at(PAGE, set=sample)
    assert "**1,769 leads**" in words(page)
    page.text_input(key=f"evaluate_name-{sample}-Sample leads").set_value("Ours").run()
    click(page, "Rename")
    assert get_set(database, sample).name == "Ours"
    page = open_at(PAGE, set=sample)
    assert [button.disabled for button in page.button if button.label == "Delete this set"] == [True]
    page.checkbox(key=f"evaluate_sure-{sample}").check().run()
    click(page, "Delete this set")
    assert [one.id for one in list_sets(database)] == [other]
    page = open_at(PAGE, set=sample)
    assert "not here any more; the newest one" in words(page)
    assert page.query_params["set"] == str(other)
    assert "No company here has two leads with different labels" in words(page)


def test_overrules_become_a_set_that_says_what_it_can_measure(database):
    rows = "Company,Title,Name\n" + "".join(f"Alpha,VP Sales {at},Lead {at:04d}\n" for at in range(1, 5))
    commit(database, stage_file(database, "x.csv", rows.encode()).id)
    for lead, verdict in ((1, "in"), (2, "out"), (3, "in"), (3, "none")):
        review_lead(database, lead, verdict)
    page = open_at(PAGE)
    assert "2 leads at 1 company, 1 in, 1 out" in words(page)
    assert "1 company has both, which gives 1 pair to compare" in words(page)
    click(page, "Make a set from your overrules")
    [one] = list_sets(database)
    assert (one.leads, one.source, one.ordered) == (2, "reviews", False)
    said = words(page)
    assert "says who is to be contacted, and not who comes first" in said
    assert "hard cases" in said
    assert "All of them are in a set already" not in said  # nothing of it is read while it is closed
    page.session_state["evaluate_add"] = True
    assert "All of them are in a set already" in words(page.run())


def test_the_labels_can_be_looked_at(database):
    sample = add_sample_set(database).id
    page = open_at(PAGE, set=sample)
    assert len(page.dataframe) == 0
    [opened] = [one for one in page.expander if one.label.startswith("Look at the labels")]
    page.session_state[f"evaluate_look-{sample}"] = True
    page.run()
    assert not page.exception
    assert len(page.dataframe[0].value) == get_set(database, sample).companies
    assert opened.label


def test_many_forgotten_uploads_do_not_fill_the_page(database):
    for at in range(8):
        stage_set(database, f"{at}.csv", b"Company,Title,Expected rank\nAlpha,CEO,-\n")
    assert len([link for link in open_at(PAGE).get("page_link") if "not saved yet" in link.label]) == 5
