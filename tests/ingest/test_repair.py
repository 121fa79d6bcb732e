"""Text that is damaged in places is read, and the rows are named."""

import pytest

from ranker.errors import FileUnreadable
from ranker.ingest.reader import read_again, read_table, reading_of


def test_nul_bytes_are_left_out_and_their_row_is_named():
    rows = list(read_table(b"Company,Title\nA,C\0EO\nB,CTO\n\0\0\0\0").rows())
    assert [row.cells for row in rows] == [("A", "CEO"), ("B", "CTO")]
    assert "Row 2: NUL bytes" in rows[0].problem
    assert not rows[1].problem
    with pytest.raises(FileUnreadable, match="is not text"):
        read_table(b"\x7fELF" + bytes(range(32)) * 9 + b"a,b\n1,2\n")


def test_a_line_in_another_encoding_is_read_as_windows_text_and_named():
    data = "Société,Poste\nA,Gérant\nB,".encode() + b"Caf\xe9\nC,PDG\n"
    table = read_table(data)
    rows = list(table.rows())
    assert [row.cells for row in rows] == [("A", "Gérant"), ("B", "Café"), ("C", "PDG")]
    assert [bool(row.problem) for row in rows] == [False, True, False]
    assert "Row 3" in rows[1].problem
    again = read_again(data, table.sha256, table.headers, table.encoding, table.delimiter, reading_of(table))
    assert list(again.rows()) == rows
