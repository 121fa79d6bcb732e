"""Versions of a text, of a persona or of a prompt: which two to compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import streamlit as st


class Version(Protocol):
    """What any version of a text has."""

    @property
    def id(self) -> int: ...
    @property
    def live(self) -> bool: ...
    @property
    def parent_id(self) -> int | None: ...


V = TypeVar("V", bound=Version)


def beside(shown: V, known: Sequence[V]) -> V | None:
    """The version to compare one with: that which it was made from, else any other."""
    parent = next((one for one in known if one.id == shown.parent_id), None)
    return parent or next((one for one in known if one.id != shown.id), None)


def choose_two(
    key: str, old: V, new: V, known: Sequence[V], named: Callable[[V], str], open_two: Callable[[int, int], None]
) -> None:
    """Two lists of versions to choose others from; ``open_two`` gets the newer and the older one that were chosen."""
    by_id = {one.id: one for one in known}
    by_id.setdefault(old.id, old)
    # A choice is known by its label: it says nothing that time changes, and with another live version the field is new.
    live = next((one.id for one in by_id.values() if one.live), 0)
    options = list(by_id)
    chosen = [
        column.selectbox(
            label, options, index=options.index(one.id), format_func=lambda number: named(by_id[number]),
            key=f"{key}_{side}-{one.id}-{live}",
        )
        for column, label, one, side in zip(st.columns(2), ("From", "To"), (old, new), ("old", "new"), strict=True)
    ]  # fmt: skip
    if chosen != [old.id, new.id]:
        open_two(chosen[1], chosen[0])
        st.rerun()
