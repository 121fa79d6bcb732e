"""Which company a row belongs to: the same name with a domain, without one, or with one that many share."""

from tests.ingest.importing import as_csv, counts, imported, table


def row(n, company, domain, title="CFO"):
    return [company, domain, "", "Lead", f"{n:04d}", title, "", f"https://linkedin.com/in/l-{n}", ""]


def nameless(n, company, domain, title="CFO"):
    """Somebody who is known by name and company only."""
    return [company, domain, "", "Lead", f"{n:04d}", title, "", "", ""]


def employers(database):
    """Lead's name → key of the company it belongs to."""
    keys = {company["id"]: company["key"] for company in table(database, "company")}
    return {lead["full_name"]: keys[lead["company_id"]] for lead in table(database, "lead")}


def test_a_name_without_a_domain_is_the_one_company_of_that_name_whose_domain_is_known(database):
    one = [nameless(1, "Alpha", ""), nameless(2, "Alpha", "alpha.example"), nameless(3, "Beta", "b.example")]
    two = [nameless(4, "Beta", "www.beta.example"), nameless(5, "Beta", ""), nameless(6, "Gamma", "")]
    imported(database, as_csv(one + two))
    assert employers(database) == {
        "Lead 0001": "alpha.example", "Lead 0002": "alpha.example", "Lead 0003": "b.example",
        "Lead 0004": "beta.example", "Lead 0005": "beta", "Lead 0006": "gamma",
    }  # fmt: skip
    imported(database, as_csv([nameless(7, "alpha", "")]), "later.csv")
    assert employers(database)["Lead 0007"] == "alpha.example"


def test_a_company_that_is_known_by_its_name_alone_keeps_its_people_when_a_domain_turns_up(database):
    one = as_csv([nameless(1, "Beta", "")])
    imported(database, one)
    imported(database, as_csv([nameless(2, "Beta", "beta.example")]), "two.csv")
    assert counts(imported(database, one, "again.csv")) == {"unchanged": 1}
    assert employers(database) == {"Lead 0001": "beta", "Lead 0002": "beta.example"}


def test_a_changed_lead_without_a_domain_of_its_own_stays_at_its_company(database):
    imported(database, as_csv([row(1, "Alpha", "alpha.example"), row(2, "Alpha", "linkedin.com")]))
    assert employers(database)["Lead 0002"] == "alpha.example"
    assert counts(imported(database, as_csv([row(2, "Alpha", "", "CEO")]), "two.csv")) == {"changed": 1}
    assert employers(database)["Lead 0002"] == "alpha.example"
    assert [company["key"] for company in table(database, "company")] == ["alpha.example"]


def test_a_shared_host_never_becomes_the_domain_of_a_company_nor_hides_its_own(database):
    imported(database, as_csv([row(1, "Alpha", "linkedin.com"), row(2, "Alpha", "alpha.example")]))
    imported(database, as_csv([row(3, "Gamma", "gmail.com"), row(4, "Delta.example", "")]), "two.csv")
    domains = {company["key"]: company["domain"] for company in table(database, "company")}
    assert domains == {"alpha.example": "alpha.example", "gamma": "", "delta.example": "delta.example"}
