import pytest

from ranker.errors import UsageError
from ranker.outreach.presets import (
    BUILT_IN,
    Preset,
    delete_preset,
    list_presets,
    rename_preset,
    save_preset,
)
from ranker.outreach.stored import load_sequence
from ranker.outreach.tone import Tone
from tests.outreach.sequences import prospect_of, write
from tests.store.ranked import World

TONE = Tone(0.1, 0.2, 0.3)


def names(world: World) -> list[str]:
    return [one.name for one in list_presets(world.database) if not one.builtin]


def preset_named(world: World, name: str) -> Preset:
    [found] = [one for one in list_presets(world.database) if one.name == name]
    return found


def test_no_two_that_come_along_sound_the_same() -> None:
    assert len({tuple(one.tone.bands().values()) for one in BUILT_IN}) == len(BUILT_IN) >= 4


def test_a_tone_is_kept_changed_renamed_and_deleted_under_its_name(world: World) -> None:
    save_preset(world.database, "  Our   voice ", TONE, "me")
    assert preset_named(world, "Our voice").tone == TONE
    save_preset(world.database, "OUR VOICE", Tone(0.9), "you")
    found = preset_named(world, "Our voice")
    assert (found.name, found.tone, found.who, found.builtin) == ("Our voice", Tone(0.9), "you", False)
    assert rename_preset(world.database, "our voice", "OUR voice").name == "OUR voice"
    rename_preset(world.database, "our voice", "Ours")
    save_preset(world.database, "Ärmel", TONE)
    assert names(world) == ["Ärmel", "Ours"]
    delete_preset(world.database, "ours")
    delete_preset(world.database, "ours")
    assert names(world) == ["Ärmel"]


@pytest.mark.parametrize("taken", ["ÄRMEL", "armel", "balanced", " Formal  and RESERVED"])
def test_a_name_that_differs_in_case_or_accents_only_is_taken(world: World, taken: str) -> None:
    save_preset(world.database, "Ärmel", TONE)
    save_preset(world.database, "Other", TONE)
    for work in (
        lambda: rename_preset(world.database, "Other", taken),
        lambda: save_preset(world.database, taken, Tone(0.9), new=True),
    ):
        with pytest.raises(UsageError, match=r"already|stays as it is"):
            work()
    assert names(world) == ["Ärmel", "Other"]
    assert preset_named(world, "Ärmel").tone == TONE


def test_one_that_came_along_stays_and_can_be_copied(world: World) -> None:
    for work in (
        lambda: save_preset(world.database, "balanced", TONE),
        lambda: rename_preset(world.database, "Balanced", "Mine"),
        lambda: delete_preset(world.database, "BALANCED"),
    ):
        with pytest.raises(UsageError, match="stays as it is"):
            work()
    copied = save_preset(world.database, "Mine", preset_named(world, "Formal and reserved").tone, "me", new=True)
    assert not copied.builtin
    assert tuple(list_presets(world.database)) == (*BUILT_IN, copied)


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\n", "x" * 81])
def test_a_name_that_nobody_could_read_is_refused(world: World, name: str) -> None:
    save_preset(world.database, "Mine", TONE)
    for work in (lambda: save_preset(world.database, name, TONE), lambda: rename_preset(world.database, "Mine", name)):
        with pytest.raises(UsageError, match="name"):
            work()
    with pytest.raises(UsageError, match="no preset"):
        rename_preset(world.database, "Nobody's", "Mine too")
    assert names(world) == ["Mine"]


def test_changing_or_deleting_a_preset_changes_no_sequence(world: World) -> None:
    save_preset(world.database, "Brisk", Tone(0.2, 0.6, 0.9))
    number = write(world.database, prospect_of(world.database, world.leads["Lead 0001"]))
    save_preset(world.database, "Brisk", Tone(1, 1, 1))
    delete_preset(world.database, "Brisk")
    assert (load_sequence(world.database, number).tone, load_sequence(world.database, number).preset) == (
        Tone(0.2, 0.6, 0.9), "Brisk",
    )  # fmt: skip
