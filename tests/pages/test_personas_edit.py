"""Making, changing and putting to use a persona in the app: from an example to the version that Rank uses."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ranker.ingest.sample import import_sample
from ranker.personas.catalog import list_personas, list_versions, live_version, seed_personas
from ranker.personas.drafts import get_draft, keep, list_drafts, save, start_draft
from ranker.personas.starting import SKELETON
from ranker.personas.versions import archive
from ranker.scoring.persona_preview import preview
from ranker.scoring.variants import engine_of, engine_of_variant
from ranker.store.run_queries import active_runs
from ranker.store.suppression_list import add_many


@pytest.fixture
def ready(database):
    seed_personas(database)
    return database


def persona_id(database) -> int:
    return next(one.id for one in list_personas(database) if "Ladderline" in one.name)


def words(page: AppTest) -> str:
    found = [*page.title, *page.markdown, *page.caption, *page.warning, *page.error, *page.success, *page.info]
    return "\n".join(item.value for item in found).replace("\\", "")


def text_of(page: AppTest) -> str:
    return next(one.value for one in page.text_area if str(one.key).startswith("personas_text-"))


def write(page: AppTest, text: str) -> AppTest:
    field = next(one for one in page.text_area if str(one.key).startswith("personas_text-"))
    return field.set_value(text).run()


def click(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def choice(rank):
    """The list of personas on the Rank page."""
    return next(one for one in rank.selectbox if one.label == "For which persona")


def test_an_example_is_changed_saved_previewed_made_live_and_used_by_rank(ready, open_page):
    import_sample(ready)
    page = open_page("personas.py", new=1)
    page.segmented_control(key="personas_way").set_value("example").run()
    page.radio(key="personas_example").set_value("Who buys from Ladderline").run()
    click(page, "personas_begin")
    assert "draft" in page.query_params
    click(page, "personas_save")
    mine = next(one for one in list_personas(ready) if one.name == "Who buys from Ladderline (copy)")
    click(page, "personas_edit")
    text = text_of(page)
    write(page, text.replace("| Sales Director | 5/5 |", "| Sales Director | 1/5 |"))
    assert "Sales Director at 51–200: 5/5 → 1/5" in words(page)
    click(page, "personas_save")
    told = words(page)
    assert "Saved as version 2. It is not in use yet." in told
    newest = list_versions(ready, mine.id)[0]
    shifts = preview(ready, engine_of(live_version(ready, mine.id)), engine_of(newest))
    went = len(shifts.of("out"))
    assert went > 1
    assert f"With this version 0 come in, {went} go out, {len(shifts.of('moved'))} move." in told
    assert "Compared with version 1" in told
    assert live_version(ready, mine.id).version == 1
    page.segmented_control(key="personas_shift").set_value("out").run()
    frame = page.dataframe[0].value
    assert list(frame["Title"])
    assert len(frame) == went
    assert all(one.startswith("✓ Contact, rank ") for one in frame["Now"])
    assert all(one.startswith("– Not contacted") for one in frame["Then"])
    assert any("'Sales Director · 1/5'" in one for one in frame["Why then"])
    add_many(ready, [("company", shifts.of("out")[0].company)], "Asked us not to write")
    page.run()
    assert f"{went} go out" not in words(page)  # today's leads are others now
    click(page, "personas_live")
    assert "Version 2 is in use now" in words(page)
    rank = open_page("rank.py", who="all")
    choice(rank).set_value(next(o for o in list_personas(ready) if o.id == mine.id)).run()
    next(one for one in rank.button if one.label.startswith("Rank ")).click().run()
    (run,) = active_runs(ready)
    with ready.session() as session:
        engine = engine_of_variant(session, run.variant_id)
    titles = {(one.bracket, one.title): one.priority for one in engine.persona.spec.targets}
    assert titles["Growing firms", "Sales Director"] == pytest.approx(0.2)


def test_what_is_typed_survives_a_refresh_and_another_window_takes_nothing_away(ready, open_page):
    base = live_version(ready, persona_id(ready))
    draft = start_draft(ready, base.id)
    page, other = open_page("personas.py", draft=draft.id), open_page("personas.py", draft=draft.id)
    mine = base.content.replace("Head of Growth | 3/5", "Head of Growth | 5/5")
    write(page, mine)
    assert text_of(open_page("personas.py", draft=draft.id)) == mine
    theirs = base.content.replace("Head of Growth | 3/5", "Head of Growth | 1/5")
    write(other, theirs)
    assert "changed in another window" in other.warning[0].value
    assert text_of(other) == theirs
    assert {one.content for one in list_drafts(ready, base.persona_id)} == {mine, theirs}


def test_a_version_saved_in_the_meantime_is_told_and_both_are_offered(ready, open_page):
    base = live_version(ready, persona_id(ready))
    mine, theirs = start_draft(ready, base.id), start_draft(ready, base.id)
    page = open_page("personas.py", draft=mine.id)
    write(page, base.content.replace("Head of Growth | 3/5", "Head of Growth | 5/5"))
    save(ready, theirs.id, keep(ready, theirs.id, 0, base.content + "\nOurs.\n").revision, who="A person")
    click(page, "personas_save")  # the page did not know yet
    assert "Version 2 was saved in the meantime" in page.error[0].value
    assert "Version 2 was saved by A person" in page.warning[0].value
    assert [one.label for one in page.button if "version 2" in one.label] == [
        "What version 2 changed",
        "Go on from version 2",
    ]
    assert page.button(key="personas_save").label == "Save mine beside it, as version 3"
    click(page, "personas_save")
    assert [one.version for one in list_versions(ready, base.persona_id)] == [3, 2, 1]


def test_the_amber_lines_the_form_and_the_trial_follow_the_text_that_is_not_saved(ready, open_page):
    base = live_version(ready, persona_id(ready))
    draft = start_draft(ready, base.id)
    page = open_page("personas.py", draft=draft.id, title="Sales Director", size="51-200")
    assert "First choice at 51–200 people" in words(page)
    text = base.content.replace("| Sales Director | 5/5 |", "| Sales Director | now and then |")
    write(page, text)
    line = text[: text.index("now and then")].count("\n") + 1
    assert f"Line {line} “| Sales Director" in words(page)
    assert "no priority could be read in 'now and then'" in page.warning[0].value
    assert "First choice" not in words(page)
    write(page, "Nobody in particular.")
    assert "names nobody to contact" in page.error[0].value
    click(page, "personas_save")
    assert "names nobody to contact" in page.error[0].value
    assert len(list_versions(ready, base.persona_id)) == 1
    click(page, "personas_undo")
    assert text_of(page) == text
    assert get_draft(ready, draft.id).content == text


def test_the_score_in_the_form_changes_the_text(ready, open_page):
    base = live_version(ready, persona_id(ready))
    page = open_page("personas.py", draft=start_draft(ready, base.id).id)
    page.segmented_control(key="personas_part").set_value("score").run()
    page.number_input[0].set_value(65.0).run()
    assert text_of(page) == base.content.replace("score 60 or more", "score 65 or more")
    assert "Contact from a score of: 60 → 65" in words(page)


def test_a_blank_and_a_pasted_persona_begin_as_drafts(ready, open_page):
    page = open_page("personas.py", new=1)
    page.text_input(key="personas_new_name").set_value("Ours").run()
    click(page, "personas_begin")
    assert text_of(page) == SKELETON.replace("{name}", "Ours")
    page = open_page("personas.py", new=1)
    page.segmented_control(key="personas_way").set_value("paste").run()
    click(page, "personas_begin")
    assert page.error[0].value == "Paste the text of a persona first."
    page.text_area(key="personas_paste").set_value("# Pasted\n\n## Targets\n- CEO: 5/5").run()
    click(page, "personas_begin")
    assert [one.name for one in list_drafts(ready, None)] == ["Pasted", "Ours"]
    assert {one.label for one in open_page("personas.py").button} >= {"Go on", "New persona"}


def test_several_titles_are_judged_at_once(ready, open_page):
    page = open_page("personas.py", persona=persona_id(ready), title="VP of Sales\nRecruiter", size="120")
    frame = next(one.value for one in page.dataframe if "Verdict" in one.value)
    assert list(frame["Title"]) == ["VP of Sales", "Recruiter"]
    assert list(frame["Verdict"]) == ["✓ Contact", "– Do not contact"]


def test_going_back_and_comparing_any_two_versions(ready, open_page):
    base = live_version(ready, persona_id(ready))
    for more in ("One.", "Two."):
        draft = start_draft(ready, base.id)
        save(ready, draft.id, keep(ready, draft.id, 0, f"{base.content}\n{more}\n").revision, beside=True)
    third, second, first = list_versions(ready, base.persona_id)
    page = click(open_page("personas.py", version=third.id), "personas_live")
    page = click(open_page("personas.py", version=first.id), "personas_live")
    assert live_version(ready, base.persona_id).id == first.id
    click(page, f"version_{third.id}")
    assert page.button(key="personas_live").label == "Make version 3 live"
    page = open_page("personas.py", version=third.id, **{"with": second.id})
    html = "".join(one.proto.body for one in page.get("html"))
    assert "Only the wording changes" in words(page)
    assert ">One.<" in html
    assert ">Two.<" in html


def test_an_archived_persona_is_not_offered_by_rank_and_comes_back(ready, open_page):
    import_sample(ready)
    gone = persona_id(ready)
    page = click(open_page("personas.py", persona=gone), "personas_archive")
    assert "Archive: 1 persona" in page.expander[0].label
    rank = open_page("rank.py", who="all")
    assert "Ladderline" not in "".join(choice(rank).options)
    click(page, f"back_{gone}")
    assert gone in [one.id for one in list_personas(ready)]
    for one in list_personas(ready)[1:]:
        archive(ready, one.id)
    page = click(open_page("personas.py", persona=list_personas(ready)[0].id), "personas_archive")
    assert "last persona" in page.error[0].value
