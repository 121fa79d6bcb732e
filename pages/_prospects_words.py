"""How a prospect stands, who wrote a sequence and in which tone, in words and signs."""

from __future__ import annotations

from pages import _ui
from ranker.outreach.prospect_detail import SequenceLine
from ranker.outreach.tone import Tone

STANDINGS = {
    "to_approve": "To approve", "approved": "Approved", "failed": "Failed", "waiting": "Not written yet",
    "refused": "Not to be contacted", "nothing": "Nothing written",
}  # fmt: skip
SIGNS = {"to_approve": "●", "approved": "✓", "failed": "✕", "waiting": "◷", "refused": "⊘", "nothing": "–"}
ORIGINS = {"model": "Model", "template": "Template", "fallback": "Fallback"}
_WRITTEN_BY = {
    "model": "by a model", "template": "a template, without a model",
    "fallback": "a fallback: a template, because the model’s call failed",
}  # fmt: skip
_BANDS = {
    "formality": ("very casual", "relaxed", "professional", "formal"),
    "warmth": ("matter-of-fact", "friendly", "warm", "very warm"),
    "directness": ("very gentle", "reserved", "clear", "very direct"),
}


def standing_of(standing: str) -> str:
    """``✓ Approved``."""
    return f"{SIGNS.get(standing, '')} {STANDINGS.get(standing, standing)}".strip()


def origin_of(origin: str, *, edited: bool = False) -> str:
    """``Template, edited``; a dash while nobody wrote."""
    return f"{ORIGINS.get(origin, origin) or '–'}{', edited' if edited else ''}"


def written_by(one: SequenceLine) -> str:
    """Who wrote it, in a few words more."""
    told = _WRITTEN_BY.get(one.origin, "")
    if one.origin == "model" and one.model:
        told = f"by {one.model}"
    return f"{told}, edited by a person" if one.edited and told else told


def tone_of(tone: Tone, preset: str = "") -> str:
    """``Founder to founder: relaxed, warm, clear``."""
    said = ", ".join(_BANDS[name][band] for name, band in tone.bands().items())
    return f"{preset}: {said}" if preset else said


def state_of(one: SequenceLine) -> str:
    """How one sequence stands, with a sign."""
    if one.state == "waiting":
        return "◷ not written yet"
    if one.state == "failed":
        return "✕ failed"
    return "✓ approved" if one.approved_at else "● to approve"


def cost_of(one: SequenceLine) -> str:
    """Dollars for a table: ``free`` where nothing was asked, ``not known`` where a part of it is not."""
    if not one.calls:
        return "free" if one.state != "waiting" else "–"
    if one.usd is None:
        return "not known"
    return f"${one.usd:.4f}" if 0 < one.usd < 0.01 else f"${one.usd:,.2f}"


def when(iso: str) -> str:
    """For a table; a dash where it did not happen."""
    return _ui.ago(iso) or "–"
