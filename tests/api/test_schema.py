"""Everything that the API's own schema allows, and much that it does not: no server error, and answers as it says."""

import pytest

from eval.soak_api import ask_everything, look_after, serving
from tests.llm.fake_server import FakeServer

FAULTS = ("error_500", "not_json", "invalid_json", "wrong_schema", "refusal", "empty")


@pytest.mark.parametrize("with_model", [False, True], ids=["templates", "model"])
def test_no_request_that_can_be_made_of_the_schema_finds_an_error(service, world, model, database, with_model):
    with FakeServer(share=0.2, faults=FAULTS) as provider:
        if with_model:
            model(provider)
        with serving(service) as address:
            told = ask_everything(address, list(world.leads.values()), 12, 1)
    look_after(database)
    assert told["POST /api/generate-sequence 200"] > 0
    assert told["POST /api/generate-sequence 422"] > 0
    assert told["GET /api/prospects 200"] > 0
    assert bool(provider.requests) is with_model
