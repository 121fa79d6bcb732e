"""The pace: what the provider permits is used, and what it says is believed. Time is a number here, not waited for."""

import asyncio

from ranker.llm.apart import run_to_end
from ranker.llm.limiter import Limiter


class Clock:
    """Time that passes when somebody waits."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def paced(limiter, clock, sizes, monkeypatch):
    """The times at which requests of these sizes may go."""

    async def skip(waiting, timeout):
        waiting.close()
        clock.now += timeout
        raise TimeoutError

    monkeypatch.setattr(asyncio, "wait_for", skip)

    async def run():
        times, tickets = [], []
        for size in sizes:
            tickets.append(await limiter.acquire(size))
            times.append(clock.now - 1000.0)
        return times, tickets

    return run_to_end(run())


def test_without_limits_nothing_waits(monkeypatch):
    clock = Clock()
    times, _ = paced(Limiter(clock=clock), clock, [1e9] * 50, monkeypatch)
    assert set(times) == {0.0}


def test_requests_go_evenly_after_a_second_s_worth(monkeypatch):
    clock = Clock()
    times, _ = paced(Limiter(rpm=600, clock=clock), clock, [1] * 30, monkeypatch)
    assert times[:10] == [0.0] * 10
    assert abs(times[-1] - 2.0) < 1e-6


def test_tokens_are_counted_too_and_the_scarcer_of_both_decides(monkeypatch):
    clock = Clock()
    times, _ = paced(Limiter(rpm=600, tpm=6_000, clock=clock), clock, [50] * 11, monkeypatch)
    assert abs(times[-1] - (11 * 50 - 100) / 100) < 1e-6


def test_a_request_larger_than_the_bucket_goes_once_it_is_full(monkeypatch):
    clock = Clock()
    times, _ = paced(Limiter(tpm=6_000, clock=clock), clock, [1_000, 10], monkeypatch)
    assert times[0] == 0.0
    assert times[1] > 9  # and its debt is paid before the next


def test_headers_set_a_limit_that_nobody_told_us(monkeypatch):
    clock = Clock()
    limiter = Limiter(clock=clock)
    _, (ticket,) = paced(limiter, clock, [10], monkeypatch)
    limiter.learn(ticket, {"x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "0"})
    times, _ = paced(limiter, clock, [1], monkeypatch)
    assert abs(times[0] - 1.0) < 1e-6


def test_what_was_sent_after_the_request_is_taken_off_what_is_left(monkeypatch):
    clock = Clock()
    limiter = Limiter(clock=clock)
    _, tickets = paced(limiter, clock, [100, 100, 100], monkeypatch)
    limiter.learn(tickets[0], {"x-ratelimit-limit-tokens": "6000", "x-ratelimit-remaining-tokens": "250"})
    times, _ = paced(limiter, clock, [100], monkeypatch)  # 250 less the 200 that went later: 50 are missing
    assert abs(times[0] - 0.5) < 1e-6


def test_headers_of_an_older_request_change_nothing(monkeypatch):
    clock = Clock()
    limiter = Limiter(rpm=60, clock=clock)
    _, tickets = paced(limiter, clock, [1, 1], monkeypatch)
    limiter.learn(tickets[1], {"x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "30"})
    limiter.learn(tickets[0], {"x-ratelimit-limit-requests": "60", "x-ratelimit-remaining-requests": "0"})
    began = clock.now
    paced(limiter, clock, [1] * 30, monkeypatch)
    assert clock.now == began


def test_a_pace_of_the_user_s_own_is_not_overruled(monkeypatch):
    clock = Clock()
    limiter = Limiter(rpm=60, clock=clock)
    _, (ticket,) = paced(limiter, clock, [1], monkeypatch)
    limiter.learn(ticket, {"x-ratelimit-limit-requests": "6000", "x-ratelimit-remaining-requests": "5999"})
    began = clock.now
    paced(limiter, clock, [1], monkeypatch)
    assert clock.now - began > 0.9


def test_being_told_to_wait_holds_everybody(monkeypatch):
    clock = Clock()
    limiter = Limiter(clock=clock)
    limiter.hold(7)
    times, _ = paced(limiter, clock, [1], monkeypatch)
    assert times == [7.0]
    assert limiter.waited["told"] == 7.0


def test_a_provider_that_counts_requests_by_the_day_is_read_so(monkeypatch):
    clock = Clock()
    limiter = Limiter(requests_per=86_400, clock=clock)
    _, (ticket,) = paced(limiter, clock, [1], monkeypatch)
    limiter.learn(ticket, {"x-ratelimit-limit-requests": "14400", "x-ratelimit-remaining-requests": "14399"})
    began = clock.now
    paced(limiter, clock, [1] * 1_000, monkeypatch)
    assert clock.now == began  # a thousand of the day's 14,399 are left


def test_tokens_that_were_not_used_are_given_back_where_the_provider_says_nothing(monkeypatch):
    clock = Clock()
    limiter = Limiter(tpm=6_000, clock=clock)
    _, (ticket,) = paced(limiter, clock, [1_000], monkeypatch)
    limiter.used(ticket, 100)
    times, _ = paced(limiter, clock, [100], monkeypatch)
    assert abs(times[0] - 1.0) < 1e-6  # the 900 that were not used are there again: 100 is a second's worth


def test_what_others_have_left_of_the_provider_s_limit_counts_against_our_own_pace(monkeypatch):
    clock = Clock()
    limiter = Limiter(rpm=60, clock=clock)
    _, (ticket,) = paced(limiter, clock, [1], monkeypatch)
    limiter.learn(ticket, {"x-ratelimit-limit-requests": "600", "x-ratelimit-remaining-requests": "-3"})
    times, _ = paced(limiter, clock, [1], monkeypatch)
    assert times[0] > 3.9
