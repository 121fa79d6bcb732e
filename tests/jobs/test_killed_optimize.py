"""kill -9 in the middle of an optimization: the same candidates and the same winner, and nobody is asked anew."""

import random
from dataclasses import replace

import pytest

from eval import soak_optimize
from tests.jobs.test_killed_model import SET


@pytest.mark.parametrize("kind", soak_optimize.KINDS)
def test_a_killed_optimization_goes_on_at_the_next_start_and_ends_with_the_same_winner(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(soak_optimize, "SETTINGS", replace(soak_optimize.SETTINGS, folds=0))
    for name in SET:  # what the helper sets is put back afterwards
        monkeypatch.setenv(name, "")
    seed = random.SystemRandom().randrange(1_000_000)
    with soak_optimize.School(latency=soak_optimize.LATENCY) as server:
        calm = soak_optimize.calm_run(kind, server, tmp_path / "calm")
        assert calm.left["result"]["proposal"] > 0
        assert len(calm.left["candidate"]) > 3
        soak_optimize.prepare(kind, tmp_path / "template")
        folder = tmp_path / "killed"
        said = soak_optimize.killed_once(kind, server, tmp_path / "template", folder, random.Random(seed), calm)
        assert soak_optimize.faults(kind, server, folder, calm) == [], f"seed {seed}, {said}"
