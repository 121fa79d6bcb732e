"""The way through a list that is longer than its page; where one stands is in the address."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import streamlit as st


def draw_paging(
    page: int,
    pages: int,
    key: str,
    *,
    parameter: str = "page",
    words: tuple[str, str] = ("Previous", "Next"),
    told: str = "",
    row: AbstractContextManager[Any] | None = None,
) -> None:
    """Two buttons and “Page 2 of 5”, or nothing where there is one page.

    ``key`` begins the buttons' keys, ``parameter`` is the page's name in the address, ``told`` stands behind the
    number, and ``row`` is a row that is there already.
    """
    if pages < 2:
        return
    steps = zip(words, (page - 1, page + 1), (page > 1, page < pages), strict=True)
    with st.container(horizontal=True, vertical_alignment="center") if row is None else row:
        for label, to, possible in steps:
            st.button(
                label, disabled=not possible, key=f"{key}_{label}", on_click=st.query_params.update,
                args=({parameter: str(to)},),
            )  # fmt: skip
        st.caption(f"Page {page} of {pages}{told}")
