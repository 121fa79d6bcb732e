"""Versions of prompts: the files come first, a person chooses, and a newer ranker overrules nobody."""

import json
import threading

import pytest
from sqlalchemy import text

from ranker.errors import TemplateRefused, UsageError
from ranker.scoring.llm.templates import load_prompt, prompts_of
from ranker.store.template_usage import TemplateUse, template_usage
from ranker.templates.catalog import get_template, get_version, list_templates, live_texts, text_by_hash, versions
from ranker.templates.shipped import FOLDER, follow_ranker, seed_templates, shipped_tasks, shipped_text
from ranker.templates.version import template_hash
from ranker.templates.versions import add_version, make_live

TEXT = shipped_text("qualify")
MINE = TEXT.replace("worth contacting", "worth a letter")


def qualify(database):
    return next(one for one in list_templates(database) if one.task == "qualify")


def live(database):
    with database.session() as session:
        return live_texts(session)["qualify"]


def release(tmp_path, content):
    """A folder of a ranker that comes with this text of ``qualify``."""
    folder = tmp_path / "release"
    folder.mkdir(exist_ok=True)
    (folder / "qualify.jinja").write_text(content, "utf-8")
    return folder


def test_every_file_is_the_live_first_version_of_its_task(database):
    assert [one.task for one in list_templates(database)] == shipped_tasks()
    assert {(one.live_version, one.versions, one.chosen_at) for one in list_templates(database)} == {(1, 1, "")}
    with database.session() as session:
        found = live_texts(session)
        assert {task: one.content for task, one in found.items()} == {
            path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.jinja")
        }
        assert {task: one.version for task, one in prompts_of(found).items()} == {
            task: load_prompt(task).version for task in found
        }
    assert seed_templates(database) == 0


def test_a_hash_names_a_version_as_variants_do(database):
    added = add_version(database, "qualify", MINE)
    assert added.hash == template_hash(MINE) != template_hash(TEXT)
    with database.session() as session:
        assert text_by_hash(session, "qualify", added.hash) == added
        assert text_by_hash(session, "qualify", template_hash(TEXT)).version == 1
        with pytest.raises(UsageError, match="not in this database"):
            text_by_hash(session, "rank", added.hash)


def test_a_new_version_knows_its_parent_and_is_not_in_use(database):
    first = live(database)
    added = add_version(database, "qualify", MINE, parent_id=first.id, note=" shorter ", who=" Ada ")
    assert (added.version, added.parent_id, added.note, added.who, added.live) == (2, first.id, "shorter", "Ada", False)
    assert live(database) == first
    assert [one.version for one in versions(database, first.template_id)] == [2, 1]
    assert get_version(database, added.id) == added


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_the_same_text_is_no_new_version_whatever_its_line_ends(database, ends):
    again = add_version(database, "qualify", TEXT.replace("\n", ends), note="the same", who="Ada")
    assert again == live(database)
    assert qualify(database).versions == 1


def test_going_live_and_going_back_are_written_down_with_who_did_it(database):
    added = add_version(database, "qualify", MINE)
    assert make_live(database, added.id, "Ada").live
    assert live(database).version == 2
    assert qualify(database).chosen_by == "Ada"
    make_live(database, versions(database, added.template_id)[-1].id, "Grace")
    assert (live(database).version, qualify(database).chosen_by) == (1, "Grace")
    assert qualify(database).chosen_at
    assert sum(one.live for one in versions(database, added.template_id)) == 1


def test_a_newer_ranker_s_text_is_in_use_where_nobody_chose(database, tmp_path):
    add_version(database, "qualify", MINE)
    assert seed_templates(database, release(tmp_path, TEXT + "Be brief.\n")) == 1
    assert (live(database).version, live(database).content) == (3, TEXT + "Be brief.\n")
    assert seed_templates(database, release(tmp_path, TEXT)) == 0  # the older ranker again
    assert live(database).version == 1


def test_a_newer_ranker_s_text_waits_where_a_person_chose(database, tmp_path):
    mine = add_version(database, "qualify", MINE)
    make_live(database, mine.id, "Ada")
    assert seed_templates(database, release(tmp_path, TEXT + "Be brief.\n")) == 1
    assert live(database).version == 2
    assert versions(database, mine.template_id)[0].version == 3
    assert seed_templates(database, release(tmp_path, TEXT + "Be brief.\n")) == 0


def test_going_back_to_the_first_version_is_a_choice_too(database, tmp_path):
    make_live(database, live(database).id, "Ada")
    seed_templates(database, release(tmp_path, TEXT + "Be brief.\n"))
    assert live(database).version == 1


def test_a_choice_can_be_taken_back(database, tmp_path):
    make_live(database, add_version(database, "qualify", MINE).id, "Ada")
    follow_ranker(database, "qualify")
    assert (live(database).version, qualify(database).chosen_at, qualify(database).chosen_by) == (1, "", "")
    seed_templates(database, release(tmp_path, TEXT + "Be brief.\n"))
    assert live(database).version == 3


def test_a_task_that_a_newer_ranker_has_is_added(database, tmp_path):
    folder = release(tmp_path, TEXT)
    (folder / "outreach.jinja").write_text("{{ persona }}\n=== user ===\n", "utf-8")
    assert seed_templates(database, folder) == 1
    assert [one.task for one in list_templates(database)] == sorted([*shipped_tasks(), "outreach"])


@pytest.mark.parametrize(
    ("task", "content", "said", "kind"),
    [
        ("nothing", TEXT, "no prompt “nothing”", UsageError),
        ("qualify", " \n", "There is no text", TemplateRefused),
        ("qualify", "x" * 50_001, "at most", TemplateRefused),
        ("qualify", TEXT.replace("{{ persona }}", ""), "“persona” is missing", TemplateRefused),
    ],
)
def test_what_can_t_be_kept_is_refused_in_words(database, task, content, said, kind):
    with pytest.raises(kind, match=said):
        add_version(database, task, content)
    assert qualify(database).versions == 1


def test_numbers_that_are_none_are_answered_in_words(database):
    with pytest.raises(UsageError, match="no version 999"):
        get_version(database, 999)
    with pytest.raises(UsageError, match="no version 999"):
        make_live(database, 999)
    with pytest.raises(UsageError, match="no prompt template 999"):
        get_template(database, 999)


def test_two_writers_of_the_same_task_get_two_numbers(database):
    threads = [
        threading.Thread(target=lambda at=at: add_version(database, "qualify", f"{TEXT}{at}\n")) for at in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.version for one in versions(database, qualify(database).id)] == [7, 6, 5, 4, 3, 2, 1]


def test_a_version_knows_the_runs_that_used_it(database):
    digest = template_hash(TEXT)
    with database.write() as session:
        connection = session.connection()
        for number, settings in enumerate(
            [
                {"templates": {"qualify": digest, "rank": "r1"}},
                {"templates": {"qualify": digest}},
                {"strategy": "rules"},
            ]
        ):
            connection.execute(
                text("INSERT INTO variant (id, hash, settings) VALUES (:id, :hash, :settings)"),
                {"id": number + 1, "hash": f"v{number}", "settings": json.dumps(settings)},
            )
        for number, (variant, state) in enumerate([(1, "done"), (2, "done"), (1, "failed"), (3, "done"), (1, "done")]):
            connection.execute(
                text("INSERT INTO run (id, state, variant_id, ended_at) VALUES (:id, :state, :variant, :at)"),
                {"id": number + 1, "state": state, "variant": variant, "at": f"2026-01-0{number + 1}T00:00:00Z"},
            )
    assert template_usage(database) == {
        ("qualify", digest): TemplateUse(3, 5, "2026-01-05T00:00:00Z"),
        ("rank", "r1"): TemplateUse(2, 5, "2026-01-05T00:00:00Z"),
    }
