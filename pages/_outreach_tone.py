"""The tone of voice: three sliders with the words they turn into, and tones kept under a name."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._outreach_state import View, act, change, tone_text
from ranker.outreach.presets import Preset, delete_preset, list_presets, rename_preset, save_preset
from ranker.outreach.tone import Tone
from ranker.store.engine import Database
from ranker.who import who

_ENDS = {
    "formality": ("casual", "formal"), "warmth": ("matter-of-fact", "warm"), "directness": ("gentle", "direct"),
}  # fmt: skip
STEP = 0.05
# A slider keeps room below for marks that it does not have here: the words stand close to it instead.
_STYLE = """<style>
.st-key-outreach_tone [data-testid="stSlider"] { margin-bottom: -1.1rem; }
</style>"""


def choose_tone(database: Database, view: View) -> tuple[Tone, str]:
    """(The tone that stands in the address, the name under which it is kept); a slider or a preset writes it there."""
    presets = {one.name: one for one in list_presets(database)}
    used = presets.get(view.preset)
    tone = view.tone or (used.tone if used else Tone())
    used = used or next((one for one in presets.values() if one.tone == tone), None)
    st.html(_STYLE)
    st.markdown("##### Tone")
    with st.container(key="outreach_tone", gap="xsmall"):
        _copy_from(presets)
        for name in tone.as_json():
            _slider(tone, name)
        _saved(database, tone, used)
    return tone, used.name if used is not None and used.tone == tone else ""


def _copy_from(presets: dict[str, Preset]) -> None:
    """Takes a tone over; what the sliders are like then stands below them, so that this shows no choice itself."""
    turn = st.session_state.get("outreach_tone_turn", 0)
    key = f"outreach_copy_{turn}_{len(presets)}"

    def take() -> None:
        chosen = presets.get(str(st.session_state.get(key)))
        if chosen is not None:
            st.session_state["outreach_tone_turn"] = turn + 1
            change(preset=chosen.name, tone=tone_text(chosen.tone))

    st.selectbox(
        "Copy from", list(presets), index=None, key=key, on_change=take, placeholder="A tone that is kept under a name",
        format_func=lambda name: name if presets[name].builtin else f"{name} (yours)",
    )  # fmt: skip


def _slider(tone: Tone, name: str) -> None:
    key = _key(name)
    if key not in st.session_state:  # a slider that is moved must not get the value of the step before back
        st.session_state[key] = getattr(tone, name)

    def write() -> None:
        moved = {one: round(st.session_state.get(_key(one), value), 2) for one, value in tone.as_json().items()}
        change(tone=tone_text(Tone.of(moved)[0]))

    low, high = _ENDS[name]
    st.slider(f"{name.capitalize()}: {low} – {high}", 0.0, 1.0, step=STEP, format="%.2f", key=key, on_change=write)
    st.caption(f"→ {tone.words()[name]}")


def _key(name: str) -> str:
    """A slider's key; after another tone was copied the sliders are new."""
    turn = st.session_state.get("outreach_tone_turn", 0)
    return f"outreach_tone_{name}_{turn}" if turn else f"outreach_tone_{name}"


def _saved(database: Database, tone: Tone, used: Preset | None) -> None:
    """Whether it is kept under a name, and the ways to keep it."""
    changed = used is not None and used.tone != tone
    if used is None:
        said = ":material/edit_note: Not kept under a name."
    elif changed:
        said = f":material/edit_note: Changed since “{_ui.plain(used.name)}”: the change is not saved."
    else:
        said = f":material/check: As “{_ui.plain(used.name)}”."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(said, width="content")
        with st.popover("Keep or change presets", icon=":material/bookmark:", type="tertiary"):
            _keep(database, tone)
            own = used if used is not None and not used.builtin else None
            if own is not None:
                _own(database, tone, own, changed=changed)
            else:
                st.caption("Choose one of yours above to rename or delete it; those that came along stay as they are.")


def _keep(database: Database, tone: Tone) -> None:
    def save() -> None:
        name = " ".join(str(st.session_state["outreach_keep"]).split())
        if act(lambda: save_preset(database, name, tone, who(), new=True), f"Kept as “{name}”."):
            change(preset=name)
            st.session_state["outreach_keep"] = ""

    st.text_input("Keep this tone as", max_chars=80, placeholder="Name of the preset", key="outreach_keep")
    st.button("Keep", icon=":material/bookmark_add:", on_click=save, key="outreach_keep_it")


def _own(database: Database, tone: Tone, own: Preset, *, changed: bool) -> None:
    field = f"outreach_rename_{own.name}"  # another preset has another field, with its name in it

    def over() -> None:
        act(lambda: save_preset(database, own.name, tone, who()), f"“{own.name}” is changed. No sequence changes.")

    def rename() -> None:
        name = " ".join(str(st.session_state[field]).split())
        if act(lambda: rename_preset(database, own.name, name), f"“{own.name}” is “{name}” now."):
            change(preset=name)

    def delete() -> None:
        if act(lambda: delete_preset(database, own.name), f"“{own.name}” is deleted. No sequence changes."):
            change(preset=None)

    if changed:
        st.button(f"Save the change to “{_ui.plain(own.name)}”", icon=":material/save:", on_click=over)
    st.text_input("Another name", own.name, max_chars=80, key=field)
    with st.container(horizontal=True):
        st.button("Rename", on_click=rename, key="outreach_rename_it")
        st.button(f"Delete “{_ui.plain(own.name)}”", type="tertiary", icon=":material/delete:", on_click=delete)
