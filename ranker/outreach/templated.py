"""Messages without a model: sentences of a file, chosen by department, seniority and tone, with few things filled in.

Nothing is claimed of anybody. Of the lead a message holds the name, the company, and what the title says of seniority
and department; of the sender's company the first sentence of "About us", word by word. In English, whatever language
the lead and the context are in. The same input always gives the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from string import Template

from ranker.outreach.lengths import cut
from ranker.outreach.sequence import Known, Message, Request, longest
from ranker.outreach.template_facts import Facts, facts_of
from ranker.outreach.template_words import UNKNOWN, Role, contracted, template_words
from ranker.outreach.tone import Tone

SHORTEST_QUOTE = 60
"""Characters: a sentence that would have to be cut to fewer says too little, and is left out."""
_CASUAL, _DIRECT = 2, 3
"""Below this band of formality people say "I'm"; from this band of directness on the point comes first."""


def templated(known: Known, request: Request) -> tuple[tuple[Message, ...], str]:
    """(Exactly ``request.messages`` messages, each within its length; how they came about, in the first person).

    Each message says in its reasoning that it is a template and what was filled in; none has a confidence.
    """
    facts, messages, told = facts_of(known, request.context), [], False
    for step, role in enumerate(_arc(request.messages), start=1):
        content, used = _fitting(role, facts, request.tone, longest(step), told)
        told = told or bool(facts.quote and facts.quote in content)
        messages.append(Message(step, content, _reasoning(role, used, content)))
    return tuple(messages), _summary(facts, request)


def _arc(messages: int) -> tuple[Role, ...]:
    """The roles of so many messages: the first ones in their order, and from three on the goodbye as the last."""
    roles = template_words().roles
    return roles[:messages] if messages < 3 else (*roles[: messages - 1], roles[-1])


def _fitting(role: Role, facts: Facts, tone: Tone, most: int, told: bool) -> tuple[str, Facts]:
    """The message with as much filled in as fits, and what that is: it is the quote that is cut or left out first."""
    for fewer in _fewer(facts):
        content = _message(role, fewer, tone, told)
        if len(content) <= most:
            return content, fewer
        room = most - len(content) + len(fewer.quote)
        if fewer.quote and fewer.quote in content and room >= SHORTEST_QUOTE:
            fewer = replace(fewer, quote=cut(fewer.quote, room))
            return _message(role, fewer, tone, told), fewer
    raise AssertionError(f"the {role.name} of the templates is too long without anything filled in")


def _fewer(facts: Facts) -> Iterator[Facts]:
    for quote in dict.fromkeys((facts.quote, "")):
        yield replace(facts, quote=quote)
        yield replace(facts, quote=quote, company="")
        yield replace(facts, quote=quote, company="", topic="")
        yield replace(facts, quote=quote, company="", topic="", first="", name="")


def _message(role: Role, facts: Facts, tone: Tone, told: bool) -> str:
    """``told``: a message before has said what the sender's company does."""
    words, bands = template_words(), tone.bands()
    formality, directness = bands["formality"], bands["directness"]
    casual = formality < _CASUAL

    def say(sentence: str, **values: str) -> str:
        return Template(contracted(sentence) if casual else sentence).substitute(values)

    def pitch(name: str, **values: str) -> str:
        return say(words.pitch[name][0 if casual else 1], quote=facts.quote, company=facts.company, **values)

    seniority, department = words.seniorities[facts.seniority], words.departments[facts.department]
    does = pitch("quoted") if facts.quote else ""
    who = _who(facts)
    reason = pitch("who", who=say(who, topic=facts.topic, company=facts.company)) if who else ""
    reason = reason or pitch("company" if facts.company else "nobody")
    parts = {
        "reason": reason,
        "pitch": does or pitch("unquoted"),
        "more": "" if told else does,
        "again": pitch("again") if facts.quote else pitch("unquoted"),
        "concern": say(department.concern),
        "question": say(department.question),
        "benefit": say(seniority.benefit),
        "angle": say(seniority.angle),
        "at_company": f" at {facts.company}" if facts.company else "",
    }
    direct = directness >= _DIRECT
    text = say(role.direct if direct and role.direct else role.text[0 if casual else 1], **parts)
    ask, kind = say(role.ask[directness]), say(role.kind[bands["warmth"]])
    body = [ask, text, kind] if direct and role.asks_first else [text, kind, ask]
    named = facts.name if formality == len(words.named) - 1 else facts.first
    salutation = say((words.named if named else words.unnamed)[formality], first=facts.first, name=facts.name)
    lines = [salutation, re.sub(" +", " ", " ".join(part for part in body if part))]
    return "\n".join([*lines, words.farewell[formality]] if role is words.roles[-1] else lines)


def _who(facts: Facts) -> str:
    """The clause that says what the prospect does, to be filled in; blank where too little is known for one."""
    seniority = template_words().seniorities[facts.seniority]
    if facts.topic:
        return seniority.who if facts.company else seniority.nowhere
    return seniority.alone if facts.company and facts.department in ("executive", UNKNOWN) else ""


def _reasoning(role: Role, used: Facts, content: str) -> str:
    filled = [
        name
        for name, value in (
            ("the name", used.first if used.first in content else used.name),
            ("the company", used.company),
            ("what the title says of the department", used.topic),
            ("your first sentence about us", used.quote),
        )
        if value and value in content
    ]
    what = f"filled in: {', '.join(filled)}" if filled else "nothing is filled in"
    return f"This is a template ({role.name}), not written by a model; {what}."


def _summary(facts: Facts, request: Request) -> str:
    words = template_words()
    of = facts.topic or ("a whole company" if facts.department == "executive" else "an unknown department")
    voices = [said.split(":")[0] for said in request.tone.words().values()]
    many = "this message" if request.messages == 1 else f"these {request.messages} messages"
    return (
        f"I used templates, not a model, for {many}: for {words.seniorities[facts.seniority].called} ({of}) and in a "
        f"tone that is {voices[0]}; {voices[1]}; {voices[2]}. I claim nothing that the lead or the text about us "
        "does not say."
    )
