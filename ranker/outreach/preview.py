"""A prompt of outreach as it would be sent about one person, and how long it is. Nothing is asked."""

from __future__ import annotations

from dataclasses import dataclass

from ranker.outreach.analysing import analysis_question
from ranker.outreach.drafts import Task, write_question
from ranker.outreach.sequence import Analysis, Known, Request
from ranker.outreach.writing import TASKS
from ranker.scoring.llm.templates import read_prompt

EXAMPLE = Analysis("(What the first call says of this person stands here.)", "", ())
"""Stands for an analysis where none is kept."""
_BYTES_A_TOKEN = 4


@dataclass(frozen=True, slots=True)
class SentToWrite:
    """The two parts of a question, and about how many tokens each has (four bytes are taken for one).

    ``nobody``: nothing is known of this person, so that a model would not be asked who they are.
    """

    system: str
    user: str
    system_tokens: int
    user_tokens: int
    nobody: bool


def can_be_sent(task: str) -> bool:
    """Whether outreach asks with the prompt of a task."""
    return task in TASKS


def sent_about(task: str, content: str, known: Known, request: Request, analysis: Analysis | None) -> SentToWrite:
    """The first question of a task (one of ``TASKS``) about one person.

    ``content`` is a text that passes ``ranker.templates.checks``; ``analysis``: the one that is kept, if any. Raises
    ``LlmSetup`` for a text that can't be filled in.
    """
    prompt = read_prompt(task, content)
    if task == "analyse":
        question = analysis_question(prompt, known)
    else:
        steps = tuple(range(1, request.messages + 1))
        question = write_question(prompt, known, request, analysis or EXAMPLE, Task(steps))
    system, user = (len(part.encode()) // _BYTES_A_TOKEN for part in (question.system, question.user))
    return SentToWrite(question.system, question.user, system, user, task == "analyse" and not known.sources)
