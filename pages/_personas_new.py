"""A new persona: blank, from an example, from pasted text, from a file. Each becomes a draft, kept at once."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._personas_state import draw_told, open_draft, tell
from ranker.errors import RankerError
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
    name, content = {"blank": _blank, "example": _example, "paste": _paste, "file": _file}[way]()
    st.caption("It is a draft until you save it: nothing is ranked by it before.")
    st.button(
        "Begin", type="primary", icon=":material/edit:", disabled=not content.strip(), key="personas_begin",
        on_click=_begin, args=(database, name, content),
    )  # fmt: skip


def _begin(database: Database, name: str, content: str) -> None:
    try:
        open_draft(start_new(database, name or suggested_name(content), content).id)
    except RankerError as error:
        tell("error", error.message)


def _blank() -> tuple[str, str]:
    name = st.text_input("Name", max_chars=200, placeholder="Who buys from us", key="personas_new_name")
    st.caption("A short persona with every part that can be judged by. Change it line by line, or in the form.")
    return name, blank(name)


def _example() -> tuple[str, str]:
    found = {one.name: one for one in examples()}
    chosen = st.radio("Example", list(found), key="personas_example")
    with st.expander("Read it"):
        st.code(found[chosen].text, language="markdown", wrap_lines=True, height=400)
    return f"{chosen} (copy)", found[chosen].text


def _paste() -> tuple[str, str]:
    text = st.text_area(
        "Text", height=360, key="personas_paste",
        placeholder="# Who buys from us\n\n## Whom to contact\n\n- VP of Sales: 5/5\n- Head of Sales: 4/5",
        help="Markdown as people write it: headings, tables, lists. What is not understood is shown with its line.",
    )  # fmt: skip
    return suggested_name(text) if text.strip() else "", text


def _file() -> tuple[str, str]:
    given = st.file_uploader(
        "A text file (.md or .txt), as “Download” gives it", type=["md", "txt"], key="personas_file"
    )
    if given is None:
        return "", ""
    with _ui.errors_shown():
        text = from_file(given.name, given.getvalue())
        return suggested_name(text) or given.name.rsplit(".", 1)[0], text
    return "", ""
