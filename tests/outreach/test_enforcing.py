"""Whatever a model says, the number is exact, lengths hold, no placeholder passes, or the sequence has failed."""

from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from ranker.outreach.drafts import reader
from ranker.outreach.enforcing import Grounds, settle
from ranker.outreach.facts import sayable
from ranker.outreach.placeholders import placeholders
from ranker.outreach.sequence import Analysis, longest
from ranker.outreach.writing import ROUNDS
from tests.llm.fake_answers import rows_between
from tests.llm.fake_server import FakeServer
from tests.outreach.one import steps_asked, user, write
from tests.outreach.writers import asked_for, person


def test_what_is_missing_is_asked_for_and_what_stays_is_shown(database):
    with FakeServer(script=["ok", "too_few"]) as server:
        found, _ = write(database, server)
    assert (found.state, found.asked_again, len(found.messages)) == ("complete", 1, 3)
    assert steps_asked(server) == ["1, 2, 3", "3"]
    assert [row["step"] for row in rows_between(user(server), "kept")] == [1, 2]
    assert [row["wrong"] for row in rows_between(user(server), "wrong")] == ["Message 3 was missing or empty."]


def test_too_many_are_asked_for_again_once_and_then_left_out(database):
    with FakeServer(script=["ok", "too_many"]) as server:
        found, _ = write(database, server)
    assert (found.state, found.asked_again, len(found.messages)) == ("complete", 1, 3)
    assert "There were 4 messages; exactly 3 are wanted." in user(server)
    with FakeServer(script=["ok"], always="too_many") as server:
        found, _ = write(database, server, person(2))
    assert (found.state, found.asked_again, len(found.messages)) == ("complete", 1, 3)


def test_exactly_the_messages_that_are_too_long_are_asked_for_again_and_in_the_end_cut(database):
    with FakeServer(script=["ok", "long_message"]) as server:
        found, _ = write(database, server)
    assert steps_asked(server) == ["1, 2, 3", "3"]
    assert not any(message.cut for message in found.messages)
    with FakeServer(script=["ok"], always="long_message") as server:
        found, spent = write(database, server, person(2), scope="two")
    assert steps_asked(server) == ["1, 2, 3", *["3"] * (ROUNDS - 1)]
    assert [message.cut for message in found.messages] == [False, False, True]
    assert found.messages[2].content.endswith(".")
    assert len(found.messages[2].content) <= longest(3)
    assert (found.asked_again, found.usage.calls, spent.calls) == (ROUNDS - 1, ROUNDS + 1, ROUNDS + 1)


def test_a_placeholder_never_passes(database):
    with FakeServer(script=["ok", "placeholder"]) as server:
        found, _ = write(database, server)
    assert (found.state, found.asked_again) == ("complete", 1)
    assert "[Your Name]" in user(server)
    with FakeServer(script=["ok"], always="placeholder") as server:
        found, _ = write(database, server, person(2))
    assert found.state == "complete"
    assert not any(placeholders(message.content) for message in found.messages)


def test_what_is_invented_is_named_and_asked_for_again_once_then_marked(database):
    with FakeServer(script=["ok", "invents"]) as server:
        found, _ = write(database, server)
    assert (found.state, found.asked_again) == ("complete", 1)
    assert not any(message.marks for message in found.messages)
    assert steps_asked(server) == ["1, 2, 3", "1"]
    wrong = rows_between(user(server), "wrong")[0]["wrong"]
    assert "Zyxo" in wrong
    assert "$40 million" in wrong
    with FakeServer(script=["ok"], always="invents") as server:
        found, _ = write(database, server, person(2))
    assert (found.state, found.asked_again) == ("complete", 1)
    assert {mark.text for mark in found.messages[0].marks} >= {"Zyxo", "$40 million"}
    assert all(mark.text == found.messages[0].content[mark.start : mark.end] for mark in found.messages[0].marks)


def test_where_a_placeholder_is_all_there_is_the_sequence_has_failed():
    read = reader((1,))({"messages": [{"step": 1, "content": "Hi [Name]"}]})
    messages, reason = settle(read.by_step, 1, Grounds(sayable(person()), None))
    assert messages == ()
    assert "placeholder" in reason


def test_copies_and_blanks_are_asked_for_again_and_fail_where_they_stay(database):
    for fault, words in (("copies", "copy"), ("blank_message", "an answer of the wrong form")):
        with FakeServer(script=["ok", fault]) as server:
            found, _ = write(database, server)
        assert (found.state, found.asked_again) == ("complete", 1)
        with FakeServer(script=["ok"], always=fault) as server:
            found, _ = write(database, server, person(2))
        assert (found.state, found.messages) == ("failed", ())
        assert words in found.reason
        assert found.analysis is not None
        with FakeServer(script=["ok"], always=fault) as server:
            found, _ = write(database, server, person(3), asked_for(fallback=True))
        assert (found.state, found.origin, len(found.messages)) == ("complete", "fallback", 3)
        assert words in found.reason
        assert found.usage.calls == ROUNDS + 1


def test_a_copy_with_other_line_breaks_is_a_copy_in_the_end_too():
    said = "Hello, how do you save time?"
    items = [{"step": 1, "content": said}, {"step": 2, "content": said.replace(" how", "\nHow")}]
    messages, reason = settle(reader((1, 2))({"messages": items}).by_step, 2, Grounds(sayable(person()), None))
    assert messages == ()
    assert "copy" in reason


def test_a_confidence_that_is_none_is_clamped_or_left_out_and_costs_no_call(database):
    with FakeServer(script=["ok", "no_confidence"]) as server:
        found, _ = write(database, server)
    assert [message.confidence for message in found.messages] == [1.0, None, 1.0]
    assert (found.state, found.asked_again) == ("complete", 0)


def test_a_call_that_fails_while_something_is_asked_again_throws_nothing_away(database):
    with FakeServer(script=["ok", "long_message"], always="bad_request") as server:
        found, _ = write(database, server)
    assert (found.state, found.origin, found.messages[2].cut) == ("complete", "model", True)
    with FakeServer(script=["ok", "too_few"], always="bad_request") as server:
        found, _ = write(database, server, person(2))
    assert (found.state, found.reason) == ("failed", "The model refused the question as invalid.")


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 12) | st.floats() | st.text(max_size=700),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=6,
)  # fmt: skip
ITEM = st.fixed_dictionaries({}, optional=dict.fromkeys(("step", "content", "reasoning", "confidence"), ANY))


@given(st.lists(ITEM | ANY, max_size=6), ANY, st.integers(1, 5))
@tries(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_an_answer_holds_the_messages_keep_every_rule_or_there_are_none(items, summary, wanted):
    steps = tuple(range(1, wanted + 1))
    try:
        read = reader(steps)({"messages": items, "summary": summary})
    except ValueError:
        return
    messages, reason = settle(read.by_step, wanted, Grounds(sayable(person()), Analysis("", "", ())))
    assert bool(messages) != bool(reason)
    if messages:
        assert [one.step for one in messages] == list(steps)
        assert len({one.content.casefold() for one in messages}) == wanted
    for one in messages:
        assert 0 < len(one.content) <= longest(one.step)
        assert one.confidence is None or 0 <= one.confidence <= 1
        assert not placeholders(one.content)
