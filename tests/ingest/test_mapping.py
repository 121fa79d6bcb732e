"""Which column is which: usual names in seven languages, the traps, and a person's corrections."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranker.errors import ColumnMissing, InputError, UsageError
from ranker.ingest.header_names import FIELDS, load_header_names
from ranker.ingest.mapping import apply_overrides, check_required, guess_mapping
from ranker.ingest.reader import read_table

SIX = "company title size industry first_name last_name"


def guessed(headers, rows=()):
    headers = headers.split("|")
    return {field: headers[column] for field, column in guess_mapping(headers, rows).columns.items()}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Company Name|Job Title|# Employees|Industry|First Name|Last Name", SIX),
        ("Firma|Berufsbezeichnung|Mitarbeiterzahl|Branche|Vorname|Nachname", SIX),
        ("Société|Intitulé du poste|Effectif|Secteur d’activité|Prénom|Nom", SIX),
        ("Empresa|Puesto|Nº de empleados|Sector|Nombre|Apellidos", SIX),
        ("Empresa|Cargo|Número de funcionários|Setor|Nome|Sobrenome", SIX),
        ("Azienda|Ruolo|Numero dipendenti|Settore|Nome|Cognome", SIX),
        ("Companyia|Càrrec|Nombre de treballadors|Sector d’activitat|Nom|Cognoms", SIX),
        (
            "Vorname|Name|Firma|Position|E-Mail|Ort|Telefon",
            "first_name last_name company title email location phone",
        ),
        (
            "account_name|lead_job_title|account_domain|account_employee_range|source_id|expected_rank",
            "company title domain size lead_id expected_rank",
        ),
        (
            "ORGANISATION|jobTitle|Headcount|linkedinUrl|E-MAIL-ADRESSE",
            "company title size linkedin_url email",
        ),
        ("Name|Company|Role", "full_name company title"),
        ("Name|First Name|Last Name|Title", "company first_name last_name title"),
    ],
)
def test_usual_names_are_found(headers, expected):  # each header, in order, is the field of the same place
    assert guessed(headers) == dict(zip(expected.split(), headers.split("|"), strict=True))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Company Size|Company", {"size": "Company Size", "company": "Company"}),
        ("Company Size", {"size": "Company Size"}),
        ("Company Website|Company Domain", {"domain": "Company Domain"}),
        ("Account Owner|Lead Owner|Contact Owner Email|Lead Source|Lead Status", {}),
        ("Company Keywords|Company Founded Year|Campaign Name|Email Status", {}),
        ("Company LinkedIn Url|Person LinkedIn Url", {"linkedin_url": "Person LinkedIn Url"}),
        ("Company Phone|Mobile", {"phone": "Mobile"}),
        ("Title|Current Job Title", {"title": "Current Job Title"}),
        ("Number of Employees (LinkedIn)", {"size": "Number of Employees (LinkedIn)"}),
        ("Previous Company|Former Job Title|Rank", {}),
    ],
)
def test_traps(headers, expected):
    assert guessed(headers) == expected


COMPANIES = [("Kupferhain AG",), ("Skylatch",), ("Nordlicht GmbH",)]


@pytest.mark.parametrize(
    ("field", "headers"),
    [
        (
            "company",
            (
                "Empresa donde trabaja|Empresa (cuenta)|Nombre de la empresa|Azienda cliente|Firma / Kunde|"
                "Company they work for|Société actuelle|Entreprise où il travaille|Azienda in cui lavora|"
                "Firma, bei der der Kontakt arbeitet|Empresa onde trabalha|Empresa on treballa|Kundenfirma|"
                "Denominazione del cliente|Derzeitiger Arbeitgeber|Firma des Ansprechpartners|Empresas|Target company"
            ),
        ),
        (
            "title",
            (
                "Puesto de trabajo|Aktuelle Position|Puesto que ocupa|Cargo en la empresa|Position im Unternehmen|"
                "Ruolo in azienda|Fonction dans l’entreprise|Função na empresa|Càrrec a l’empresa|Position at company|"
                "Title / Role|Derzeitige Stelle|Mansione attuale|Cargo del contacto|Jobbezeichnung|Poste (fonction)"
            ),
        ),
        (
            "size",
            (
                "Tamaño actual de la empresa|Anzahl der Mitarbeiter im Unternehmen|"
                "Dimensione dell’azienda (dipendenti)|Nombre de salariés dans l’entreprise|"
                "Company size / headcount|Empleados (rango)"
            ),
        ),
        ("full_name", "Nom du prospect|Apellidos y nombre|Nachname, Vorname|Nombre y apellidos del contacto"),
        ("industry", "Sector de la empresa|Branche des Unternehmens"),
        ("domain", "Página web de la empresa"),
    ],
)
def test_headers_of_several_words_are_read_as_their_words(field, headers):
    rows = {"company": COMPANIES, "title": [("CEO",), ("Head of Sales",), ("CTO",)]}.get(field, ())
    assert {header: guessed(header, rows) for header in headers.split("|")} == {
        header: {field: header} for header in headers.split("|")
    }


@pytest.mark.parametrize(
    "header",
    "Contacto de la empresa|LinkedIn de la empresa|Teléfono de la empresa|Correo de la empresa|Kundennummer|"
    "ID de la cuenta|Firma / Position|Company City|Empresa anterior|Previous company|Número de cuenta|"
    "Title of campaign|Company owner".split("|"),
)
def test_a_company_word_beside_another_thing_is_not_the_company(header):
    assert "company" not in guessed(header)


def test_what_stands_in_a_column_decides_where_its_header_only_speaks_of_a_company():
    said = "Empresa contratante"
    assert guessed(said, COMPANIES) == {"company": said}
    assert guessed(said) == {}
    for values in (["https://a.example/x"] * 3, ["12", "13", "14"], ["51-200"] * 3, ["a", "b"] * 30, ["word " * 30]):
        assert guessed(said, [(value,) for value in values]) == {}


def test_a_better_header_wins_whatever_the_values_are():
    rows = [("x@y.example", "", "51-200", ""), ("z@y.example", "", "11-50", "")] * 3
    assert guessed("Foo|Email|Bar|Company size", rows) == {"email": "Email", "size": "Company size"}
    rows = [("Kupferhain AG", "Skylatch")] * 3
    assert guessed("Empresa contratante|Company", rows) == {"company": "Company"}


@given(st.data())
def test_the_order_of_the_columns_changes_nothing(data):
    names = "Company|Empresa donde trabaja|Name|Nom|Title|Position|Email|E-mail|Size|Foo|Firma / Kunde|First Name||Web"
    headers = data.draw(st.lists(st.sampled_from(names.split("|")), max_size=8))
    cells = st.sampled_from(["", "CEO", "x@y.example", "51-200", "7", "y.example", "Skylatch", "Mr", "Lead 0001"])
    count = data.draw(st.integers(0, 4))
    columns = [(header, *(data.draw(cells) for _ in range(count))) for header in headers]
    shuffled = data.draw(st.permutations(columns))

    def found(columns):
        mapping = guess_mapping([column[0] for column in columns], list(zip(*columns, strict=True))[1:])
        # columns of one header and the same values are one and the same, wherever their blank cells stand
        return {field: [cell for cell in columns[at] if cell] for field, at in mapping.columns.items()}

    assert found(columns) == found(shuffled)


def test_a_title_column_of_salutations_is_not_the_job_title():
    assert guessed("Title|Position", [("Mr.", "CEO"), ("Mrs", "CTO"), ("Dr", "VP")]) == {"title": "Position"}
    assert guessed("Titel", [("Herr",), ("Frau",), ("",)]) == {}
    assert guessed("Title", [("CEO",), ("Dr",), ("CTO",)]) == {"title": "Title"}


def test_a_position_column_of_numbers_is_not_the_job_title():
    assert guessed("Position|Role", [("1", "CEO"), ("2", "CTO")]) == {"title": "Role"}


def test_values_tell_what_headers_do_not():
    row = ("x@y.example", "51-200", "y.example", "https://linkedin.com/in/x", "10,001+")
    assert guessed("a|b|c|d|e", [row] * 4) == {"email": "a", "size": "b", "domain": "c", "linkedin_url": "d"}
    assert guessed("Foo|Bar", [("12", "CEO")] * 4) == {}


def test_a_filled_column_wins_over_a_blank_one_of_the_same_name():
    assert guess_mapping(["Email", "Email"], [("", "a@b.example")]).column("email") == 1


def test_the_name_beside_a_first_name_is_the_last_name_unless_it_contains_it():
    assert guessed("First Name|Name", [("Lead", "0001")]) == {"first_name": "First Name", "last_name": "Name"}
    assert guessed("First Name|Name", [("Lead", "Lead 1")]) == {
        "first_name": "First Name",
        "full_name": "Name",
    }


def test_rows_of_a_table_serve_as_the_sample():
    table = read_table(b"Title,x\nMr,CEO\nMrs,CTO\n")
    assert guess_mapping(table.names, table.rows()).columns == {}


@given(st.lists(st.sampled_from(["Company", "Name", "Title", "Email", "", "Size", "Nom", "x"]) | st.text(max_size=9)))
def test_no_column_serves_two_fields_and_every_match_has_a_reason(headers):
    mapping = guess_mapping(headers, [tuple(headers)] * 3)
    columns = list(mapping.columns.values())
    assert len(set(columns)) == len(columns)
    assert all(0 <= c < len(headers) for c in columns)
    assert set(mapping.why) == set(mapping.columns)
    assert all(mapping.why.values())


@given(st.data())
def test_case_accents_and_punctuation_do_not_matter(data):
    header = data.draw(st.sampled_from(["Job Title", "Société", "Número de funcionários", "E-Mail"]))
    dirty = data.draw(st.sampled_from([header.upper(), header.replace(" ", "_"), f" {header}: ", header.lower()]))
    assert guess_mapping([dirty]).columns == guess_mapping([header]).columns != {}


def test_each_name_in_the_data_file_is_found_when_it_stands_alone():
    names = load_header_names()
    assert {field for found in names.exact.values() for field, _ in found} == set(FIELDS)
    lost = []
    for field, phrase in names.phrases:
        squeezed = "".join(phrase)
        if squeezed not in names.nothing | names.bare_name and field not in guess_mapping([" ".join(phrase)]).columns:
            lost.append((field, phrase))
    assert [x for x in lost if len(names.exact["".join(x[1])]) == 1] == []


def test_a_person_overrides_the_guess():
    headers = ["Company", "Title", "Position", "", "Email", "Email"]
    mapping = apply_overrides(
        guess_mapping(headers), headers, ["title=position", "size=column 4", "email=Email (2)", "company="]
    )
    assert mapping.columns == {"title": 2, "size": 3, "email": 5}
    assert mapping.why["title"] == "chosen by you"


def test_a_field_whose_column_is_taken_by_an_override_is_absent():
    headers = ["Company", "Title"]
    assert apply_overrides(guess_mapping(headers), headers, ["full_name=Title"]).columns == {
        "company": 0,
        "full_name": 1,
    }


@pytest.mark.parametrize(
    ("override", "error", "says"),
    [
        ("title", UsageError, "field=Header"),
        ("titel=Position", UsageError, "no field “titel”. Did you mean “title”.*Fields: company, domain"),
        (
            "title=Positon",
            ColumnMissing,
            "no column “Positon”. Did you mean “Position”.*columns: Firma, Position",
        ),
    ],
)
def test_an_override_that_makes_no_sense_is_explained(override, error, says):
    with pytest.raises(error, match=says):
        apply_overrides(guess_mapping([]), ["Firma", "Position"], [override])


@pytest.mark.parametrize("overrides", [["title=a", "title=b"], ["title=a", "company=a"]])
def test_a_field_or_column_may_be_chosen_once(overrides):
    with pytest.raises(UsageError):
        apply_overrides(guess_mapping([]), ["a", "b"], overrides)


def test_missing_columns_are_named_with_the_headers_and_the_remedy():
    headers = ["Foo", "Titre"]
    with pytest.raises(ColumnMissing, match=r'company was found.*columns: Foo, Titre\..*--map company="Header"'):
        check_required(guess_mapping(headers), headers)
    check_required(guess_mapping(["Firma", "Titre"]), ["Firma", "Titre"])


def test_a_wrong_line_in_the_data_file_is_named(tmp_path):
    path = tmp_path / "headers.csv"
    path.write_text("field,header\ntitle,Job\nfoo,Bar\n")
    with pytest.raises(InputError, match="line 3"):
        load_header_names(path)


def test_two_spellings_of_one_header_are_told_apart_by_their_text_not_by_their_place():
    one, other = guess_mapping(["Email", "E-mail"]), guess_mapping(["E-mail", "Email"])
    assert one.matches[0].header == other.matches[0].header
