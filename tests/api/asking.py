"""What the tests of the API share: requests, and how an answer is read."""

CONTEXT = "We make planning software for repair workshops."
URL = "https://www.linkedin.com/in/ada-example"
PATH = "/api/generate-sequence"


def body(**changes):
    """A request; a change to None leaves the field out."""
    said = {"prospect_url": URL, "company_context": CONTEXT, **changes}
    return {name: value for name, value in said.items() if value is not None}


def problem(answer):
    """(Status, code, place, words) of an answer that refuses; every one has this shape and nothing else."""
    found = answer.json()
    assert list(found) == ["detail"]
    assert found["detail"]
    assert all(set(one) == {"type", "loc", "msg"} for one in found["detail"])
    first = found["detail"][0]
    return answer.status_code, first["type"], first["loc"], first["msg"]


def sequences(database):
    """(Prospect, number, state, origin, who made it, which key) of every sequence that is kept."""
    with database.engine.connect() as connection:
        sql = "SELECT prospect_id, number, state, origin, made_by, client FROM sequence ORDER BY id"
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def calls(database):
    """(Scope, outcome, reserved, cost) of every call in the ledger."""
    with database.engine.connect() as connection:
        sql = "SELECT scope, outcome, reserved_usd, cost_usd FROM ai_call ORDER BY id"
        return [tuple(row) for row in connection.exec_driver_sql(sql)]
