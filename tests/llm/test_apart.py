"""Asynchronous work can be asked for from plain code and from within a running loop."""

import asyncio

import pytest

from ranker.llm.apart import run_to_end


async def double(number):
    await asyncio.sleep(0)
    if number < 0:
        raise ValueError("negative")
    return number * 2


def test_it_gives_the_result_and_the_error():
    assert run_to_end(double(4)) == 8
    with pytest.raises(ValueError, match="negative"):
        run_to_end(double(-1))


def test_it_works_where_a_loop_is_running():
    async def outer():
        return run_to_end(double(5))

    assert run_to_end(outer()) == 10
