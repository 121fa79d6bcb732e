"""Drafts and versions: nothing typed is lost, two windows never overwrite each other, no version ever changes."""

import pytest

from ranker.errors import PersonaMoved, PersonaUnreadable, UsageError
from ranker.personas.catalog import is_archived, list_personas, list_versions, live_version, seed_personas
from ranker.personas.drafts import (
    discard,
    fork,
    get_draft,
    keep,
    list_drafts,
    moved_on,
    save,
    set_name,
    start_draft,
    start_new,
    undo,
)
from ranker.personas.starting import blank, examples, file_name, from_file, suggested_name
from ranker.personas.version import persona_hash
from ranker.personas.versions import add_version, archive, make_live, unarchive
from tests.store.databases import KINDS, fresh

TEXT = "# Buyers\n\n## Targets\n- CEO: 5/5\n- CFO: 3/5\n"


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as opened:
        yield opened


def test_a_draft_is_kept_as_it_is_typed_and_each_change_can_be_taken_back(database):
    base = add_version(database, "Buyers", TEXT)
    draft = start_draft(database, base.id, "A person")
    first = keep(database, draft.id, 0, TEXT.replace("3/5", "4/5"))
    second = keep(database, draft.id, first.revision, first.content + "- COO\r\n")
    assert get_draft(database, draft.id) == second
    assert [one.id for one in list_drafts(database, base.persona_id)] == [draft.id]
    back = undo(database, draft.id, second.revision)
    assert back.content == first.content
    assert undo(database, draft.id, back.revision).content == TEXT
    assert undo(database, draft.id, back.revision + 1).content == TEXT
    assert live_version(database, base.persona_id).content == TEXT


def test_a_window_that_shows_an_older_state_of_a_draft_overwrites_nothing(database):
    draft = start_draft(database, add_version(database, "Buyers", TEXT).id)
    keep(database, draft.id, 0, TEXT + "- COO\n")
    for late in (lambda: keep(database, draft.id, 0, TEXT + "- CTO\n"), lambda: undo(database, draft.id, 0)):
        with pytest.raises(PersonaMoved, match="another window"):
            late()
    with pytest.raises(PersonaMoved):
        save(database, draft.id, 0)
    own = fork(database, draft.id, TEXT + "- CTO\n")
    assert {one.content for one in list_drafts(database, draft.persona_id)} == {TEXT + "- COO\n", TEXT + "- CTO\n"}
    assert own.base_id == draft.base_id


def test_saving_makes_the_next_version_with_its_parent_and_leaves_the_one_in_use(database):
    base = add_version(database, "Buyers", TEXT)
    draft = start_draft(database, base.id)
    draft = keep(database, draft.id, 0, TEXT.replace("3/5", "4/5"))
    saved = save(database, draft.id, draft.revision, note="More finance", who="A person")
    assert (saved.version, saved.parent_id, saved.note, saved.who, saved.live) == (
        2,
        base.id,
        "More finance",
        "A person",
        False,
    )
    assert saved.created_at
    assert saved.hash == persona_hash(draft.content)
    assert live_version(database, base.persona_id).id == base.id
    with pytest.raises(UsageError, match="saved or thrown away"):
        get_draft(database, draft.id)
    make_live(database, saved.id)
    assert live_version(database, base.persona_id).id == saved.id
    make_live(database, base.id)  # going back is the same click
    assert [(one.version, one.live, one.content) for one in list_versions(database, base.persona_id)] == [
        (2, False, draft.content),
        (1, True, TEXT),
    ]


def test_saving_on_top_of_a_version_that_is_no_longer_the_newest_offers_both(database):
    base = add_version(database, "Buyers", TEXT)
    mine, theirs = start_draft(database, base.id), start_draft(database, base.id)
    mine = keep(database, mine.id, 0, TEXT + "- COO\n")
    theirs = keep(database, theirs.id, 0, TEXT + "- CTO\n")
    assert moved_on(database, mine) is None
    second = save(database, theirs.id, theirs.revision)
    assert moved_on(database, mine) == second
    with pytest.raises(PersonaMoved, match="Version 2 was saved in the meantime"):
        save(database, mine.id, mine.revision)
    assert get_draft(database, mine.id).content == TEXT + "- COO\n"
    third = save(database, mine.id, mine.revision, beside=True)
    assert (third.version, third.parent_id) == (3, base.id)
    assert [one.content for one in list_versions(database, base.persona_id)] == [third.content, second.content, TEXT]


def test_an_older_version_can_be_worked_on_without_a_warning(database):
    base = add_version(database, "Buyers", TEXT)
    add_version(database, "Buyers", TEXT + "- CTO\n")
    draft = start_draft(database, base.id)
    assert moved_on(database, draft) is None
    draft = keep(database, draft.id, 0, TEXT + "- COO\n")
    assert save(database, draft.id, draft.revision).version == 3


def test_what_can_not_be_used_or_is_there_already_is_not_saved_and_the_draft_stays(database):
    base = add_version(database, "Buyers", TEXT)
    draft = start_draft(database, base.id)
    with pytest.raises(UsageError, match="text of version 1"):
        save(database, draft.id, 0)
    draft = keep(database, draft.id, 0, "Nobody at all.")
    with pytest.raises(PersonaUnreadable):
        save(database, draft.id, draft.revision)
    with pytest.raises(UsageError, match="needs a plain text"):
        keep(database, draft.id, draft.revision, "  ")
    assert get_draft(database, draft.id).content == "Nobody at all."
    discard(database, draft.id)
    assert list_drafts(database, base.persona_id) == []
    other = start_draft(database, base.id)
    assert other.id != draft.id
    with pytest.raises(UsageError, match="saved or thrown away"):
        keep(database, draft.id, 0, TEXT)  # a window that does not know yet


def test_a_new_persona_is_a_draft_until_it_is_saved_and_in_use_then(database):
    add_version(database, "Buyers", TEXT)
    draft = start_new(database, "Buyers", blank("Others"))
    assert [one.id for one in list_drafts(database, None)] == [draft.id]
    assert [one.name for one in list_personas(database)] == ["Buyers"]
    with pytest.raises(UsageError, match="already"):
        save(database, draft.id, 0)
    set_name(database, draft.id, "  Other   buyers ")
    saved = save(database, draft.id, 0)
    assert (saved.name, saved.version, saved.live, saved.parent_id) == ("Other buyers", 1, True, None)
    assert [one.name for one in list_personas(database)] == ["Buyers", "Other buyers"]


def test_an_archived_persona_is_not_offered_keeps_its_versions_and_comes_back(database):
    one, other = add_version(database, "One", TEXT), add_version(database, "Other", TEXT)
    archive(database, one.persona_id)
    assert [found.name for found in list_personas(database)] == ["Other"]
    assert [found.name for found in list_personas(database, archived=True)] == ["One"]
    assert is_archived(database, one.persona_id)
    assert live_version(database, one.persona_id) == one
    with pytest.raises(UsageError, match="last persona"):
        archive(database, other.persona_id)
    unarchive(database, one.persona_id)
    assert [found.name for found in list_personas(database)] == ["One", "Other"]


def test_an_archived_example_does_not_come_back_by_itself(database):
    seed_personas(database)
    gone = list_personas(database)[0]
    archive(database, gone.id)
    assert seed_personas(database) == 0
    assert gone.id not in [one.id for one in list_personas(database)]


def test_a_file_goes_out_and_comes_in_to_the_byte(database):
    text = "# Käufer\r\n\r\n## Targets\r\n- CEO\n"
    version = add_version(database, "Käufer & Co", text)
    assert file_name(version.name, version.version) == "käufer-co-v1.md"
    assert from_file("x.md", version.content.encode()) == text
    assert from_file("x.md", b"\xef\xbb\xbf" + text.encode()) == text
    assert suggested_name(text) == "Käufer"
    assert suggested_name("nothing") == ""
    for data in (b"\xff\xfe\x00", b"%PDF\x00", b"a" * 1_000_000):
        with pytest.raises(PersonaUnreadable, match=r"x\.md"):
            from_file("x.md", data)
    assert [one.text for one in examples()]


def test_a_version_is_refused_without_a_name_or_a_text(database):
    with pytest.raises(UsageError, match="name"):
        add_version(database, " ", TEXT)
    with pytest.raises(UsageError, match="text"):
        add_version(database, "Buyers", " ")
    assert add_version(database, "Buyers", TEXT) == add_version(database, "Buyers", TEXT, note="again")
