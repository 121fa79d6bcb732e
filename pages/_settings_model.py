"""Language models: what is set up, and what it would give; provider, model, limit and key are entered here."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._settings_model_test import draw_button, draw_test
from ranker.errors import LlmSetup
from ranker.llm.choices import USUAL_MODELS, WITH_ADDRESS
from ranker.llm.overview import Line, Overview, is_open, overview
from ranker.llm.providers import PRESETS
from ranker.llm.settings import first_address, settings_of
from ranker.llm.setup import forget_key, save_setup
from ranker.llm.sources import Sources, gather
from ranker.store.engine import Database

_READY = ":green-badge[:material/check: set up]"
_NOT = ":gray-badge[:material/remove: not set up]"
_HELD = ":orange-badge[:material/pause: would not start]"
_WRONG = ":red-badge[:material/error: needs a hand]"
_WIDTH = 480
_WINS = "They are set outside the app ({name}), which wins. Whoever looks after this installation can change them."


def draw_model(database: Database) -> None:
    """The whole part of the page."""
    st.subheader("Language model", anchor=False)
    with st.container(border=True, key="settings_model"):
        _say()
        found = gather()
        settings = told = None
        try:
            settings = settings_of(found)
            told = overview(found, settings)
        except LlmSetup as error:
            st.markdown(f"**Language model** {_WRONG}")
            st.error(_ui.plain(error.message), icon=":material/error:")
        if told is not None:
            _state(told)
            if "OPENAI_API_KEY" in found.said and told.key != "set":
                st.caption("The key in OPENAI_API_KEY is OpenAI's: it is not sent to this provider.")
        _form(database, found, told)
        with st.container(horizontal=True):
            tested = told is not None and draw_button(told)
            if told is not None and told.key_place == "key file":
                _remove()
        if settings is not None and told is not None:
            draw_test(database, settings, told, tested)
    if told is not None:
        _lines(told)


def _state(told: Overview) -> None:
    if told.ready:
        st.markdown(f"**{_ui.plain(told.provider)}, {_ui.plain(told.model)}** {_READY}")
        st.caption(
            f"Price: {_ui.plain(told.price)}. Not tried live: tested on a server of our own and a small model only."
        )
        if is_open(told.address):
            st.warning(
                "What is sent to this address, the key too, can be read on the way: it begins with http://, not "
                "https://, and is not on this computer.",
                icon=":material/lock_open:",
            )
        return
    if told.key != "not set":
        st.markdown(f"**{_ui.plain(told.provider)}, {_ui.plain(told.model)}** {_HELD}")
        st.caption(f"{_ui.plain(told.why_not)} Rules rank on this computer all the same.")
        return
    st.markdown(f"**Language model** {_NOT}")
    st.caption(
        f"{_ui.plain(told.why_not)} "
        "Everything works without: rules rank and templates write on this computer, free and in no time. With a "
        "key, a language model can judge instead: it also understands titles that the rules can't place, and says "
        "how sure it is; and it can write the messages. It costs money, told in advance. To rank, the provider "
        "gets job titles, company, domain, size and industry, but no names or addresses of people; to write, also "
        "the name, the place and what the ranking said, but no email address, phone number or profile. Not tried live "
        "yet."
    )


def _form(database: Database, found: Sources, told: Overview | None) -> None:
    held = found.is_fixed("RANKER_PROVIDER", "OPENAI_BASE_URL")
    provider = _provider(found, held)
    turn = st.session_state.setdefault("model_turn", 0)
    changes: dict[str, str] = {}
    with st.form("model_form", border=False, clear_on_submit=True, enter_to_submit=False):
        if not held:
            changes["RANKER_PROVIDER"] = provider
            if provider in WITH_ADDRESS:
                changes["OPENAI_BASE_URL"] = st.text_input(
                    "Address" if provider == "other" else "Address (empty: this computer)",
                    _now(found, provider, "OPENAI_BASE_URL", ""),
                    key=f"model_address_{provider}_{turn}",
                    placeholder="http://127.0.0.1:8000/v1" if provider == "other" else PRESETS[provider].base_url,
                    max_chars=200,
                    width=_WIDTH,
                )
        if not held and not found.is_fixed("RANKER_MODEL"):
            changes["RANKER_MODEL"] = st.text_input(
                "Model, as the provider writes it",
                _now(found, provider, "RANKER_MODEL", USUAL_MODELS.get(provider, "")),
                key=f"model_name_{provider}_{turn}",
                max_chars=200,
                width=_WIDTH,
            )
        if not found.is_fixed("RANKER_MAX_USD"):
            # A number that is given as the field's default could not be emptied any more: the browser puts it back.
            st.session_state.setdefault(f"model_limit_{turn}", _limit(found))
            limit = st.number_input(
                "The most that one run may cost, in dollars (empty: no limit)",
                min_value=0.0,
                value=None,
                step=1.0,
                format="%.2f",
                key=f"model_limit_{turn}",
                width=_WIDTH,
            )
            changes["RANKER_MAX_USD"] = "" if limit is None else f"{limit}"
        key = _key_field(found, provider, held, told, turn)
        sent = st.form_submit_button("Save", icon=":material/save:")
    if sent:
        _save(database, changes, key)


def _remove() -> None:
    if st.button("Remove the key", icon=":material/key_off:", key="model_remove"):
        with _ui.errors_shown():
            forget_key()
            _done("The key is removed.")


def _provider(found: Sources, held: bool) -> str:
    try:
        now = first_address(found.said)[0].name
    except LlmSetup:
        now = "openai"
    if held:
        name = "RANKER_PROVIDER" if found.is_fixed("RANKER_PROVIDER") else "OPENAI_BASE_URL"
        st.caption(f"Provider, address and model can't be chosen here. {_WINS.format(name=name)}")
        return now
    return st.selectbox(
        "Provider",
        list(PRESETS),
        index=list(PRESETS).index(now),
        format_func=lambda name: "Another address" if name == "other" else PRESETS[name].title,
        key="model_provider",
        width=_WIDTH,
    )


def _key_field(found: Sources, provider: str, held: bool, told: Overview | None, turn: int) -> str:
    """A field for a key; it never shows one, and is empty again after each try."""
    preset = PRESETS[provider]
    if held:
        outside = told is not None and told.key_place in {"environment", ".env"}
    else:
        outside = provider != "other" and found.is_fixed(preset.key_variable)
    if outside:
        st.caption(f"The key is set outside the app ({preset.key_variable}), which wins.")
        return ""
    here = provider in found.keys or (told is not None and told.key_place == "key file" and _is_now(found, provider))
    wanted = "paste it here" if preset.needs_key else "empty, if the server asks for none"
    return st.text_input(
        "Key",
        key=f"model_key_{turn}",
        type="password",
        width=_WIDTH,
        autocomplete="off",
        placeholder="set; a new one takes its place" if here else wanted,
        help="It is kept in a file of the data folder that only this computer's user can read: in no database, log or "
        "backup. It is sent to this provider only, and never shown.",
    )


def _save(database: Database, changes: dict[str, str], key: str) -> None:
    try:
        with_key = save_setup(database, changes, key)
    except LlmSetup as error:
        st.session_state["model_typed"] = changes  # what was right in it need not be typed again; a key has to be
        _done(error.message, well=False)
    st.session_state.pop("model_typed", None)
    _done("Saved, with the key. Test it below." if with_key else "Saved.")


def _done(told: str, *, well: bool = True) -> None:
    """Begin anew with empty fields, so that no key stays in the page."""
    st.session_state["model_said"] = (told, well)
    st.session_state["model_turn"] += 1
    st.session_state.pop("model_trial", None)
    st.rerun()


def _say() -> None:
    told, well = st.session_state.pop("model_said", ("", True))
    if told and well:
        st.success(told, icon=":material/check_circle:")
    elif told:
        st.error(f"{_ui.plain(told)} Nothing was saved.", icon=":material/error:")


def _is_now(found: Sources, provider: str) -> bool:
    try:
        return first_address(found.said)[0].name == provider
    except LlmSetup:
        return False


def _now(found: Sources, provider: str, name: str, default: str) -> str:
    typed = st.session_state.get("model_typed", {})
    if name in typed and typed.get("RANKER_PROVIDER", provider) == provider:
        return str(typed[name])
    return found.said.get(name, default) if _is_now(found, provider) else default


def _limit(found: Sources) -> float | None:
    said = found.said | st.session_state.get("model_typed", {})
    try:
        return float(said["RANKER_MAX_USD"])
    except (KeyError, ValueError):
        return None


def _lines(told: Overview) -> None:
    with st.expander("All settings of the language model, and where each comes from"):
        st.caption(
            "What is set in the environment wins over the file .env, and that over this page. Those that this page has "
            "no field for are set there, by whoever looks after this installation."
        )
        st.markdown("\n".join(map(_line, told.lines)))


def _line(one: Line) -> str:
    value = f"`{one.value.replace('`', '')}`" if "://" in one.value else _ui.plain(one.value)  # no link is made of it
    return f"- **{one.name}:** {value} :gray[· {one.source} · {_ui.plain(one.variable)}]  \n  {one.told}"
