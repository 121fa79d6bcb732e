"""Keys and choices in the data folder: private from the first moment, whole or not at all, sent to one place only."""

import os
import stat

import pytest

from ranker.errors import LlmSetup
from ranker.llm.choices import choices_file, load_choices, save_choices
from ranker.llm.keys import LONGEST, key_file, load_keys, remove_key, save_key
from ranker.llm.providers import PRESETS
from ranker.llm.settings import load_settings
from ranker.llm.setup import forget_key, save_setup

KEY = "sk-do-not-show-me-0123456789"
OPENAI, GROQ, OTHER = PRESETS["openai"], PRESETS["groq"], PRESETS["other"]
SET_OUTSIDE = ("RANKER_PROVIDER", "RANKER_MODEL", "RANKER_MAX_USD", "RANKER_FALLBACKS", "OPENAI_BASE_URL")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    for name in (*SET_OUTSIDE, *(preset.key_variable for preset in PRESETS.values())):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RANKER_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def first():
    return load_settings().providers[0]


def test_a_key_is_in_a_file_that_nobody_else_could_ever_read(folder, monkeypatch):
    seen = []
    really = os.fsync
    monkeypatch.setattr(os, "fsync", lambda number: (seen.append(os.fstat(number).st_mode & 0o777), really(number)))
    before = os.umask(0)  # the most generous there is
    try:
        save_key(OPENAI, "", KEY)
        save_key(OPENAI, "", KEY + "new")
    finally:
        os.umask(before)
    assert seen == [0o600, 0o600]
    assert (mode(key_file()), mode(folder)) == (0o600, 0o700)
    assert [path.name for path in folder.iterdir()] == ["keys.json"]
    assert first().key.reveal() == KEY + "new"


def test_keys_are_kept_per_provider_and_the_file_goes_with_the_last():
    save_key(OPENAI, "", KEY)
    save_key(GROQ, "", "gsk-" + KEY)
    assert sorted(load_keys()) == ["groq", "openai"]
    assert remove_key(OPENAI, "")
    assert not remove_key(OPENAI, "")
    assert not first().key
    assert remove_key(GROQ, "")
    assert not key_file().exists()


def test_a_write_that_fails_leaves_the_key_that_was_there_and_says_so(folder):
    save_key(OPENAI, "", KEY)
    blocked = folder / "keys.json.part"
    blocked.mkdir()
    with pytest.raises(LlmSetup, match="nothing was kept") as refused:
        save_key(OPENAI, "", "another-" + KEY)
    assert KEY not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    assert first().key.reveal() == KEY


def test_what_a_crash_left_half_written_is_replaced(folder):
    folder.mkdir()
    (folder / "keys.json.part").write_text("half of a ke")
    save_key(OPENAI, "", KEY)
    assert [path.name for path in folder.iterdir()] == ["keys.json"]


def test_a_file_that_is_damaged_is_named_and_not_quoted(folder):
    folder.mkdir()
    key_file().write_text('{"openai": "' + KEY)
    with pytest.raises(LlmSetup, match=r"keys\.json") as refused:
        load_settings()
    assert KEY not in repr(refused.value)
    assert refused.value.__context__ is None or KEY not in repr(refused.value.__context__)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"Bearer {KEY}", "a space"), (f"{KEY}\n{KEY}", "a line break"), (f"{KEY}\t", None), (f"  {KEY}\r\n", None),
        (f"{KEY}\x07", "signs"), (f"{KEY}é", "signs"), ("•" * 30, "signs"), (f"{KEY}\u200b", "signs"),
        (f"{KEY}\u00a0{KEY}", "a space"), ("sk-1", "too short"), ("", "too short"), ("x" * (LONGEST + 1), "too long"),
        ("x" * LONGEST, None),
    ],
)  # fmt: skip
def test_only_what_can_be_a_key_is_taken(text, words):
    if words is None:
        save_key(OPENAI, "", text)
        assert first().key.reveal() == text.strip()
        return
    with pytest.raises(LlmSetup, match=words) as refused:
        save_key(OPENAI, "", text)
    assert KEY not in str(refused.value)
    assert not key_file().exists()


def test_the_environment_wins_over_env_file_and_that_over_what_was_entered(tmp_path, monkeypatch):
    save_key(OPENAI, "", KEY)
    save_choices({"RANKER_MODEL": "from-page", "RANKER_MAX_USD": "3"})
    assert (first().key.reveal(), first().model, load_settings().max_usd) == (KEY, "from-page", 3.0)
    (tmp_path / ".env").write_text("OPENAI_API_KEY=from-file\nRANKER_MODEL=model-file\nRANKER_MAX_USD=2\n")
    assert (first().key.reveal(), first().model, load_settings().max_usd) == ("from-file", "model-file", 2.0)
    monkeypatch.setenv("OPENAI_API_KEY", "from-env")
    monkeypatch.setenv("RANKER_MODEL", "model-env")
    assert (first().key.reveal(), first().model) == ("from-env", "model-env")


def test_provider_address_and_model_of_the_app_are_put_aside_together(monkeypatch):
    save_choices({"RANKER_PROVIDER": "groq", "RANKER_MODEL": "llama-3.1-8b-instant"})
    assert (first().name, first().model) == ("groq", "llama-3.1-8b-instant")
    monkeypatch.setenv("RANKER_PROVIDER", "deepseek")
    monkeypatch.setenv("DEEPSEEK_API_KEY", KEY)
    assert (first().name, first().model) == ("deepseek", "gpt-5-mini")
    monkeypatch.delenv("RANKER_PROVIDER")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1")
    assert first().name == "other:127.0.0.1:8000"


def test_a_key_of_the_environment_goes_to_no_address_that_was_chosen_in_the_app(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    save_choices({"RANKER_PROVIDER": "other", "OPENAI_BASE_URL": "http://models.example/v1", "RANKER_MODEL": "m"})
    assert not first().key
    save_key(OTHER, "http://models.example/v1", "own")
    assert first().key.reveal() == "own"


def test_a_key_that_was_entered_for_one_address_is_sent_to_no_other():
    choices = {"RANKER_PROVIDER": "other", "OPENAI_BASE_URL": "https://models.example/v1", "RANKER_MODEL": "m"}
    save_setup(None, choices)
    save_key(OTHER, "https://models.example/v1", KEY)
    assert first().key.reveal() == KEY
    for address in ("https://elsewhere.example/v1", "http://models.example/v1", "https://models.example:8443/v1"):
        save_setup(None, {**choices, "OPENAI_BASE_URL": address})
        assert not first().key
    save_setup(None, {"RANKER_PROVIDER": "openai", "RANKER_MODEL": "gpt-5-mini"})
    assert not first().key


def test_a_key_of_the_environment_that_no_request_can_carry_is_named(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY} {KEY}")
    with pytest.raises(LlmSetup, match="OPENAI_API_KEY has a space") as refused:
        load_settings()
    assert KEY not in str(refused.value)


def test_a_stand_in_takes_the_key_that_was_entered_for_it(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "for-my-server")
    monkeypatch.setenv("RANKER_FALLBACKS", "groq:llama-3.3-70b-versatile")
    with pytest.raises(LlmSetup, match="Groq"):  # the key of one's own server is not sent to Groq
        load_settings()
    save_key(GROQ, "", KEY)
    assert load_settings().providers[1].key.reveal() == KEY


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"RANKER_PROVIDER": "acme"}, "provider"), ({"RANKER_PROVIDER": "other"}, "address"),
        ({"RANKER_PROVIDER": "other", "OPENAI_BASE_URL": "models.example"}, "http"),
        ({"RANKER_PROVIDER": "other", "OPENAI_BASE_URL": "http://me:secret@models.example/v1"}, "passwords"),
        ({"RANKER_PROVIDER": "other", "OPENAI_BASE_URL": "http://models.example/v1?key=secret"}, "after a ?"),
        ({"RANKER_PROVIDER": "other", "OPENAI_BASE_URL": "http://[models/v1"}, "http"),
        ({"RANKER_PROVIDER": "other", "OPENAI_BASE_URL": "http://models.example:port/v1"}, "http"),
        ({"RANKER_MODEL": ""}, "model"), ({"RANKER_MODEL": "two words"}, "model"),
        ({"RANKER_MAX_USD": "nan"}, "dollars"), ({"RANKER_MAX_USD": "-1"}, "dollars"),
    ],
)  # fmt: skip
def test_a_choice_that_makes_no_sense_is_refused_and_nothing_is_kept(change, words):
    with pytest.raises(LlmSetup, match=words) as refused:
        save_setup(None, change, KEY)
    assert "secret" not in str(refused.value)
    assert not choices_file().exists()
    assert not key_file().exists()


def test_choices_are_private_hold_no_key_and_can_be_forgotten_one_by_one(database):
    save_setup(database, {"RANKER_PROVIDER": "groq", "RANKER_MODEL": "m", "RANKER_MAX_USD": "0.50"}, KEY)
    assert load_choices() == {"RANKER_PROVIDER": "groq", "RANKER_MODEL": "m", "RANKER_MAX_USD": "0.5"}
    assert mode(choices_file()) == 0o600
    assert KEY not in choices_file().read_text()
    save_setup(database, {"RANKER_MAX_USD": ""})
    assert load_settings().max_usd is None
    assert first().key.reveal() == KEY
    assert forget_key()
    assert not first().key
    assert first().name == "groq"


def test_a_key_that_is_refused_leaves_the_choices_as_they_were(database):
    with pytest.raises(LlmSetup, match="too short"):
        save_setup(database, {"RANKER_PROVIDER": "groq", "RANKER_MODEL": "m"}, "short")
    assert first().name == "openai"
