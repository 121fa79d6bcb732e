"""One sequence by a model: analysis if there is none, messages, and again what was wrong, up to a number of rounds.

``write_one`` never raises for a call that failed: the answer says so. Runs and the REST API need the error itself and
call ``attempt``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ranker.errors import CallFailed, LlmError
from ranker.llm.client import LlmClient
from ranker.llm.question import Answer, Question
from ranker.outreach.analysing import analysis_question, hash_of, read_analysis, trusted, unknown
from ranker.outreach.basis import basis
from ranker.outreach.drafts import Draft, Drafts, Task, reader, write_question
from ranker.outreach.enforcing import Grounds, Problem, problems, settle
from ranker.outreach.facts import sayable
from ranker.outreach.sequence import Analysis, Known, Origin, Request, Usage, Written
from ranker.outreach.templated import templated
from ranker.scoring.llm.templates import Prompt

TASKS = ("analyse", "write")
"""The purposes of the calls, and the names of their prompts."""
ROUNDS = 6
"""How often messages of a sequence are asked for, at most."""


async def write_one(
    client: LlmClient | None,
    prompts: Mapping[str, Prompt],
    known: Known,
    request: Request,
    kept: Analysis | None = None,
    *,
    turn: int = 0,
) -> Written:
    """What comes of one request for one prospect; nothing is written to the database but the ledger of calls.

    ``client``: of the tasks ``TASKS``; None where there is no key: then it is a template. ``prompts``: by task.
    ``kept``: an analysis from before (``stored.analysis_of``), used where its ``hash`` is that of today's inputs
    (``analysis_hash_of``); else one is asked for, and it comes back in ``Written.analysis`` without an ``id``, for the
    caller to keep. ``turn``: the how-manieth text for the same request: 0 takes answers that are there already.

    Complete: exactly ``request.messages`` messages, each within its length, none with a placeholder. Where a call
    failed, or the model did not come to that, the state is ``failed`` with the reason, or with ``request.fallback`` it
    is complete by a template, with origin ``fallback`` and the reason.
    """
    if client is None:
        return by_template(known, request, "template")
    asked = Asked(client)
    try:
        return await attempt(asked, prompts, known, request, kept, turn)
    except LlmError as error:
        return failed(known, request, error.message, await asked.usage(), asked.analysis)


def analysis_hash_of(client: LlmClient, prompts: Mapping[str, Prompt], known: Known) -> str:
    """The hash under which an analysis of today's inputs is kept."""
    first = client.settings.providers[0]
    return hash_of(known, prompts["analyse"], first.name, first.model_for("analyse"))


@dataclass
class Asked:
    """The questions of one sequence so far, and who answered; ``analysis``: what it rests on, once that is there.

    ``after``: the last call that was made for somebody or something else, where the client's scope is shared.
    """

    client: LlmClient
    after: int = 0
    questions: list[Question] = field(default_factory=list)
    providers: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    analysis: Analysis | None = None

    async def drafts(self, question: Question, steps: tuple[int, ...]) -> Drafts:
        """Messages for these steps. Raises ``LlmError``."""
        self.questions.append(question)
        answer: Answer[Drafts] = await self.client.ask(question, reader(steps))
        self.providers.append(answer.provider)
        self.models.append(answer.served)
        return answer.value

    async def usage(self) -> Usage:
        """What these questions took within the client's scope, in earlier processes too."""
        used = await self.client.ledger.used(self.client.keys_of(self.questions), self.after)
        return Usage(used.calls, used.tokens_in, used.tokens_out, used.usd)


async def attempt(
    asked: Asked, prompts: Mapping[str, Prompt], known: Known, request: Request, kept: Analysis | None, turn: int = 0
) -> Written:
    """``write_one`` with a client. Raises ``LlmError`` where a call fails; then nothing came of it."""
    asked.analysis = analysis = await _analysis(asked, prompts, known, kept)
    grounds = Grounds(sayable(known, request.context), analysis)
    drafts: dict[int, Draft] = {}
    forgiven: frozenset[int] = frozenset()
    summary, wrong, steps, rounds, surplus_told = "", list[Problem](), _all(request), 0, False
    words: list[str] = []
    while steps and rounds < ROUNDS:
        staying = {step: one.content for step, one in drafts.items() if step not in steps}
        question = write_question(
            prompts["write"], known, request, analysis, Task(steps, rounds + 1, staying, words, turn)
        )
        try:
            answer = await asked.drafts(question, steps)
        except CallFailed:
            if not drafts or any(one.kind in {"missing", "copy"} for one in wrong):
                raise
            break  # what is there can be used: it is cut, or marked, and not thrown away
        rounds += 1
        drafts |= {step: draft for step, draft in answer.by_step.items() if step in steps}
        summary = answer.summary or summary
        wrong = problems(drafts, request.messages, grounds, forgiven)
        forgiven |= {one.step for one in wrong if one.kind == "invented"}
        words = [one.words for one in wrong]
        if answer.had > len(steps) == request.messages and not surplus_told:
            surplus_told, steps = True, _all(request)
            words.append(f"There were {answer.had} messages; exactly {request.messages} are wanted.")
        else:
            steps = tuple(sorted({one.step for one in wrong}))
    messages, reason = settle(drafts, request.messages, grounds)
    usage = await asked.usage()
    again = max(0, rounds - 1)
    if reason:
        return replace(failed(known, request, reason, usage, analysis), asked_again=again)
    return Written(
        "complete",
        "model",
        messages,
        summary,
        analysis,
        "",
        _names(asked.models),
        _names(asked.providers),
        usage,
        again,
    )


def by_template(known: Known, request: Request, origin: Origin, reason: str = "") -> Written:
    """A sequence of templates, marked as such."""
    messages, summary = templated(known, request)
    sources = sayable(known, request.context)
    resting = tuple(replace(one, basis=basis(one.content, sources, None, ())) for one in messages)
    return Written("complete", origin, resting, summary, reason=reason)


def failed(
    known: Known, request: Request, reason: str, usage: Usage | None = None, analysis: Analysis | None = None
) -> Written:
    """What comes of a request that failed: a template where that may stand in, else nothing but the reason."""
    paid = usage or Usage()
    if request.fallback:
        return replace(by_template(known, request, "fallback", reason), usage=paid, analysis=analysis)
    return Written("failed", "model", reason=reason, usage=paid, analysis=analysis)


async def _analysis(asked: Asked, prompts: Mapping[str, Prompt], known: Known, kept: Analysis | None) -> Analysis:
    digest = analysis_hash_of(asked.client, prompts, known)
    if kept is not None and kept.hash == digest:
        return kept
    nothing = unknown(known)
    if nothing is not None:
        return replace(nothing, hash=digest)
    question = analysis_question(prompts["analyse"], known)
    asked.questions.append(question)
    answer = await asked.client.ask(question, read_analysis)
    return replace(trusted(answer.value, known), hash=digest, model=answer.served)


def _all(request: Request) -> tuple[int, ...]:
    return tuple(range(1, request.messages + 1))


def _names(found: list[str]) -> str:
    return " + ".join(dict.fromkeys(one for one in found if one))
