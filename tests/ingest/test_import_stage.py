"""A file is handed over: what was understood is shown, can be corrected, and nothing is written to the leads."""

import pytest

from ranker.errors import ColumnMissing, FileUnreadable, InputError, NoHeader, UsageError
from ranker.ingest import files
from ranker.ingest.check import check
from ranker.ingest.merge import commit
from ranker.ingest.stage import cancel, get_import, restage, stage_file
from tests.ingest.importing import HEADERS, as_csv, counts, imported, leads, person, table

ODD = ("Qqq", "Zzz", "Www")


def test_what_was_understood_is_shown_with_sample_values(database):
    data = "Firma;Position;Größe\nKupferhain;Vertriebsleiter;51-200\n;Leiterin Einkauf;\n".encode("cp1252")
    staged = stage_file(database, "liste.csv", data)
    assert (staged.encoding, staged.delimiter, staged.row_count, staged.state) == ("cp1252", ";", 2, "staged")
    assert [(column.header, column.field) for column in staged.columns] == [
        ("Firma", "company"), ("Position", "title"), ("Größe", "size"),
    ]  # fmt: skip
    assert staged.columns[1].samples == ("Vertriebsleiter", "Leiterin Einkauf")
    assert all(column.why for column in staged.columns)
    assert leads(database) == []


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"", NoHeader), (b"%PDF-1.7", FileUnreadable), (b"Company,Title\n", InputError), (b"one\ntwo\n", InputError)],
)
def test_a_file_that_is_no_list_is_refused_and_leaves_nothing(database, data, error):
    with pytest.raises(error):
        stage_file(database, "x.csv", data)
    assert table(database, "import_batch") == table(database, "import_file") == []


def test_a_file_over_the_limit_is_refused_before_it_is_read(database, monkeypatch):
    with pytest.raises(InputError, match="200 MB"):
        files.check_size(files.MAX_BYTES + 1)
    files.check_size(files.MAX_BYTES)
    monkeypatch.setattr(files, "MAX_BYTES", 3 * 1024 * 1024)
    with pytest.raises(InputError, match="3 MB"):  # not FileUnreadable: nobody looked into it
        stage_file(database, "x.csv", b"%PDF" * 1024 * 1024)


def test_a_column_that_was_not_found_is_asked_for_and_can_be_chosen(database):
    staged = stage_file(database, "odd.csv", as_csv([["Alpha", "VP Sales", "Ulm"]], ODD))
    assert set(staged.missing) == {"company", "title"}
    with pytest.raises(ColumnMissing, match="company and title"):
        check(database, staged.id)
    staged = restage(database, staged.id, overrides=["company=Qqq", "title=Zzz"])
    assert staged.missing == ()
    assert counts(check(database, staged.id)) == {"new": 1}


def test_a_wrong_choice_is_refused_and_the_import_stays_as_it_was(database):
    staged = stage_file(database, "leads.csv", as_csv([person(1)]))
    with pytest.raises(ColumnMissing):
        restage(database, staged.id, overrides=["title=Nowhere"])
    assert get_import(database, staged.id) == staged


def test_a_mapping_is_remembered_for_the_same_headers_after_the_import(database):
    chosen = ["company=Qqq", "title=Zzz"]
    imported(database, as_csv([["Alpha", "VP Sales", "Ulm"]], ODD), overrides=chosen)
    again = stage_file(database, "next.csv", as_csv([["Beta", "CFO", "Bonn"]], ODD))
    assert again.mapping["company"] == 0
    assert again.mapping["title"] == 1
    assert "last time" in again.columns[0].why
    other = stage_file(database, "other.csv", as_csv([["Beta", "CFO", "Bonn"]], ("A", *ODD[1:])))
    assert other.missing


def test_a_delimiter_and_an_encoding_can_be_corrected(database):
    data = "Company|Title;x\nAlp\xe9|VP Sales;1\n".encode("cp1252")
    staged = stage_file(database, "x.csv", data, delimiter=";", overrides=["company=Company|Title", "title=x"])
    assert len(staged.columns) == 2
    staged = restage(database, staged.id, delimiter="pipe", encoding="latin-1")
    assert (staged.delimiter, staged.encoding) == ("|", "iso8859-1")
    assert staged.columns[0].samples == ("Alpé",)


def test_the_same_bytes_go_on_where_they_were_and_are_recognised_once_they_are_in(database):
    data = as_csv([person(1), person(2)])
    first = stage_file(database, "leads.csv", data)
    assert stage_file(database, "leads.csv", data).id == first.id
    check(database, first.id)
    assert stage_file(database, "leads.csv", data).state == "checked"  # a page that is drawn again changes nothing
    commit(database, first.id)
    again = stage_file(database, "copy.csv", data)
    assert (again.same_as, first.same_as) == (first.id, None)
    assert counts(check(database, again.id)) == {"unchanged": 2}
    assert len({row["sha256"] for row in table(database, "import_file")}) == len(table(database, "import_file"))


def test_the_bytes_of_a_file_are_kept_as_they_came(database, monkeypatch):
    monkeypatch.setattr(files, "_PART", 100)
    data = as_csv([person(n, company="Bé") for n in range(9)]) + b"\r\n\r\n"
    staged = imported(database, data)
    assert len(table(database, "import_file")) > 5
    with database.session() as session:
        assert files.load(session, staged.sha256) == data


def test_a_cancelled_import_leaves_no_rows_and_can_not_be_committed(database):
    staged = stage_file(database, "leads.csv", as_csv([person(1)]))
    check(database, staged.id)
    cancel(database, staged.id)
    assert table(database, "import_stage") == table(database, "import_row") == table(database, "import_raw") == []
    with pytest.raises(UsageError, match="cancelled"):
        commit(database, staged.id)
    done = imported(database, as_csv([person(2)], HEADERS))
    with pytest.raises(UsageError, match="done"):
        cancel(database, done.id)


def test_an_import_that_is_not_there_is_an_error_in_plain_words(database):
    with pytest.raises(UsageError, match="no import 77"):
        get_import(database, 77)
