"""Changed words are marked in lines that are the same but for them."""

from hypothesis import given
from hypothesis import strategies as st

from ranker.personas.line_diff import diff_lines
from ranker.personas.word_diff import word_marks


def changed(old, new):
    """Kind and changed words of the lines that went and came."""
    lines = diff_lines(old, new)
    return [
        (line.kind, [one.text for one in pieces if one.changed])
        for line, pieces in zip(lines, word_marks(lines), strict=True)
        if line.kind in {"gone", "new"}
    ]


def test_the_words_that_changed_are_marked_in_both_lines():
    assert changed("Contact the head of sales.\n", "Contact the head of all sales!\n") == [
        ("gone", ["."]),
        ("new", ["all ", "!"]),
    ]


def test_changed_words_beside_each_other_are_one_mark():
    old, new = "We write to each of the people at a firm.\n", "We write to some good people at a firm.\n"
    assert changed(old, new) == [("gone", ["each of the"]), ("new", ["some good"])]


def test_lines_are_paired_in_their_order():
    old, new = "one two three\nfour five six\n", "one 2 three\nfour 5 six\n"
    assert changed(old, new) == [("gone", ["two"]), ("gone", ["five"]), ("new", ["2"]), ("new", ["5"])]


def test_lines_that_have_little_in_common_get_no_marks():
    assert changed("something else\n", "nobody at all knows\n") == [("gone", []), ("new", [])]
    assert changed("one two\n", "one two\nthree four\n") == [("new", [])]


@given(*[st.lists(st.sampled_from(["a b c d", "a b x d", "", "e f", "  a  b"]), max_size=6).map("\n".join)] * 2)
def test_the_pieces_of_a_line_are_its_text(old, new):
    lines = diff_lines(old, new)
    marks = word_marks(lines)
    assert ["".join(one.text for one in pieces) for pieces in marks] == [line.text for line in lines]
