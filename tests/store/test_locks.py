"""Locks between processes: of many who ask at once, one gets it, and nobody is refused what is free."""

import threading

from ranker.store import locks

ASKING = 4


def test_of_many_who_ask_at_once_exactly_one_gets_it_and_it_is_free_again_afterwards(database):
    for _ in range(25):
        gate, got = threading.Barrier(ASKING), []

        def ask(gate=gate, got=got):
            gate.wait()
            got.append(locks.hold(database, "test", 7_261_099))

        threads = [threading.Thread(target=ask) for _ in range(ASKING)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        held = [release for release in got if release is not None]
        assert (len(got), len(held)) == (ASKING, 1)
        assert locks.hold(database, "test", 7_261_099) is None
        held[0]()


def test_locks_of_other_names_are_other_locks(database):
    one, two = locks.hold(database, "one", 7_261_098), locks.hold(database, "two", 7_261_099)
    assert one is not None
    assert two is not None
    one()
    two()
