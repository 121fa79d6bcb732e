"""An answer as the documentation shows it: made up, about a made-up lead."""

from __future__ import annotations

from typing import Any

from ranker.outreach.tone import Tone

_SAYS = "Hello Ada, at Company 1 you lead sales. Would planning of repairs be a subject for you?"
_TONE = Tone(0.7, 0.5, 0.3)
EXAMPLE: dict[str, Any] = {
    "sequence_id": 12,
    "prospect_id": 7,
    "status": "complete",
    "reason": "",
    "prospect_analysis": {
        "summary": "She leads sales at a company of 51 to 200 people.",
        "role": "VP of Sales",
        "signals": [{"text": "She decides about tools of her team.", "rests_on": "inferred"}],
    },
    "messages": [
        {
            "step": 1,
            "content": _SAYS,
            "thinking_process": "I begin with her role, and ask one thing only.",
            "confidence_score": 0.8,
            "character_limit": 299,
            "cut": False,
            "unsupported_claims": [],
            "basis": [
                {
                    "start": 0,
                    "end": 39,
                    "rests_on": "lead",
                    "sources": [{"kind": "lead", "name": "title", "value": "VP of Sales"}],
                },
                {"start": 40, "end": len(_SAYS), "rests_on": "none", "sources": []},
            ],
        }
    ],
    "thinking_process_summary": "I kept it short and left the next step to her.",
    "model_used": "gpt-5-mini",
    "token_usage": {"prompt": 1480, "completion": 260, "total": 1740},
    "cost_usd": 0.00089,
    "tone": {"values": _TONE.as_json(), "words": _TONE.words()},
    "clamped": {},
    "approved": False,
    "created_at": "2026-11-21T04:09:29Z",
}
"""One message of a sequence by a model."""
