import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranker.personas.sizes import SizeRange, bracket_for, brackets_within, find_sizes, read_size


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("51-200", 51, 200),
        ("201–500", 201, 500),
        ("201-500", 201, 500),
        ("1001-5,000", 1001, 5000),
        ("1.001-5.000", 1001, 5000),
        ("1 001 - 5 000", 1001, 5000),
        ("10,001+", 10001, None),
        ("10001+", 10001, None),
        ("1,000+ employees", 1000, None),
        ("2-10", 2, 10),
        ("0-1", 1, 1),
        ("self-employed", 1, 1),
        ("Myself only", 1, 1),
        ("1", 1, 1),
        ("100", 100, 100),
        ("over 500", 501, None),
        ("more than 200", 201, None),
        ("> 200", 201, None),
        (">= 200", 200, None),
        ("fewer than 50", 1, 49),
        ("under 100", 1, 99),
        ("<50", 1, 49),
        ("up to 50", 1, 50),
        ("50 to 249", 50, 249),
        ("between 50 and 249", 50, 249),
        ("11–50 Mitarbeiter", 11, 50),
        ("von 11 bis 50", 11, 50),
        ("de 11 a 50 empleados", 11, 50),
        ("5k-10k", 5000, 10000),
        ("5-10k", 5000, 10000),
        ("1.5k", 1500, 1500),
        ("ab 500", 500, None),
        ("500 or more", 500, None),
        ("from 501 employees on", 501, None),
        ("51-200 employees", 51, 200),
        ("(51-200)", 51, 200),
        ("10-Feb", 2, 10),
        ("Nov-50", 11, 50),
    ],
)
def test_an_employee_count_is_read_with_both_numbers(text: str, low: int, high: int | None) -> None:
    assert read_size(text) == SizeRange(low, high)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "abc", "200-51", "0", "-", "n/a", "5/5", "80%", "2.5", "1-10 / 20-30", "Company 3", "51-200 cats"],
)
def test_what_is_no_employee_count_is_none(text: str) -> None:
    assert read_size(text) is None


def test_sizes_inside_a_text_are_found_with_their_place() -> None:
    text = "Startups (1-50 employees), not 5/5 or 80%"
    (found,) = find_sizes(text)
    assert text[found.start : found.end] == "1-50 employees"
    assert (found.size, found.unit) == (SizeRange(1, 50), True)


FOUR = [SizeRange(1, 50), SizeRange(51, 200), SizeRange(201, 1000), SizeRange(1000, None)]


@pytest.mark.parametrize(
    ("size", "index", "spans"),
    [
        (SizeRange(2, 10), 0, False),
        (SizeRange(501, 1000), 2, False),
        (SizeRange(1001, 5000), 3, False),
        (SizeRange(1000, None), 3, False),
        (SizeRange(10001, None), 3, False),
        (SizeRange(1000, 1000), 3, False),  # in both: the larger
        (SizeRange(51, 250), 1, True),
        (SizeRange(500, None), 2, True),  # 500 to 1,500
        (SizeRange(150, 1000), 2, True),
        (SizeRange(50, 200), 1, False),  # 50 alone is an edge
        (SizeRange(1, None), 0, False),  # 1 to 3
    ],
)
def test_a_range_belongs_to_the_bracket_that_holds_most_of_it(size: SizeRange, index: int, spans: bool) -> None:
    assert bracket_for(size, FOUR) == (index, spans)


def test_a_gap_goes_to_the_nearest_bracket() -> None:
    brackets = [SizeRange(10, 49), SizeRange(200, 499)]
    assert bracket_for(SizeRange(60, 80), brackets) == (0, False)
    assert bracket_for(SizeRange(150, 190), brackets) == (1, False)
    assert bracket_for(SizeRange(1, 3), brackets) == (0, False)
    assert bracket_for(SizeRange(9000, None), brackets) == (1, False)
    assert bracket_for(SizeRange(40, 120), brackets) == (0, False)


def test_no_bracket_is_an_error() -> None:
    with pytest.raises(ValueError, match="bracket"):
        bracket_for(SizeRange(1, 2), [])


@pytest.mark.parametrize(
    ("size", "chosen", "exact"),
    [
        (SizeRange(50, None), [1, 2, 3], True),
        (SizeRange(201, None), [2, 3], True),
        (SizeRange(1, 200), [0, 1], True),
        (SizeRange(500, None), [3], False),
        (SizeRange(5000, None), [3], False),
        (SizeRange(60, 70), [1], False),
    ],
)
def test_a_statement_about_sizes_names_the_brackets_it_mostly_covers(
    size: SizeRange, chosen: list[int], exact: bool
) -> None:
    assert brackets_within(size, FOUR) == (chosen, exact)


ranges = st.tuples(st.integers(1, 100_000), st.integers(0, 100_000), st.booleans()).map(
    lambda t: SizeRange(t[0], None if t[2] else t[0] + t[1])
)


@st.composite
def ladders(draw: st.DrawFn) -> list[SizeRange]:
    edges = sorted(draw(st.sets(st.integers(1, 20_000), min_size=1, max_size=5)))
    lows = [1, *(edge + 1 for edge in edges)]
    return [SizeRange(low, high) for low, high in zip(lows, [*edges, None], strict=True)]


@given(ranges, ladders())
def test_every_size_lies_in_one_bracket_whatever_their_order(size: SizeRange, brackets: list[SizeRange]) -> None:
    index, spans = bracket_for(size, brackets)
    turned, spans_turned = bracket_for(size, brackets[::-1])
    assert brackets[index] == brackets[::-1][turned]
    assert spans == spans_turned
    chosen = brackets[index]
    assert chosen.low <= size.values()[1]
    assert size.low <= chosen.values()[1]


@given(st.integers(1, 40_000), ladders())
def test_an_exact_size_lies_in_the_bracket_that_contains_it(count: int, brackets: list[SizeRange]) -> None:
    index, spans = bracket_for(SizeRange(count, count), brackets)
    assert brackets[index].low <= count <= brackets[index].values()[1]
    assert not spans


@given(ranges, st.sampled_from(["{0}-{1}", "{0} – {1} employees", "{0:,}-{1:,}", "{0} to {1}"]))
def test_a_range_survives_writing_and_reading(size: SizeRange, form: str) -> None:
    text = f"{size.low:,}+" if size.high is None else form.format(size.low, size.high)
    assert read_size(text) == size
