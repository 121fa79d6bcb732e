"""A new persona: blank, from an example, from pasted text, from a file. Each becomes a draft, kept at once."""

from __future__ import annotations

import streamlit as st

from pages._personas_state import attempt, draw_told, open_draft, who
from ranker.errors import UsageError
from ranker.personas.drafts import start_new
from ranker.personas.starting import blank, examples, from_file, suggested_name
from ranker.store.engine import Database

_WAYS = {
    "blank": ":material/draft: Blank",
    "example": ":material/content_copy: From an example",
    "paste": ":material/content_paste: From pasted text",
    "file": ":material/upload_file: From a file",
}


def draw_new(database: Database) -> None:
    """Four ways to begin, and one button."""
    st.title("New persona", anchor=False)
    draw_told()
    way = st.segmented_control(
        "Begin with", list(_WAYS), default="blank", format_func=_WAYS.__getitem__, key="personas_way", required=True
    )
    {"blank": _blank, "example": _example, "paste": _paste, "file": _file}[way]()
    st.caption("It is a draft until you save it: nothing is ranked by it before.")
    st.button(
        "Begin", type="primary", icon=":material/edit:", key="personas_begin",
        on_click=lambda: attempt(lambda: _begin(database)),
    )  # fmt: skip


def _begin(database: Database) -> None:
    """Read the fields as they are at the click: a page that is drawn again meanwhile may not know them yet."""
    given = st.session_state.get
    way = given("personas_way") or "blank"
    if way == "blank":
        name = given("personas_new_name", "")
        text = blank(name)
    elif way == "example":
        name = f"{given('personas_example')} (copy)"
        text = next(one.text for one in examples() if one.name == given("personas_example"))
    elif way == "paste":
        text = given("personas_paste", "")
        if not text.strip():
            raise UsageError("Paste the text of a persona first.")
        name = suggested_name(text)
    else:
        file = given("personas_file")
        if file is None:
            raise UsageError("Choose a file first.")
        text = from_file(file.name, file.getvalue())
        name = suggested_name(text) or file.name.rsplit(".", 1)[0]
    open_draft(start_new(database, name, text, who()).id)


def _blank() -> None:
    st.text_input("Name", max_chars=200, placeholder="Who buys from us", key="personas_new_name")
    st.caption("A short persona with every part that can be judged by. Change it line by line, or in the form.")


def _example() -> None:
    found = {one.name: one for one in examples()}
    chosen = st.radio("Example", list(found), key="personas_example")
    with st.expander("Read it"):
        st.code(found[chosen].text, language="markdown", wrap_lines=True, height=400)


def _paste() -> None:
    st.text_area(
        "Text", height=360, key="personas_paste",
        placeholder="# Who buys from us\n\n## Whom to contact\n\n- VP of Sales: 5/5\n- Head of Sales: 4/5",
        help="Markdown as people write it: headings, tables, lists. What is not understood is shown with its line.",
    )  # fmt: skip


def _file() -> None:
    st.file_uploader("A text file (.md or .txt), as “Download” gives it", type=["md", "txt"], key="personas_file")
