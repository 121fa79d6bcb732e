from dataclasses import replace

import pytest
from sqlalchemy import text

from ranker.errors import ProspectRefused, SequenceRefused, UsageError
from ranker.outreach.approvals import approve, take_back
from ranker.outreach.compare import compare
from ranker.outreach.edits import edit
from ranker.outreach.sequence import Request, Usage, Written
from ranker.outreach.stored import begin, load_sequence
from ranker.outreach.tone import Tone
from ranker.store.reviews import review_lead
from ranker.store.suppression_list import add_many
from tests.outreach.sequences import MESSAGES, REQUEST, TEMPLATE, WRITTEN, prospect_of, write
from tests.store.ranked import World


@pytest.fixture
def prospect(world: World) -> int:
    return prospect_of(world.database, world.leads["Lead 0001"])


def count(world: World, table: str = "sequence") -> int:
    with world.database.session() as session:
        return session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_an_edit_is_a_new_version_and_the_old_one_stays_as_it_was(world: World, prospect: int) -> None:
    first = write(world.database, prospect)
    before = load_sequence(world.database, first)
    made = load_sequence(world.database, edit(world.database, first, {1: "Hello, our maps help sales teams."}, "you"))
    assert load_sequence(world.database, first) == before
    assert (made.parent_id, made.number, made.origin, made.edited, made.who) == (first, 2, "model", True, "you")
    assert (made.tone, made.preset, made.context, made.sources) == (
        before.tone,
        before.preset,
        before.context,
        before.sources,
    )
    assert (made.analysis, made.summary, made.model, made.wanted) == (before.analysis, before.summary, before.model, 2)
    assert (made.usage, made.run_id, made.approved, made.outdated) == (Usage(), None, False, False)
    assert (made.messages[0].content, made.messages[0].confidence) == ("Hello, our maps help sales teams.", None)
    assert made.messages[1] == MESSAGES[1]
    again = load_sequence(world.database, edit(world.database, first, {2: "And one more."}))
    assert (again.number, again.parent_id, again.messages[0]) == (3, first, MESSAGES[0])


def test_a_message_that_was_not_touched_stays_sign_for_sign(world: World, prospect: int) -> None:
    loose = replace(MESSAGES[1], content="  With room around it.\n", marks=())
    number = write(world.database, prospect, replace(WRITTEN, messages=(MESSAGES[0], loose)))
    made = load_sequence(world.database, edit(world.database, number, {1: "Hello, how are sales?"}))
    assert made.messages[1] == loose


def test_an_edit_of_a_template_or_a_fallback_stays_marked_as_one(world: World, prospect: int) -> None:
    fallback = replace(TEMPLATE, origin="fallback", reason="The model was out of order.")
    for written in (TEMPLATE, fallback):
        number = write(world.database, prospect, written)
        made = load_sequence(world.database, edit(world.database, number, {1: "Hello there, how is sales?"}))
        assert (made.origin, made.reason, made.edited) == (written.origin, written.reason, True)


@pytest.mark.parametrize(
    "typed", [{}, {1: MESSAGES[0].content}, {1: f"  {MESSAGES[0].content}\r\n", 2: MESSAGES[1].content}]
)
def test_without_a_change_there_is_no_new_version(world: World, prospect: int, typed: dict[int, str]) -> None:
    number = write(world.database, prospect)
    assert edit(world.database, number, typed) == number
    assert count(world) == 1


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({1: "la " * 100 + "."}, {1: "2 more than the 299"}),
        ({1: "la " * 99 + "la", 2: "la " * 166 + "la"}, {2: "1 more than the 499"}),
        ({1: " \n", 2: "..."}, {1: "Write something", 2: "Write something"}),
        ({2: "Dear [Name], hello."}, {2: "“[Name]”"}),
        ({1: "Hi {{first_name}}!", 2: "la " * 199 + "lala"}, {1: "{{first_name}}", 2: "102 more"}),
    ],
)
def test_what_cannot_be_kept_is_said_for_each_message_and_nothing_is_kept(
    world: World, prospect: int, typed: dict[int, str], wrong: dict[int, str]
) -> None:
    number = write(world.database, prospect)
    with pytest.raises(SequenceRefused) as refused:
        edit(world.database, number, typed)
    assert refused.value.steps.keys() == wrong.keys()
    for step, words in wrong.items():
        assert words in refused.value.steps[step]
        assert str(step) in refused.value.message
    assert (count(world), count(world, "sequence_message")) == (1, 2)


def test_only_what_is_complete_and_there_can_be_edited(world: World, prospect: int) -> None:
    failed = write(world.database, prospect, Written("failed", "model", reason="Out of order."))
    with world.database.write() as session:
        waiting = begin(session, [prospect], REQUEST)[prospect]
    for number in (failed, waiting):
        with pytest.raises(SequenceRefused, match="complete"):
            edit(world.database, number, {1: "Hello"})
        with pytest.raises(SequenceRefused, match="nothing to approve"):
            approve(world.database, number)
    complete = write(world.database, prospect)
    for number, typed in ((999, {1: "Hello"}), (complete, {3: "Hello"})):
        with pytest.raises(UsageError, match=r"no (sequence|message 3)"):
            edit(world.database, number, typed)


def test_signs_that_cannot_be_kept_are_left_out_and_lines_stay(world: World, prospect: int) -> None:
    number = write(world.database, prospect)
    made = edit(world.database, number, {1: "Hello\r\n\r\nmaps\x00 \ud800for \U0001f680 you\x1b"})
    assert load_sequence(world.database, made).messages[0].content == "Hello\n\nmaps for \U0001f680 you"


def test_one_of_a_prospect_is_approved_and_the_newest_click_counts(world: World, prospect: int) -> None:
    first, second = (write(world.database, prospect, TEMPLATE) for _ in range(2))
    other = write(world.database, prospect_of(world.database, world.leads["Lead 0002"]), TEMPLATE)
    approve(world.database, other, "them")
    found = approve(world.database, first, "me")
    assert (found.approved, found.approved_by) == (True, "me")
    assert approve(world.database, first, "somebody later") == found
    assert approve(world.database, second, "").approved
    assert [load_sequence(world.database, one).approved for one in (first, second, other)] == [False, True, True]
    assert not take_back(world.database, second).approved
    assert not take_back(world.database, first).approved
    assert load_sequence(world.database, other).approved_by == "them"


def test_marked_words_have_to_be_seen_before_they_are_approved(world: World, prospect: int) -> None:
    number = write(world.database, prospect)
    with pytest.raises(SequenceRefused, match="“Acme”") as refused:
        approve(world.database, number, "me")
    assert refused.value.steps.keys() == {2}
    assert not load_sequence(world.database, number).approved
    assert approve(world.database, number, "me", despite_marks=True).approved


def test_an_edit_is_not_approved_by_the_approval_of_the_one_before(world: World, prospect: int) -> None:
    first = write(world.database, prospect, TEMPLATE)
    approve(world.database, first, "me")
    second = edit(world.database, first, {1: "Hello, how is sales?"})
    assert not load_sequence(world.database, second).approved
    assert load_sequence(world.database, first).approved


def test_nothing_is_approved_for_who_must_not_be_contacted_any_more(world: World, prospect: int) -> None:
    lead = world.leads["Lead 0001"]
    number = write(world.database, prospect, TEMPLATE)
    review_lead(world.database, lead, "out", "left")
    with pytest.raises(ProspectRefused, match="not to be contacted"):
        approve(world.database, number)
    review_lead(world.database, lead, "none", "")
    add_many(world.database, [("email", "one@alpha.example")])
    with pytest.raises(ProspectRefused, match="do-not-contact"):
        approve(world.database, number)


def test_two_sequences_are_compared_message_by_message(world: World, prospect: int) -> None:
    first = write(world.database, prospect)
    formal = Request(Tone(0.9, 0.6, 0.9), "We sell globes.", 1)
    second = write(
        world.database,
        prospect,
        replace(WRITTEN, messages=(replace(MESSAGES[0], content="Hello, may I send you our maps?"),)),
        formal,
    )
    found = compare(world.database, first, second)
    assert [(one.name, one.same) for one in found.dials] == [
        ("formality", False),
        ("warmth", True),
        ("directness", True),
    ]
    one, two = found.pairs
    assert "".join(piece.text for piece in one.left_pieces) == MESSAGES[0].content
    assert [piece.text for piece in one.right_pieces if piece.changed] == ["send"]
    assert one.lengths == (31, 31, 299)
    assert (two.right, two.right_pieces, two.lengths) == (None, (), (len(MESSAGES[1].content), 0, 499))
    assert not any(piece.changed for piece in two.left_pieces)
    assert (found.context_differs, found.known_differs, one.same) == (True, False, False)
    assert all(pair.same for pair in compare(world.database, first, first).pairs)
    other = write(world.database, prospect_of(world.database, world.leads["Lead 0002"]))
    with pytest.raises(UsageError, match="different people"):
        compare(world.database, first, other)


def test_an_edit_is_looked_at_for_what_nobody_told_us(world: World, prospect: int) -> None:
    first = write(world.database, prospect, TEMPLATE)
    invents = edit(
        world.database, first, {1: "Hello, how is your work at Zorbian Industries since you raised $40 million?"}
    )
    marks = {mark.text for mark in load_sequence(world.database, invents).messages[0].marks}
    assert any("Zorbian" in mark for mark in marks)
    assert any("40" in mark for mark in marks)
    with pytest.raises(SequenceRefused, match="Zorbian"):
        approve(world.database, invents)
    mended = edit(world.database, invents, {1: "Hello, how are sales at Alpha? We sell maps to sales teams."})
    assert load_sequence(world.database, mended).messages[0].marks == ()
