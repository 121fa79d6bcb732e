"""kill -9 in the middle of a ranking with a model: only calls under way are repeated, ledger and limit add up."""

import random

import pytest

from eval import soak_model

SET = (
    "OPENAI_BASE_URL", "RANKER_MODEL", "RANKER_TIMEOUT", "RANKER_MAX_USD", "RANKER_CONCURRENCY", "RANKER_PRICE_INPUT",
    "RANKER_PRICE_CACHED", "RANKER_PRICE_OUTPUT",
)  # fmt: skip


@pytest.mark.parametrize(("strategy", "share"), [("cascade", 1.0), ("pointwise", soak_model.TIGHT)])
def test_a_killed_ranking_with_a_model_goes_on_at_the_next_start(tmp_path, monkeypatch, strategy, share):
    for name in SET:  # what the helper sets is put back afterwards
        monkeypatch.setenv(name, "")
    seed = random.SystemRandom().randrange(1_000_000)
    with soak_model.Shop(latency=soak_model.LATENCY) as server:
        calm = soak_model.calm_run(server, strategy, tmp_path / "calm")
        cap = soak_model.PLENTY if share == 1.0 else calm.spent * share
        folder, most = tmp_path / "killed", int(calm.requests * share)
        said = soak_model.killed_once(server, strategy, folder, random.Random(seed), most, cap)
        assert soak_model.faults(server, folder, calm, cap) == [], f"seed {seed}, {said}"
