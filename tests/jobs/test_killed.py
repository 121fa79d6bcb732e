"""kill -9, for real, at random moments: what is left after the restart is what nobody disturbed would have left."""

import random
import shutil
import signal
from functools import cache
from pathlib import Path

import pytest

from eval import soak
from ranker.jobs.slots import Slots, take_slot
from tests.store.databases import empty

MOMENTS = 2
LEADS = 12_000


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """The folder with a queued run of a kind, made once; work on a copy of it."""

    @cache
    def made(kind):
        folder = tmp_path_factory.mktemp(kind) / "template"
        soak.prepare(kind, folder, LEADS)
        return folder

    return made


@pytest.mark.parametrize("kind", soak.KINDS)
def test_a_killed_process_goes_on_by_itself_at_the_next_start(tmp_path, template, kind):
    seed = random.SystemRandom().randrange(1_000_000)
    rng = random.Random(seed)
    calm = soak.undisturbed(kind, template(kind), tmp_path / "calm")
    assert [row[2] for row in calm.dump["run"]] == ["done"] * len(calm.dump["run"])
    for _ in range(MOMENTS):
        moment = soak.killed(template(kind), tmp_path / "killed", rng, calm.seconds)
        left = soak.dump(tmp_path / "killed")
        owners = {row[2] for row in left["current_assessment"]}
        assert len(owners) <= 1, f"seed {seed}: current ranks of two runs, {moment} s in"
        soak.finish(tmp_path / "killed")
        assert soak.differences(calm.dump, soak.dump(tmp_path / "killed")) == [], f"seed {seed}, {moment} s in"


def test_another_process_takes_over_the_run_of_one_that_died(tmp_path, template):
    folder = Path(shutil.copytree(template("rank"), tmp_path / "data"))
    first = soak.launch(folder)
    assert soak.hear(first, "slot") == "slot 0\n"
    soak.hear(first, "working")
    first.send_signal(signal.SIGSTOP)  # so that it has work, and still holds its slot, while the second starts
    second = soak.launch(folder)
    assert soak.hear(second, "slot") == "slot 1\n"
    first.kill()
    soak.ended(first)
    assert soak.hear(second, "finished")
    assert soak.ended(second) == 0
    assert [row[2] for row in soak.dump(folder)["run"]] == ["done", "done"]


def test_a_slot_is_held_by_one_and_free_again_once_its_holder_is_gone(tmp_path):
    database = empty(tmp_path)
    one, two = Slots(database), Slots(database)
    assert (take_slot(one), take_slot(two)) == (0, 1)
    assert not two.hold(0)
    one.free(0)
    assert take_slot(two) == 0
