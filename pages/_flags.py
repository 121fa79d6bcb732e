"""What was noticed about a lead, in the words of a sales person."""

from __future__ import annotations

_WORDS = {
    "size_spans": "Size between two classes",
    "size_missing": "Size missing",
    "size_unreadable": "Size unreadable",
    "unknown_function": "Team unknown",
    "unknown_level": "Level unknown",
    "soft_exclusion": "Rather not",
    "excluded_role": "Another role excluded",
    "other_company": "At another company",
    "assistant_to": "Assistant to somebody",
    "seeking": "Looking for work",
    "former": "Former job",
    "board": "Board member",
    "slogan": "Slogan in the title",
    "not_a_title": "Not a job title",
    "title_is_email": "Title is an email address",
    "title_is_url": "Title is a web address",
    "title_is_number": "Title is a number",
    "gated": "Ruled out by the rules",
    "gate_sampled": "Rules said no, the model was asked",
    "judge_disagrees": "Model of two minds",
    "rescore_failed": "Not scored again",
    "contradiction": "Model contradicts itself",
    "call_failed": "No answer from the model",
    "call_left_out": "Left out of the answer",
    "call_refused": "Model declined",
    "call_filtered": "Answer withheld by a filter",
    "call_cut": "Answer cut off",
    "call_empty": "Answer empty",
    "call_invalid": "Answer of the wrong form",
    "call_timeout": "Model took too long",
    "call_network": "Model out of reach",
    "call_server": "Error at the provider",
    "call_rate": "Provider asked to slow down",
    "call_busy": "Provider had no room",
    "call_too_long": "Question too long",
    "call_request": "Question refused",
    "call_cap": "Limit of money reached",
    "call_providers": "No provider could be asked",
}


def flag_name(flag: str) -> str:
    """size_spans → "Size between two classes"; one without words of its own as it is: intern → "Intern"."""
    return _WORDS.get(flag, flag.replace("_", " ").capitalize())
