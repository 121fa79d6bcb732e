"""The Settings page: what is set up, and the do-not-contact list edited in place."""

from __future__ import annotations

from functools import partial

from ranker.ingest.sample import import_sample
from ranker.jobs.alive import workers
from ranker.jobs.slots import Slots
from ranker.store.suppression_list import add_many, held_leads, page_entries
from tests.pages.opening import open_at, words

opened = partial(open_at, "settings.py")


def test_an_empty_list_says_so_and_nothing_on_the_page_is_dead(database):
    page = opened()
    told = words(page)
    assert "Nobody is on the list yet." in told
    assert "Embedded file" in told
    assert "Nobody takes imports and rankings" in told  # no worker in this process
    assert "DATABASE_URL" in told
    labels = ["Add", "Check this installation", "Save", "Test it", "Make a backup now"]
    assert [button.label for button in page.button] == labels


def test_one_is_added_and_the_leads_held_are_counted(database):
    import_sample(database)
    page = opened()
    page.text_input[0].set_value("Skylatch")
    page.text_input[1].set_value("asked us")
    page.button[0].click().run()
    assert not page.exception
    held = held_leads(database)
    assert held > 0
    assert page.success[0].value == f"1 entry added, {held} leads held back."
    frame = page.dataframe[0].value
    assert list(frame["Who"]) == ["Skylatch"]
    assert list(frame["Kind"]) == ["Company"]
    assert list(frame["Holds"]) == [f"{held} leads"]
    assert list(frame["Why"]) == ["asked us"]


def test_what_names_nobody_is_refused_in_words_and_nothing_is_kept(database):
    page = opened()
    page.button[0].click().run()
    assert "Write whom not to contact" in page.error[0].value
    assert page_entries(database).total == 0


def test_many_are_previewed_before_they_are_added(database):
    page = opened()
    page.text_area[0].set_value("one@x.example\nx.example\nAñil Robotics\n--").run()
    told = words(page)
    assert "Found: **1 email, 1 domain, 1 company**." in told
    assert "The first is row 4" in told
    assert page_entries(database).total == 0
    next(button for button in page.button if button.label == "Add 3 entries").click().run()
    assert page_entries(database).total == 3
    assert page.text_area[0].value == ""


def test_a_list_is_uploaded_as_csv(database):
    page = opened()
    page.file_uploader[0].upload("optouts.csv", b"Email,Company\none@x.example,Big Co\n,Big Co\n", "text/csv")
    page.run()
    assert not page.exception
    assert "Found: **1 email, 1 company**." in words(page)


def test_a_search_is_over_the_whole_list_and_stands_in_the_address(database):
    add_many(database, [("email", f"p{at:03}@x.example") for at in range(70)])
    page = opened(q="p06")
    assert len(page.dataframe[0].value) == 10
    assert "10 of 70 entries" in words(page)
    assert len(opened(page=2).dataframe[0].value) == 20


def test_a_worker_is_seen_while_its_process_holds_a_slot(database):
    assert workers(database) == 0
    slots = Slots(database)
    assert slots.hold(3)
    assert workers(database) == 1
    slots.free(3)
    assert workers(database) == 0
