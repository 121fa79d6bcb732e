"""Settings, language models: what is set, what a key would add, a key that goes in and never comes out, a test call."""

from __future__ import annotations

import json
import logging

import pytest
from streamlit.testing.v1 import AppTest

from ranker.care.logs import start_logs
from ranker.llm.keys import key_file
from ranker.llm.providers import PRESETS
from ranker.llm.settings import load_settings
from ranker.store import backups
from ranker.store.provider_states import ProviderState, keep_state, load_states, moment
from tests.llm.fake_server import FakeServer

KEY = "sk-never-shown-0123456789abcdef"
NAMES = ("PROVIDER", "MODEL", "MODEL_QUALIFY", "MODEL_RANK", "MAX_USD", "CAN_SPEND", "FALLBACKS", "RPM", "TPM")


@pytest.fixture(autouse=True)
def bare(tmp_path, monkeypatch, database):
    names = ["OPENAI_BASE_URL", *(preset.key_variable for preset in PRESETS.values()), *(f"RANKER_{n}" for n in NAMES)]
    for name in names:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)  # no file .env of the project's folder


@pytest.fixture
def page(open_page):
    return lambda: open_page("settings.py")


def words(page: AppTest) -> str:
    assert not page.exception
    found = [*page.markdown, *page.caption, *page.warning, *page.error, *page.info, *page.success]
    return "\n".join(item.value for item in found)


def press(page: AppTest, label: str) -> AppTest:
    return next(button for button in page.button if button.label == label).click().run()


def field(page: AppTest, label: str):
    return next(one for one in page.text_input if one.label.startswith(label))


def everything(page: AppTest) -> str:
    """All that the page sends to the browser, and what its session keeps."""
    sent = [str(getattr(one, "proto", one)) for one in page]
    return "\n".join([*sent, repr(page), repr(page.session_state)])


def enter(page: AppTest, server: FakeServer, key: str = KEY) -> AppTest:
    page.selectbox(key="model_provider").set_value("other").run()
    field(page, "Address").set_value(server.url)
    field(page, "Model").set_value("fake")
    field(page, "Key").set_value(key)
    return press(page, "Save")


def test_without_a_key_it_says_what_one_would_add_and_that_everything_works_without(page):
    told = words(page())
    assert "No key for OpenAI is set." in told
    assert "rules rank and templates write on this computer" in told
    assert "to write, also the name, the place and what the ranking said, but no email address" in told
    assert "It costs money, told in advance" in told
    assert "Not tried live" in told
    assert "**Key:** not set" in told
    assert next(button for button in page().button if button.label == "Test it").disabled


def test_every_setting_says_its_value_its_name_and_where_it_comes_from(page, monkeypatch, tmp_path):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("RANKER_MODEL_RANK", "gpt-5")
    monkeypatch.setenv("RANKER_FALLBACKS", "ollama:llama3")
    (tmp_path / ".env").write_text("RANKER_RPM=500\nRANKER_MAX_USD=2\n")
    shown = page()
    told = words(shown)
    for line in (
        "**Key:** set :gray[· from the environment · OPENAI\\_API\\_KEY]",
        "**Address:** `https://api.openai.com/v1` :gray[· default · OPENAI\\_BASE\\_URL]",
        "**Model:** gpt-5-mini :gray[· default · RANKER\\_MODEL]",
        "**Model for the closer look at those that are left:** gpt-5; its price\\: \\$1.25 for a million tokens in",
        "**Stand-ins:** Ollama (llama3; its price\\: free\\: it runs on this computer) :gray[· from the environment",
        "**Requests a minute:** 500 :gray[· from the file .env",
        "**Tokens a minute:** as many as the provider says :gray[· default · RANKER\\_TPM]",
        "**Most a ranking may cost:** \\$2.00 :gray[· from the file .env",
        "**Paid calls:** allowed :gray[· default · RANKER\\_CAN\\_SPEND]",
    ):
        assert line in told
    assert "genai-prices" in told
    assert "Not tried live" in told
    assert KEY not in everything(shown)
    assert not [one for one in shown.text_input if one.label == "Key"]  # the environment wins
    assert "The key is set outside the app (OPENAI_API_KEY), which wins." in told


def test_a_key_goes_in_and_never_comes_out(page, database, tmp_path, caplog):
    start_logs(tmp_path)
    caplog.set_level(logging.DEBUG)
    with FakeServer() as server:
        shown = enter(page(), server)
        assert "Saved, with the key." in words(shown)
        assert field(shown, "Key").value == ""
        assert server.url in everything(shown)  # what was entered beside it is there, so that it would be seen
        assert KEY not in everything(shown)
        shown = press(shown, "Test it")
        assert "answers as it should" in words(shown)
        assert server.requests[0]["key"] == f"Bearer {KEY}"
    assert KEY not in everything(shown)
    assert KEY not in everything(page())
    backups.make(database)
    database.close()
    holding = [one.name for one in tmp_path.rglob("*") if one.is_file() and KEY.encode() in one.read_bytes()]
    assert holding == [key_file().name]
    assert key_file().stat().st_mode & 0o777 == 0o600
    assert KEY not in caplog.text
    assert (tmp_path / "logs" / "ranker.log").read_text().count("llm.key_saved") == 1


def test_a_key_is_replaced_and_removed(page):
    with FakeServer() as server:
        shown = enter(page(), server)
        assert field(shown, "Key").placeholder.startswith("set;")
        field(shown, "Key").set_value("another-" + KEY)
        shown = press(shown, "Save")
        assert load_settings().providers[0].key.reveal() == "another-" + KEY
        shown = press(shown, "Remove the key")
    assert "The key is removed." in words(shown)
    assert not key_file().exists()
    assert "Remove the key" not in [button.label for button in shown.button]


@pytest.mark.parametrize("text", [f"Bearer {KEY}", f"{KEY}é", KEY * 40])
def test_what_can_be_no_key_is_refused_in_words_and_cleared(page, text):
    shown = page()
    field(shown, "Key").set_value(text)
    shown = press(shown, "Save")
    assert "The key " in shown.error[0].value
    assert "Nothing was saved." in shown.error[0].value
    assert field(shown, "Key").value == ""
    assert KEY not in everything(shown)
    assert not key_file().exists()


def test_another_provider_is_chosen_with_a_model_that_it_has(page):
    shown = page()
    shown.selectbox(key="model_provider").set_value("groq").run()
    assert field(shown, "Model").value == "llama-3.3-70b-versatile"
    shown.number_input(key="model_limit_0").set_value(1.5)
    field(shown, "Key").set_value(KEY)
    shown = press(shown, "Save")
    settings = load_settings()
    assert (settings.providers[0].name, settings.max_usd) == ("groq", 1.5)
    assert "**Groq, llama-3.3-70b-versatile** :green-badge" in words(shown)
    assert "**Provider:** Groq :gray[· from this page" in words(shown)


def test_a_key_of_openai_in_the_environment_is_said_not_to_go_to_an_address_of_the_page(page, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with FakeServer() as server:
        shown = enter(page(), server, key="")
        assert "The key in OPENAI_API_KEY is OpenAI's: it is not sent to this provider." in words(shown)
        press(shown, "Test it")
        assert KEY not in server.requests[0]["key"]


def test_what_is_set_outside_can_not_be_chosen_here_and_the_page_says_so(page, monkeypatch):
    monkeypatch.setenv("RANKER_PROVIDER", "groq")
    monkeypatch.setenv("RANKER_MAX_USD", "1")
    shown = page()
    told = words(shown)
    assert "They are set outside the app (RANKER_PROVIDER), which wins" in told
    assert [one.label for one in shown.text_input if one.key and one.key.startswith("model_")] == ["Key"]
    assert not [one for one in shown.number_input if one.key and one.key.startswith("model_")]
    field(shown, "Key").set_value(KEY)
    press(shown, "Save")
    assert json.loads(key_file().read_text()) == {"groq": KEY}


def test_a_limit_can_be_emptied_again(page):
    shown = page()
    shown.number_input(key="model_limit_0").set_value(0.5)
    shown = press(shown, "Save")
    assert load_settings().max_usd == 0.5
    limit = shown.number_input(key="model_limit_1")
    assert limit.value == 0.5
    assert not limit.proto.HasField("default")  # a browser fills an emptied field with its default
    limit.set_value(None)
    shown = press(shown, "Save")
    assert load_settings().max_usd is None
    assert shown.number_input(key="model_limit_2").value is None


def test_what_was_typed_stays_where_something_in_it_was_refused_but_for_the_key(page):
    shown = page()
    shown.selectbox(key="model_provider").set_value("other").run()
    field(shown, "Address").set_value("not an address")
    field(shown, "Model").set_value("fake")
    field(shown, "Key").set_value(KEY)
    shown.number_input(key="model_limit_0").set_value(2.5)
    shown = press(shown, "Save")
    assert "Nothing was saved." in words(shown)
    assert [field(shown, label).value for label in ("Address", "Model", "Key")] == ["not an address", "fake", ""]
    assert shown.number_input(key="model_limit_1").value == 2.5
    assert KEY not in everything(shown)
    field(shown, "Address").set_value("http://127.0.0.1:9/v1")
    shown.number_input(key="model_limit_1").set_value(None)
    shown = press(shown, "Save")
    assert field(shown, "Address").value == "http://127.0.0.1:9/v1"
    assert load_settings().providers[0].model == "fake"


def test_a_limit_that_an_unknown_price_would_break_is_told_before_anything_starts(page):
    with FakeServer() as server:
        shown = enter(page(), server)
        shown.number_input(key="model_limit_1").set_value(1.0)
        shown = press(shown, "Save")
    assert "The price of “fake” at your own address is not known, so a limit of \\$1.00 can't be held" in words(shown)
    assert ":orange-badge[:material/pause: would not start]" in words(shown)
    assert next(button for button in shown.button if button.label == "Test it").disabled


def test_a_test_that_fails_says_why_and_what_to_do(page):
    with FakeServer(always="auth") as server:
        shown = press(enter(page(), server), "Test it")
    assert "refused the key. Enter the key again" in shown.error[0].value
    assert "out of order" in words(shown)
    assert "It is tried again in" in words(shown)
    shown = press(shown, "Reset")
    assert "no trouble known" in words(shown)
    assert not shown.error  # the test that failed says nothing of how it is now


def test_a_setting_that_makes_no_sense_is_named_and_the_rest_of_the_page_works(page, monkeypatch):
    monkeypatch.setenv("RANKER_RPM", "lots")
    shown = page()
    assert "RANKER\\_RPM has to be a number" in shown.error[0].value
    assert "Backup and restore" in "\n".join(one.value for one in shown.subheader)


def test_a_provider_that_was_given_up_is_shown_and_reset_by_hand(page, database, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with database.write() as session:
        keep_state(session, ProviderState("openai", "out", 9, 4, moment(4e9), "server"))
    shown = page()
    assert "**OpenAI** :red-badge[:material/error: out of order]" in words(shown)
    assert "had an error of its own; 9 failures in a row" in words(shown)
    shown = press(shown, "Reset")
    assert "no trouble known" in words(shown)
    assert "Reset" not in [button.label for button in shown.button]
    with database.session() as session:
        assert load_states(session)["openai"].state == "ok"


def test_an_address_that_others_can_read_along_is_told(page, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://models.example/v1")
    assert "can be read on the way" in words(page())
