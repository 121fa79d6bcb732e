"""Settings from the environment and .env: presets, defaults, refusals in words, and keys that nothing shows."""

import pickle

import pytest

from ranker.errors import LlmSetup, NoKey
from ranker.llm.dotenv import environment, read_env
from ranker.llm.providers import preset_of, reasons
from ranker.llm.settings import Secret, check_key, load_settings

KEY = "sk-do-not-show-me"


def test_a_key_alone_is_enough():
    found = load_settings({"OPENAI_API_KEY": KEY})
    first = found.providers[0]
    assert (first.preset.name, first.model, first.key.reveal()) == ("openai", "gpt-5-mini", KEY)
    assert (found.concurrency, found.temperature, found.timeout, found.max_usd) == (20, 0.1, 60.0, None)
    assert found.can_spend
    check_key(found)


def test_without_a_key_it_says_what_to_set_and_that_rules_need_none():
    with pytest.raises(NoKey, match=r"OPENAI_API_KEY.*rules"):
        check_key(load_settings({}))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://api.openai.com/v1", "openai"), ("https://openrouter.ai/api/v1", "openrouter"),
        ("https://api.groq.com/openai/v1", "groq"), ("https://api.deepseek.com", "deepseek"),
        ("https://generativelanguage.googleapis.com/v1beta/openai/", "gemini"),
        ("http://localhost:11434/v1", "ollama"), ("http://127.0.0.1:8000/v1", "other"), ("", "openai"),
    ],
)  # fmt: skip
def test_an_address_is_known_by_its_host(address, name):
    assert preset_of(address).name == name


def test_ollama_needs_no_key_and_costs_nothing_unless_its_model_runs_elsewhere():
    found = load_settings({"RANKER_PROVIDER": "ollama", "RANKER_MODEL": "llama3"})
    check_key(found)
    assert found.providers[0].price("llama3").output == 0
    assert found.providers[0].price("gpt-oss:120b-cloud") is None
    far = load_settings({"RANKER_PROVIDER": "ollama", "OPENAI_BASE_URL": "http://models.example:11434/v1"})
    assert far.providers[0].price("llama3") is None


def test_tasks_and_fallbacks_have_models_and_keys_of_their_own():
    found = load_settings(
        {
            "OPENAI_API_KEY": KEY, "GROQ_API_KEY": "gsk", "RANKER_MODEL": "gpt-5", "RANKER_MODEL_QUALIFY": "gpt-5-nano",
            "RANKER_FALLBACKS": "groq:llama-3.3-70b-versatile, ollama:llama3:8b",
        }
    )  # fmt: skip
    first, second, third = found.providers
    assert [first.model_for(task) for task in ("qualify", "score")] == ["gpt-5-nano"] * 2
    assert [first.model_for(task) for task in ("rank", "rescore", "final", "pointwise")] == ["gpt-5"] * 4
    assert (second.name, second.key.reveal(), second.model) == ("groq", "gsk", "llama-3.3-70b-versatile")
    assert (third.name, third.model) == ("ollama", "llama3:8b")
    assert found.with_model("gpt-4.1").providers[0].model_for("qualify") == "gpt-4.1"


def test_a_key_of_openai_is_not_sent_to_another_provider():
    found = load_settings({"OPENAI_API_KEY": KEY, "RANKER_PROVIDER": "groq"})
    assert not found.providers[0].key
    with pytest.raises(NoKey, match="GROQ_API_KEY"):
        check_key(found)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"RANKER_PROVIDER": "acme"}, "openrouter"), ({"OPENAI_BASE_URL": "localhost:8000"}, "http://"),
        ({"RANKER_PROVIDER": "other"}, "OPENAI_BASE_URL"), ({"RANKER_MAX_USD": "lots"}, "RANKER_MAX_USD"),
        ({"RANKER_MAX_USD": "nan"}, "RANKER_MAX_USD"), ({"RANKER_RPM": "0"}, "RANKER_RPM"),
        ({"RANKER_CAN_SPEND": "perhaps"}, "yes or no"), ({"RANKER_FALLBACKS": "acme:x"}, "provider:model"),
        ({"RANKER_FALLBACKS": "groq:x"}, "GROQ_API_KEY"), ({"RANKER_PRICE_INPUT": "1"}, "RANKER_PRICE_OUTPUT"),
    ],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_named(said, words):
    with pytest.raises(LlmSetup, match=words) as refused:
        load_settings({"OPENAI_API_KEY": KEY, **said})
    assert KEY not in str(refused.value)


@pytest.mark.parametrize(("said", "can"), [("no", False), ("0", False), ("off", False), ("yes", True), ("1", True)])
def test_one_switch_blocks_spending(said, can):
    assert load_settings({"RANKER_CAN_SPEND": said}).can_spend is can


def test_a_limit_of_0_dollars_is_a_limit():
    assert load_settings({"RANKER_MAX_USD": "0"}).max_usd == 0.0


def test_a_key_is_shown_nowhere_and_not_written_down():
    found = load_settings({"OPENAI_API_KEY": KEY, "RANKER_FALLBACKS": "ollama:llama3"})
    assert KEY not in repr(found)
    assert KEY not in f"{found} {found.providers[0].key!s}"
    with pytest.raises(TypeError):
        pickle.dumps(Secret(KEY))


def test_the_file_is_read_and_the_environment_wins(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text(
        "# a comment\nexport OPENAI_API_KEY='from # file'\nRANKER_MODEL=gpt-5 # why\nRANKER_RPM=\nnonsense\n"
    )
    monkeypatch.setenv("RANKER_MODEL", "gpt-5-nano")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    found = environment(tmp_path)
    assert (found["OPENAI_API_KEY"], found["RANKER_MODEL"]) == ("from # file", "gpt-5-nano")
    assert "RANKER_RPM" not in found
    assert read_env(tmp_path / "none") == {}


@pytest.mark.parametrize(
    ("model", "thinks"),
    [("gpt-5-mini", True), ("openai/gpt-5", True), ("o4-mini", True), ("gpt-5-chat-latest", False), ("gpt-4.1", False),
     ("gpt-4o", False), ("llama3", False)],
)  # fmt: skip
def test_models_that_think_take_no_temperature(model, thinks):
    assert reasons(model) is thinks
