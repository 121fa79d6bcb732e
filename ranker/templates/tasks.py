"""What each prompt is for, and the variables that it can use: what they hold, and in which part they are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Part = Literal["system", "user"]


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that a prompt can use in one of its parts, and what it ``holds``.

    ``fields``: what each of its rows has, where it has rows; ``sure``: those that every row has; ``single``: there is
    one row only.
    """

    name: str
    part: Part
    holds: str
    fields: tuple[str, ...] = ()
    sure: tuple[str, ...] = ()
    single: bool = False


@dataclass(frozen=True, slots=True)
class PromptTask:
    """A task: its ``title`` and ``purpose`` in words, and its variables.

    ``needs`` are those that it can't do without, ``spare`` those that nobody misses.
    """

    title: str
    purpose: str
    variables: tuple[Variable, ...]
    needs: frozenset[str]
    spare: frozenset[str] = frozenset()

    def variable(self, name: str) -> Variable | None:
        """The variable of that name."""
        return next((one for one in self.variables if one.name == name), None)


_SYSTEM = (
    Variable("persona", "system", "what the persona says for companies of the leads’ size; nothing of other sizes"),
    Variable("size", "system", "that size in words, such as “51–200 people”"),
    Variable("threshold", "system", "the score from which on a lead is contacted, on the scale of the answer"),
)
_COMPANY = ("name", "domain", "size", "industry")


def _rows(*, shared: bool, alone: bool) -> tuple[Variable, Variable]:
    """``companies`` and ``leads``. ``shared``: of several companies, each with a number; ``alone``: one lead only."""
    known = "name, domain, size and industry, as far as they are known"
    if shared:
        companies = f"a row for each company of the batch: {known}, and a number (company) where there are several"
        leads = "a row for each lead: id, title, and the number of its company (company) where there are several"
    else:
        companies = f"one row for the company: {known}"
        leads = "one row for the lead: id and title" if alone else "a row for each lead: id and title"
    number = ("company",) if shared else ()
    sure = ("id", "title")
    return (
        Variable("companies", "user", companies, (*number, *_COMPANY), single=not shared),
        Variable("leads", "user", leads, (*sure, *number), sure, single=alone),
    )


def _task(
    title: str,
    purpose: str,
    needs: set[str],
    *,
    spare: set[str] | None = None,
    shared: bool = False,
    alone: bool = False,
) -> PromptTask:
    variables = (*_SYSTEM, *_rows(shared=shared, alone=alone))
    return PromptTask(title, purpose, variables, frozenset({"persona", "leads", *needs}), frozenset(spare or ()))


_ABOUT = Variable("about", "system", "what that text is, in words: a persona, or the prompt of a task")
_FACTS = Variable(
    "facts", "user",
    "a row for each thing that is known of the prospect: name, kind (lead or verdict) and value",
    ("name", "kind", "value"), ("name", "kind", "value"),
)  # fmt: skip
_TASKS = {
    "pointwise": _task(
        "One lead at a time", "“Model, one by one” (pointwise): whether one lead fits, and how well.",
        {"threshold"}, alone=True,
    ),
    "qualify": _task(
        "Who is relevant", "“Model, in batches” (two-phase), first step: who of up to 50 leads fits.", {"companies"},
        spare={"threshold"}, shared=True,
    ),
    "rank": _task(
        "How good each contact is",
        "“Model, in batches” (two-phase), second step: scores for the relevant leads of one company.",
        {"threshold"},
    ),
    "score": _task(
        "The first score",
        "“Model, best for its price” (cascade), first step: a score for everybody whom the rules do not rule out.",
        {"threshold", "companies"}, shared=True,
    ),
    "rescore": _task(
        "The second score",
        "“Model, best for its price” (cascade), second step: a second score, in another order, for whoever may be "
        "contacted.",
        {"threshold", "companies"}, shared=True,
    ),
    "final": _task(
        "The last score, with its reason",
        "“Model, best for its price” (cascade), second step too: a third score, with the reason.",
        {"threshold", "companies"}, shared=True,
    ),
    "critique": PromptTask(
        "What is wrong with a text",
        "Optimizing with a model (not tried live), first step: what in a persona or a prompt led to wrong verdicts on "
        "up to four labelled leads.",
        (
            Variable("text", "system", "the persona or the prompt that is to become better, whole"),
            _ABOUT,
            Variable(
                "leads", "user",
                "a row for each lead that was judged wrongly: id, title, label (what a person said), answer (what came "
                "of the text) and reason, and the company’s size and industry as far as they are known",
                ("id", "title", "size", "industry", "label", "answer", "reason"), ("id", "title", "label", "answer"),
            ),
        ),
        frozenset({"text", "leads"}),
    ),
    "edit": PromptTask(
        "Better versions of a text",
        "Optimizing with a model (not tried live), second step: changes of a persona or a prompt that mend what is "
        "wrong with it. It sees no leads.",
        (
            Variable("lines", "system", "the persona or the prompt, whole, each line with its number and a bar"),
            _ABOUT,
            Variable("keep", "system", "what a change has to leave as it is, so that the text can still be read"),
            Variable("wanted", "user", "how many versions are asked for"),
            Variable(
                "points", "user", "a row for each thing that is wrong: id, wrong (what) and mend (what to do)",
                ("id", "wrong", "mend"), ("id", "wrong", "mend"),
            ),
        ),
        frozenset({"lines", "keep", "wanted", "points"}),
    ),
    "analyse": PromptTask(
        "Who somebody is",
        "Outreach with a model (not tried live), first step: what is known of one prospect, and what is only inferred.",
        (
            Variable("persona", "system", "what the persona says for companies of the prospect’s size"),
            _FACTS,
        ),
        frozenset({"persona", "facts"}),
    ),
    "write": PromptTask(
        "Messages to somebody",
        "Outreach with a model (not tried live), second step: the messages of one sequence, and those of them again "
        "that were too long, missing or claimed what is not known.",
        (
            Variable("wanted", "system", "how many messages the whole sequence has"),
            Variable("first_limit", "system", "the length, in characters, that the first message stays below"),
            Variable("follow_limit", "system", "the length that each of the others stays below"),
            Variable("tone", "system", "the tone of voice in words: formality, warmth and directness, a line each"),
            Variable("sender", "system", "one row: about (the text about the sender’s own company)",
                     ("about",), ("about",), single=True),
            Variable("steps", "user", "the numbers of the messages that are to be written now"),
            Variable("attempt", "user", "the how-manieth attempt this is"),
            Variable("analysis", "user", "one row from the step before: summary and role",
                     ("summary", "role"), ("summary", "role"), single=True),
            Variable("signals", "user", "a row for each signal of the analysis: text, and rests (what it rests on)",
                     ("text", "rests"), ("text", "rests")),
            Variable("kept", "user", "a row for each message that stays, when others are asked for again: step and "
                     "content", ("step", "content"), ("step", "content")),
            Variable("wrong", "user", "a row for each thing that was wrong with the attempt before: wrong",
                     ("wrong",), ("wrong",)),
            _FACTS,
        ),
        frozenset({"wanted", "first_limit", "follow_limit", "tone", "sender", "steps", "attempt", "analysis", "signals",
                   "kept", "wrong", "facts"}),
    ),
}  # fmt: skip


def place_of(name: str) -> tuple[int, str]:
    """What to sort tasks by: their strategies in order, and within them the steps."""
    return (list(_TASKS).index(name) if name in _TASKS else len(_TASKS), name)


def task_of(name: str) -> PromptTask:
    """The task of that name; one that is not described here has the usual variables, as far as they are known."""
    if name in _TASKS:
        return _TASKS[name]
    title = name.replace("-", " ").capitalize()
    return _task(title, "A task of a strategy with a model.", set(), spare={"size", "threshold", "companies"})
