"""A number is shown as the spreadsheet shows it."""

import pytest

from ranker.ingest.cell_format import general, shown_as


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("General", 0.1 + 0.2, "0.3"), ("General", 491701234567, "491701234567"), ("General", 1e20, "1" + "0" * 20),
        ("00000", 7, "00007"), ("0", 491701234567, "491701234567"), ("#,##0", 1234567, "1,234,567"),
        ("#,##0.00", 1234.5, "1,234.50"), ("0%", 0.12, "12%"), ("0.0%", 0.1255, "12.6%"), ('"+"0', 4930, "+4930"),
        ("[<=9999999]###-####;(###) ###-####", 5551234, "555-1234"), ("#,##0;(#,##0)", -1500, "(1,500)"),
        ("[<=9999999]###-####;(###) ###-####", 5125551234, "(512) 555-1234"), (";;;", 5, "5"), ("#.##", 2, "2"),
        ("0.00;[Red]-0.00", -2.5, "-2.50"), ("000-00-0000", 1234567, "001-23-4567"), ("0", -0.2, "0"),
        ("dd/mm/yyyy", 45992, "01/12/2025"), ("d-mmm", 45667, "10-Jan"), ("mmm-yy", 18568, "Nov-50"),
        ("yyyy-mm-dd hh:mm", 45992.5, "2025-12-01 12:00"), ("h:mm AM/PM", 0.75, "6:00 PM"), ("[h]:mm", 1.5, "36:00"),
        ("dddd, mmmm dd, yyyy", 45992, "Monday, December 01, 2025"), ("mm:ss.0", 0.00001, "00:00.9"),
        ("yyyy", -5, "-5"), ("# ?/?", 0.5, "0.5"), ('[$€-407] #,##0.00', 1234.5, "€ 1,234.50"), ("@", 12, "12"),
        ("#,##0,", 12345678, "12,346"), ('0" people"', 12, "12 people"), ("yyyy", 1e9, "1000000000"),
    ],
)  # fmt: skip
def test_numbers_are_shown_as_the_spreadsheet_shows_them(code, value, shown):
    assert shown_as(code)(value) == shown


def test_days_of_either_calendar_and_the_day_that_never_was():
    assert [shown_as("yyyy-mm-dd")(day) for day in (59, 61)] == ["1900-02-28", "1900-03-01"]
    assert shown_as("yyyy-mm-dd", from_1904=True)(0) == "1904-01-01"
    assert general(float("nan")) == ""
