"""Batches of the cascade: everybody once in each order, even, whole companies, backwards, and never more for fewer."""

from hypothesis import given
from hypothesis import strategies as st

from ranker.scoring.llm.batching import even_batches, two_orders
from ranker.scoring.llm.leads import Lead

MOST = 15


def made(sizes, bracket="any"):
    return [
        Lead((bracket,), f"Company {company}", (f"Title {company} {at}", f"Company {company}", "10", ""))
        for company, size in enumerate(sizes)
        for at in range(size)
    ]


SIZES = st.lists(st.integers(1, 50), min_size=1, max_size=12)


@given(SIZES)
def test_everybody_is_in_one_even_batch(sizes):
    leads = made(sizes)
    found = even_batches(leads, MOST)
    assert sorted(lead for batch in found for lead in batch) == sorted(leads)
    assert len(found) == -(-len(leads) // MOST)
    assert max(map(len, found)) - min(map(len, found)) <= 1
    assert even_batches(leads[::-1], MOST) == found


@given(SIZES)
def test_both_orders_have_everybody_and_divide_no_company_that_fits(sizes):
    leads = made(sizes)
    one, other = two_orders(leads, MOST)
    assert two_orders(leads[::-1], MOST) == (one, other)
    for order in (one, other):
        assert sorted(lead for batch in order for lead in batch) == sorted(leads)
        assert all(1 <= len(batch) <= MOST for batch in order)
        for company, size in enumerate(sizes):
            holding = [batch for batch in order if any(lead.company == f"Company {company}" for lead in batch)]
            assert len(holding) == -(-size // MOST)
    assert len(one) == len(other)


@given(SIZES)
def test_in_the_second_order_first_comes_last(sizes):
    one, other = two_orders(made(sizes), MOST)
    from_start = {lead: at for batch in one for at, lead in enumerate(batch)}
    from_end = {lead: at for batch in other for at, lead in enumerate(reversed(batch))}
    assert all(abs(from_start[lead] - from_end[lead]) <= 1 for lead in from_start)


def test_a_large_company_has_other_neighbours_in_the_second_order():
    one, other = two_orders(made([60]), MOST)
    for batch in other:
        assert {len(set(batch) & set(before)) for before in one} <= {3, 4}


@given(SIZES, st.randoms())
def test_fewer_leads_never_make_more_batches(sizes, rng):
    leads = made(sizes)
    fewer = [lead for lead in leads if rng.random() < 0.7]
    assert len(two_orders(fewer, MOST)[0]) <= len(two_orders(leads, MOST)[0])


def test_no_batch_has_leads_of_two_parts_of_the_persona():
    leads = made([3, 20], "small") + made([3, 20], "large")
    for batch in (*even_batches(leads, MOST), *two_orders(leads, MOST)[0], *two_orders(leads, MOST)[1]):
        assert len({lead.brackets for lead in batch}) == 1
