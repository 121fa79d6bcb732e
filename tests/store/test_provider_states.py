"""What is known of a provider, on every database."""

from ranker.store.provider_states import ProviderState, keep_state, load_states, moment, reset_state, seconds_left


def keep(database, *found):
    with database.write() as session:
        for one in found:
            keep_state(session, one)


def states(database):
    with database.session() as session:
        return load_states(session)


def test_a_state_takes_the_place_of_the_one_before(database):
    keep(database, ProviderState("groq", "resting", 6, 1, moment(1_000.0), "server"), ProviderState("openai", "ok"))
    keep(database, ProviderState("groq", "out", 9, 4, moment(2_000.9), "network"))
    found = states(database)
    assert list(found) == ["groq", "openai"]
    groq = found["groq"]
    assert (groq.state, groq.failures, groq.opened, groq.why) == ("out", 9, 4, "network")
    assert seconds_left(groq.until, 1_990.0) == 10.0
    assert groq.updated_at


def test_a_reset_says_whether_there_was_anything_to_reset(database):
    assert not reset_state(database, "groq")
    keep(database, ProviderState("groq", "out", 9, 4, moment(2_000.0), "quota"))
    assert reset_state(database, "groq")
    assert not reset_state(database, "groq")
    found = states(database)["groq"]
    assert (found.state, found.failures, found.opened, found.until, found.why) == ("ok", 0, 0, "", "")


def test_a_moment_that_is_none_is_long_past():
    assert seconds_left("", 0.0) < -1e9
