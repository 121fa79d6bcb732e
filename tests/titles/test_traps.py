"""Titles that a reader of substrings, or of single words, gets wrong."""

from __future__ import annotations

import pytest

from ranker.titles import Role, TitleReader


@pytest.fixture(scope="module")
def reader() -> TitleReader:
    return TitleReader()


def first(reader: TitleReader, title: str) -> Role:
    reading = reader.read(title)
    assert reading.roles, f"{title!r} has no role; unknown {reading.unknown}"
    return reading.roles[0]


@pytest.mark.parametrize(
    ("title", "function", "level"),
    [
        ("Director of Sales", "sales", "director"),  # "cto" is in "director"
        ("International Sales Director", "sales", "director"),  # "intern" is in "international"
        ("VP of Sales", "sales", "vp"),
        ("Vice President of Sales", "sales", "vp"),
        ("V.P. Sales", "sales", "vp"),
        ("Senior Vice President, Sales", "sales", "vp"),
        ("President", "executive", "c_level"),
        ("President, Go To Market", "gtm", "vp"),
        ("C.E.O.", "executive", "c_level"),
        ("Chief Executive Officer", "executive", "c_level"),
        ("Chief Product & Technology Officer", "product_management", "c_level"),
        ("Account Manager", "account_management", "individual"),
        ("Product Manager", "product_management", "individual"),
        ("Customer Success Manager", "customer_success", "individual"),
        ("Sales Manager", "sales", "manager"),
        ("Account Executive", "account_executive", "individual"),
        ("Business Development Executive", "business_development", "individual"),
        ("Business Development Representative", "sales_development", "individual"),
        ("Executive Assistant", "executive_support", "individual"),
        ("Sales Engineer", "presales", "individual"),
        ("HR Business Partner", "hr_business_partner", "individual"),
        ("Director, Business Development", "business_development", "director"),
        ("BDR Manager", "sales_development", "manager"),
        ("Director of Sales Operations", "sales_operations", "director"),
        ("Chief Revenue Officer (CRO)", "sales", "c_level"),
        ("EHS Manager", "ehs", "manager"),
        ("enginner EHS", "ehs", "individual"),
        ("Information Security Manager", "information_security", "manager"),
        ("Recruiter", "talent_acquisition", "individual"),
        ("Head of People", "hr", "head"),
        # Other languages
        ("Directeur Commercial", "sales", "director"),
        ("Directrice des Ressources Humaines", "hr", "director"),
        ("Responsable des ventes", "sales", "manager"),
        ("Ingénieur commercial", "sales", "individual"),
        ("Président Directeur Général", "executive", "c_level"),
        ("Director Comercial", "sales", "director"),
        ("Jefe de Ventas", "sales", "manager"),
        ("Directora de Recursos Humanos", "hr", "director"),
        ("Director General", "executive", "c_level"),
        ("Gerente de Ventas", "sales", "manager"),
        ("Vertriebsleiter", "sales", "head"),
        ("Leiterin Vertrieb", "sales", "head"),
        ("Leiter:in Personal", "hr", "head"),
        ("Geschäftsführer", "executive", "c_level"),
        ("Geschaeftsfuehrer", "executive", "c_level"),
        ("Softwareentwickler", "software", "individual"),
        ("Diretor Comercial", "sales", "director"),
        ("Gerente de Vendas", "sales", "manager"),
        ("Direttore Commerciale", "sales", "director"),
        ("Responsabile Vendite", "sales", "manager"),
        ("Amministratore Delegato", "executive", "c_level"),
        ("Directora de Vendes", "sales", "director"),
        ("Cap de Recursos Humans", "hr", "manager"),
    ],
)
def test_reads_function_and_level(reader: TitleReader, title: str, function: str, level: str) -> None:
    role = first(reader, title)
    assert (role.functions[0] if role.functions else None, role.level) == (function, level)


@pytest.mark.parametrize(
    ("title", "flag"),
    [
        ("Former VP of Sales", "former"),
        ("Ex-CEO", "former"),
        ("Retired", "retired"),
        ("Retired Sales Consultant", "retired"),
        ("Angel Investor", "investor"),
        ("Advisor", "advisor"),
        ("Student", "student"),
        ("Marketing Intern", "intern"),
        ("Board Member", "board"),
        ("Assistant to the CEO", "assistant_to"),
        ("Stagiaire marketing", "intern"),
        ("Werkstudent Vertrieb", "intern"),
    ],
)
def test_reads_flags(reader: TitleReader, title: str, flag: str) -> None:
    assert flag in reader.read(title).flags


@pytest.mark.parametrize(
    ("title", "flag"), [("Director of International Sales", "intern"), ("Head of Internal Audit", "intern")]
)
def test_flags_are_whole_words(reader: TitleReader, title: str, flag: str) -> None:
    assert flag not in reader.read(title).flags


@pytest.mark.parametrize(
    ("title", "ownership"),
    [
        ("Founder & CEO", "founder"),
        ("CTO / Co-Founder", "founder"),
        ("Cofondatrice", "founder"),
        ("Gründer", "founder"),
        ("Managing Director/Owner", "owner"),
        ("Inhaber", "owner"),
        ("Managing Partner", "partner"),
    ],
)
def test_reads_ownership(reader: TitleReader, title: str, ownership: str) -> None:
    assert ownership in {role.ownership for role in reader.read(title).roles}


@pytest.mark.parametrize("title", ["Founding Engineer", "Founders Associate", "Product Owner", "Process Owner"])
def test_a_word_of_ownership_in_another_word_is_no_ownership(reader: TitleReader, title: str) -> None:
    assert {role.ownership for role in reader.read(title).roles} <= {None}


def test_several_roles_stay_apart(reader: TitleReader) -> None:
    roles = reader.read("Founder & CTO | Board Member at Beta").roles
    assert roles[0].ownership == "founder"
    assert roles[1].functions == ("engineering",)
    assert any("board" in role.flags and role.employer == "beta" for role in roles)


def test_one_head_takes_several_fields(reader: TitleReader) -> None:
    assert first(reader, "Sales & Marketing Director").functions == ("sales", "marketing")
    assert first(reader, "VP, Sales & Marketing").functions == ("sales", "marketing")


def test_a_field_behind_a_comma_is_an_area(reader: TitleReader) -> None:
    assert first(reader, "Global VP Sales, Customer Growth").functions == ("sales",)


@pytest.mark.parametrize(
    ("title", "employer"),
    [
        ("Head of Sales @ Acme | Helping teams grow", "acme"),
        ("Head of Sales at Acme", "acme"),
        ("Directrice commerciale chez Acme", "acme"),
        ("Vertriebsleiter bei Acme", "acme"),
        ("Partner at Blue Fjord Capital", "blue fjord capital"),
        ("Owner of Zanzibrix", "zanzibrix"),
        ("Head of Sales", None),
        ("Head of Sales at scale", None),
    ],
)
def test_reads_the_employer(reader: TitleReader, title: str, employer: str | None) -> None:
    assert first(reader, title).employer == employer


@pytest.mark.parametrize("title", ["Helping sales and marketing teams grow", "Driving revenue", "Bridging sales gaps"])
def test_a_slogan_names_no_role(reader: TitleReader, title: str) -> None:
    reading = reader.read(title)
    assert reading.roles == ()
    assert reading.slogans


@pytest.mark.parametrize("title", ["Assistant to the CEO", "Executive Assistant: Chief Financial Officer"])
def test_an_assistant_is_not_the_chief_they_work_for(reader: TitleReader, title: str) -> None:
    assert all(role.level != "c_level" for role in reader.read(title).roles)


def test_the_unknown_stays_unknown(reader: TitleReader) -> None:
    reading = reader.read("Quibbler")
    assert reading.roles == ()
    assert reading.unknown == ("quibbler",)
    assert reading.confidence < 0.2
    half = reader.read("Director of Quibbling")
    assert half.roles[0].level == "director"
    assert half.roles[0].functions == ()
    assert half.confidence < reader.read("Director of Sales").confidence


@pytest.mark.parametrize(
    ("title", "problem"),
    [
        ("", "blank"),
        ("  ", "blank"),
        ("-", "blank"),
        ("n/a", "blank"),
        ("lumen-works.example", "url"),
        ("www.lumen.example", "url"),
        ("https://lumen.example/team", "url"),
        ("a.b@lumen.example", "email"),
        ("51-200", "number"),
        ("+49 30 1234567", "number"),
        ("2024-05-01", "number"),
    ],
)
def test_another_columns_value_is_no_title(reader: TitleReader, title: str, problem: str) -> None:
    assert reader.read(title).problem == problem
    assert reader.read(title).roles == ()


@pytest.mark.parametrize("title", ["Sr.Engineer", "R&D", "3D Designer", "C.T.O", "2nd Line Support", "Ph.D."])
def test_odd_titles_are_titles(reader: TitleReader, title: str) -> None:
    assert reader.read(title).problem is None


def test_each_feature_shows_the_words_that_gave_it(reader: TitleReader) -> None:
    evidence = {(item.feature, item.value): item.words for item in first(reader, "Head of Sales Development").evidence}
    assert evidence["level", "head"].startswith("head")
    assert evidence["function", "sales_development"] == "sales development"
