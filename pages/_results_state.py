"""What the Results page shows, read from its address and written back to it: nothing else remembers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from pages import _clicks, _ui
from ranker.personas.sizes import range_shown
from ranker.store.filters import Filters
from ranker.store.results import GROUP_SORTS, SORTS

PAGE_ROWS = 50
MOST_PICKED = 300  # they stand in the address
SIZES = {
    "1-10": (0, 10), "11-50": (11, 50), "51-200": (51, 200), "201-500": (201, 500), "501-1000": (501, 1000),
    "1001-5000": (1001, 5000), "5001-10000": (5001, 10_000), "10001+": (10_001, None), "unknown": (None, None),
}  # fmt: skip
STATUSES = {
    "contact": "To contact",
    "not": "Not contacted",
    "unjudged": "Could not be judged",
    "rejected": "No company",
}
_STATUS_OF = {"contact": "ranked", "not": "not_relevant", "unjudged": "not_judged", "rejected": "rejected"}
VIEWS = ("people", "companies", "pictures")
FALLING = frozenset(
    {"score", "best", "to_contact", "leads", "department_fit", "seniority_fit", "confidence", "exported"}
)
"""Orders that begin with the highest unless they are turned."""
YES_NO = ("review", "overruled", "held", "exported")
_FILTER_NAMES = ("q", "company", "size", "status", "rank", "score", "department", "seniority", "flag", *YES_NO)


@dataclass(frozen=True, slots=True)
class View:
    """The address in words. ``page`` counts from 1; ``lead`` and ``opened`` (a company) are open beside the table."""

    filters: Filters
    shown: str
    sort: str
    descending: bool
    page: int
    lead: int | None
    opened: int | None
    picked: tuple[int, ...]
    status: str
    sizes: tuple[str, ...]
    active: int

    @property
    def by_company(self) -> bool:
        return self.shown == "companies"

    @property
    def offset(self) -> int:
        return (self.page - 1) * PAGE_ROWS

    def counted(self) -> Filters:
        """The filters but for those whose choices carry counts, so that a choice not taken says what it would give."""
        kept = (
            self.filters if self.status == "" or "held" in st.query_params else replace(self.filters, suppressed=None)
        )
        return replace(kept, statuses=(), flag="", sizes=(), size_unknown=False)


def read_view() -> View:
    """Read the address; what makes no sense there is left out."""
    get = st.query_params.get
    status = _one_of(get("status", ""), _STATUS_OF)
    sizes = tuple(name for name in get("size", "").split(",") if name in SIZES)
    answers = {name: {"1": True, "0": False}.get(get(name, "")) for name in YES_NO}
    low, _, high = get("score", "").partition("-")
    held = answers["held"]
    filters = Filters(
        search=get("q", ""),
        company=get("company", ""),
        sizes=tuple((low, high) for low, high in (SIZES[name] for name in sizes) if low is not None),
        size_unknown="unknown" in sizes,
        statuses=(_STATUS_OF[status],) if status else (),
        rank_to=_whole(get("rank", "")),
        score_from=_whole(low, 100),
        score_to=_whole(high, 100),
        department_from=_share(get("department", "")),
        seniority_from=_share(get("seniority", "")),
        flag=get("flag", ""),
        needs_review=answers["review"],
        reviewed=False if answers["review"] and answers["overruled"] is None else answers["overruled"],
        suppressed=False if status == "contact" and held is None else held,
        exported=answers["exported"],
    )
    shown = _one_of(get("view", ""), VIEWS) or VIEWS[0]
    sort = _one_of(get("sort", ""), GROUP_SORTS if shown == "companies" else SORTS)
    sort = sort or ("company" if shown == "companies" else "score")
    return View(
        filters=filters,
        shown=shown,
        sort=sort,
        descending={"down": True, "up": False}.get(get("way", ""), sort in FALLING),
        page=max(1, _ui.parameter("page") or 1),
        lead=_ui.parameter("lead"),
        opened=_ui.parameter("open"),
        picked=_numbers(get("pick", ""))[:MOST_PICKED],
        status=status,
        sizes=sizes,
        active=sum(bool(get(name)) for name in _FILTER_NAMES),
    )


def change(**params: Any) -> None:
    """Write to the address; blank and ``None`` take a parameter out. All but what is open begins again at page 1."""
    if not params.keys() <= {"page", "lead", "open", "pick"}:
        params.setdefault("page", None)
    _clicks.change(**params)


def turn(**params: Any) -> None:
    """``change`` from outside of a table: it is drawn anew, so that its mark is where the address is, or gone."""
    st.session_state["results_turn"] = st.session_state.get("results_turn", 0) + 1
    change(**params)


def clear() -> None:
    """Take every filter out."""
    change(**dict.fromkeys(_FILTER_NAMES))


def bound(name: str, value: Any, shown_as: Callable[[Any], Any] = lambda value: value) -> dict[str, Any]:
    """``key`` and ``on_change`` for a widget that shows ``value`` and writes the parameter ``name``."""
    return _clicks.bound(f"results_{name}", value, lambda shown: change(**{name: shown_as(shown)}))


def act(work: Callable[[], object], said: str) -> bool:
    """Do something on a click and say so at the top of the page; what fails is said there too."""
    return _clicks.act("results_said", work, said)


def say() -> None:
    """What the last click did."""
    st.session_state.pop("followed", None)  # the ranking that was waited for: only now, as opening can be interrupted
    _clicks.say("results_said")


def size_text(low: int | None, high: int | None) -> str:
    """51 and 200 → "51–200"."""
    if low is None:
        return "unknown"
    return _ui.number(low) if low == high else range_shown(low, high)


def size_name(name: str) -> str:
    """The label of one of ``SIZES``."""
    if name == "unknown":
        return "Size unknown"
    return "1–10" if name == "1-10" else size_text(*SIZES[name])


def size_of(low: int | None) -> str:
    """Which of ``SIZES`` a company's lower bound is in."""
    for name, (start, end) in SIZES.items():
        if low is not None and start is not None and low >= start and (end is None or low <= end):
            return name
    return "unknown"


def _one_of(text: str, names: Any) -> str:
    return text if text in names else ""


def _whole(text: str, most: int = 10**9) -> int | None:
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _share(text: str) -> float | None:
    percent = _whole(text, 100)
    return None if percent is None else percent / 100


def _numbers(text: str) -> tuple[int, ...]:
    found = (_whole(part) for part in text.split(","))
    return tuple(dict.fromkeys(number for number in found if number is not None))
