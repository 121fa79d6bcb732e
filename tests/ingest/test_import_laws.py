"""Whatever the rows are: the sums are exact, nothing is lost, and the same file a second time changes nothing."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ranker.store.imports import import_rows
from tests.ingest.importing import HEADERS, as_csv, everything, imported, table

CELLS = st.sampled_from(["", "a", "Lead 0001", "x.example", "l@x.example", "linkedin.com/in/q", "é;,\"'\n", "1-10"])
ROW = st.tuples(
    st.sampled_from(["", "a", "A ", "B", "é;,\"'\n"]),
    st.sampled_from(["", "x.example", "https://www.x.example/", "y.example", "linkedin.com"]),
    *[CELLS] * 8,
).map(list)
ROWS = st.lists(ROW, min_size=1, max_size=12)


@given(ROWS, ROWS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_always_add_up_and_a_second_time_changes_nothing(emptied, one, two):
    with emptied() as database:
        fields = ("company", "domain", "size", "first_name", "last_name", "title", "email", "linkedin_url")
        overrides = [f"{field}={header}" for field, header in zip(fields, HEADERS, strict=False)]
        for name, rows in (("one.csv", one), ("two.csv", two)):
            before = len(table(database, "lead"))
            staged = imported(database, as_csv(rows), name, overrides=overrides)
            _, kept = import_rows(database, staged.id)
            assert sum(staged.counts.values()) == staged.row_count == kept
            assert len(table(database, "lead")) == before + staged.counts["new"]
            companies = {row["id"] for row in table(database, "company")}
            assert {row["company_id"] for row in table(database, "lead")} == companies
        state = everything(database)["lead"]
        again = imported(database, as_csv(two), "again.csv", overrides=overrides)
        assert again.counts["new"] == again.counts["changed"] == 0
        assert everything(database)["lead"] == state
