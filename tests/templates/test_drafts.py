"""Work on a prompt survives a refresh, notices another window, and becomes a version only if it passes the checks."""

import pytest

from ranker.errors import TemplateMoved, TemplateRefused, UsageError
from ranker.templates.catalog import get_template, list_templates, versions
from ranker.templates.drafts import discard, fork, get_draft, keep, list_drafts, save, start_draft
from ranker.templates.shipped import shipped_text

TEXT = shipped_text("qualify")


@pytest.fixture
def draft(database):
    one = next(one for one in list_templates(database) if one.task == "qualify")
    return start_draft(database, one.live_version_id, "Ada")


def test_a_draft_keeps_what_is_typed_right_or_wrong(database, draft):
    assert (draft.content, draft.revision, draft.task, draft.who) == (TEXT, 0, "qualify", "Ada")
    kept = keep(database, draft.id, 0, "{{ half")
    assert (kept.revision, get_draft(database, draft.id)) == (1, kept)
    assert keep(database, draft.id, 1, "{{ half") == kept
    assert list_drafts(database, draft.template_id) == [kept]


def test_another_window_is_noticed_and_nothing_is_overwritten(database, draft):
    keep(database, draft.id, 0, TEXT + "a")
    for late in (lambda: keep(database, draft.id, 0, TEXT + "b"), lambda: save(database, draft.id, 0)):
        with pytest.raises(TemplateMoved, match="another window"):
            late()
    assert get_draft(database, draft.id).content == TEXT + "a"


def test_what_was_typed_too_late_becomes_a_draft_of_its_own(database, draft):
    keep(database, draft.id, 0, TEXT + "a")
    own = fork(database, draft.id, TEXT + "b")
    assert (own.content, own.base_id, own.revision) == (TEXT + "b", draft.base_id, 0)
    assert {one.content for one in list_drafts(database, draft.template_id)} == {TEXT + "a", TEXT + "b"}


def test_a_saved_draft_is_a_version_with_its_parent_and_not_in_use(database, draft):
    keep(database, draft.id, 0, (TEXT + "Be brief.\n").replace("\n", "\r\n"))
    saved = save(database, draft.id, 1, note="Shorter.", who="Grace")
    assert (saved.version, saved.parent_id, saved.note, saved.who) == (2, draft.base_id, "Shorter.", "Grace")
    assert (saved.content, saved.live) == (TEXT + "Be brief.\n", False)
    assert get_template(database, draft.template_id).live_version == 1
    with pytest.raises(UsageError, match="saved or thrown away"):
        get_draft(database, draft.id)


def test_a_text_that_fails_a_check_stays_a_draft(database, draft):
    keep(database, draft.id, 0, TEXT.replace("{{ persona }}", "{{ person }}"))
    with pytest.raises(TemplateRefused, match="person"):
        save(database, draft.id, 1)
    assert get_draft(database, draft.id).revision == 1
    assert len(versions(database, draft.template_id)) == 1


def test_a_text_that_is_there_already_is_no_new_version(database, draft):
    with pytest.raises(UsageError, match="version 1, to the letter"):
        save(database, draft.id, 0)


def test_a_draft_can_be_thrown_away(database, draft):
    discard(database, draft.id)
    assert list_drafts(database, draft.template_id) == []


@pytest.mark.parametrize("content", ["x" * 50_001, "a\x00b"])
def test_what_can_t_be_kept_is_refused(database, draft, content):
    with pytest.raises(UsageError, match="at most 50,000"):
        keep(database, draft.id, 0, content)
