"""A slot of a variant that asks a model (not tried live): how a text in it does, and what might be better."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ranker.errors import CandidateRefused, LlmSetup, PersonaError, TemplateRefused, UsageError
from ranker.evaluation.evaluate import Prediction, evaluate
from ranker.llm.settings import Settings
from ranker.optimizer.copy_guard import CopyGuard
from ranker.optimizer.model_asking import Slot
from ranker.optimizer.model_errors import Answered, Labelled, groups, signed_errors
from ranker.optimizer.model_judge import judge_companies
from ranker.optimizer.model_proposing import propose_versions
from ranker.optimizer.subject import Figures, Proposal, text_hash
from ranker.personas.version import persona_hash
from ranker.scoring.llm.engine import ModelEngine
from ranker.scoring.llm.leads import Lead
from ranker.scoring.llm.tasks import TASKS
from ranker.scoring.llm.templates import Prompt, read_prompt
from ranker.scoring.llm.watch import Watch
from ranker.scoring.rank_table import ranked_table
from ranker.scoring.variants import alone, engine_of_text
from ranker.store.engine import Database
from ranker.templates.checks import refuse
from ranker.templates.tasks import task_of

PERSONA = "persona"
TEMPLATE = "template:"
"""Slots: ``persona``, or ``template:`` and a task."""
EDITS = 2
"""Versions that are asked for after one critique, or more where there are few critiques."""
_MOST_EDITS = 4
_TEXTS_KEPT = 32
_HIDDEN = "(left out: it quotes a labelled lead)"


@dataclass(frozen=True, slots=True)
class ModelSetup:
    """The variant that a search starts from. ``settings``: with the limits that all of its calls are held under.

    ``prompts``: the text of the prompt of each task of the strategy, and of ``critique`` and ``edit``.
    """

    strategy: str
    persona_name: str
    persona: str
    prompts: Mapping[str, str]
    settings: Settings

    def text_of(self, slot: str) -> str:
        """What stands in a slot. Raises ``UsageError`` for a slot that this engine has not."""
        if slot == PERSONA:
            return self.persona
        task = slot.removeprefix(TEMPLATE)
        if slot == task or task not in TASKS[self.strategy]:
            raise UsageError(
                f"“{slot}” can't be optimized with this strategy. It can be: "
                f"{', '.join(slots_of(self.strategy))}."
            )  # fmt: skip
        return self.prompts[task]


def slots_of(strategy: str) -> tuple[str, ...]:
    """What can be optimized of a variant with a model: its persona, or the prompt of one of its tasks."""
    return (PERSONA, *(f"{TEMPLATE}{task}" for task in TASKS[strategy]))


class LlmSubject:
    """See ``ranker.optimizer.subject.Subject``. Every call is one of ``scope`` in the ledger.

    Never another provider than the first; answers that are kept make a replay free. ``watch`` is told every second how
    the calls under way stand, and can stop them. Raises ``UsageError`` for a slot that there is not, and what
    ``evaluate`` raises if the text that is there now can't be used.
    """

    def __init__(
        self, database: Database, scope: str, labelled: Sequence[Labelled], setup: ModelSetup, slot: str,
        watch: Watch | None = None, *, pause: float = 0.5, cool: float = 15.0,
    ) -> None:  # fmt: skip
        self.start = setup.text_of(slot)
        self._database, self._scope, self._setup, self._slot = database, scope, setup, slot
        self._watch, self._pause, self._cool = watch, pause, cool
        self._of: dict[str, list[Labelled]] = {}
        for one in labelled:
            self._of.setdefault(one.lead.company, []).append(one)
        self.companies = tuple(sorted(self._of))
        self.guard = CopyGuard(
            [one.inputs.title for one in labelled],
            [name for one in labelled for name in (one.inputs.company, one.inputs.domain)],
        )
        self._judged: OrderedDict[str, dict[str, list[Answered]]] = OrderedDict()
        self._engine(self.start)

    def evaluate(self, text: str, companies: Sequence[str]) -> dict[str, Figures]:
        """See ``Subject``. Each company is judged alone, so that its figures depend on nothing else.

        Raises ``CandidateRefused`` for a text that can't be in the slot; ``BudgetSpent`` before a call that could pass
        a limit; ``Cancelled``; other ``LlmError``, and then nothing is to be recorded: a failure is no verdict.
        """
        found = self._answers(text, companies)
        labels = [one.of.lead for company in companies for one in found[company]]
        said = {
            one.of.lead.source_id: Prediction(one.verdict.qualified, one.rank, one.verdict.score)
            for company in companies
            for one in found[company]
        }
        return dict(evaluate(labels, said).companies) if labels else {}

    def propose(self, text: str, companies: Sequence[str], wanted: int, seed: int) -> list[Proposal]:
        """See ``Subject``: a critique by each of several groups of errors, and several versions a critique.

        Raises as ``evaluate``.
        """
        answers = self._answers(text, companies)
        errors = [error for company in companies for error in signed_errors(answers[company])]
        chosen = groups(errors, -(-wanted // EDITS), seed)
        if not chosen or wanted < 1:
            return []
        edits = min(_MOST_EDITS, max(EDITS, -(-wanted // len(chosen))))
        found = propose_versions(
            self._database, self._scope, self._setup.settings, self._prompts(), self._told(), text, chosen, edits,
            self._watch, quotes=self._quotes, pause=self._pause, cool=self._cool,
        )  # fmt: skip
        proposals = [Proposal(one.text, self._plain(critique), self._plain(one.why)) for one, critique in found]
        return [one for one in proposals if one.text != text][:wanted]

    def _plain(self, words: str) -> str:
        """A sentence of a model for people; not one that quotes a lead."""
        return _HIDDEN if self._quotes(words) else words

    def _quotes(self, words: str) -> bool:
        return bool(self.guard.refusal(words, self.start))

    def _told(self) -> Slot:
        if self._slot == PERSONA:
            return Slot(
                "a persona: whom to contact at a company and whom never to, for each size of company",
                "The text is read by a program, too: keep its headings, the names of the company sizes, and the form "
                "of its tables and lists. A row of a table has as many cells as its head.",
            )
        task = self._slot.removeprefix(TEMPLATE)
        return Slot(
            f"the prompt that a language model judges leads with ({task_of(task).purpose.rstrip('.')}); whom to "
            "contact is said by a persona, which is put in at {{ persona }} and can't be changed here",
            "Leave every line as it is that holds {{, {% or ===, and write no such signs; keep the names of the fields "
            "of the answer and their ranges.",
        )

    def _prompts(self) -> dict[str, Prompt]:
        return {task: read_prompt(task, self._setup.prompts[task]) for task in ("critique", "edit")}

    def _engine(self, text: str) -> ModelEngine:
        """The engine with a text in the slot. Raises ``CandidateRefused`` where the text's own checks do."""
        setup, prompts = self._setup, {task: self._setup.prompts[task] for task in TASKS[self._setup.strategy]}
        persona = text if self._slot == PERSONA else setup.persona
        try:
            if self._slot != PERSONA:
                task = self._slot.removeprefix(TEMPLATE)
                refuse(task, text)
                prompts[task] = text
            return ModelEngine(
                engine_of_text(persona, setup.persona_name), persona, persona_hash(persona), setup.strategy,
                replace(setup.settings, providers=setup.settings.providers[:1]),
                {task: read_prompt(task, content) for task, content in prompts.items()},
            )  # fmt: skip
        except (PersonaError, TemplateRefused, LlmSetup) as error:
            raise CandidateRefused(error.message) from None

    def _answers(self, text: str, companies: Sequence[str]) -> dict[str, list[Answered]]:
        """What comes of the leads of some companies, each with its rank; of texts just seen without a call."""
        kept = self._judged.setdefault(text_hash(text), {})
        self._judged.move_to_end(text_hash(text))
        missing = [company for company in companies if company not in kept]
        if missing:
            kept.update(self._judge(self._engine(text), missing))
        while len(self._judged) > _TEXTS_KEPT:
            self._judged.popitem(last=False)
        return kept

    def _judge(self, engine: ModelEngine, companies: Sequence[str]) -> dict[str, list[Answered]]:
        leads = {}
        with alone():
            for company in companies:
                some = self._of[company]
                leads[company] = engine.leads(
                    [one.inputs for one in some], [one.industry for one in some], [company] * len(some)
                )
        asked = {name: sorted({one for one in some if isinstance(one, Lead)}) for name, some in leads.items()}
        verdicts = judge_companies(
            engine, self._database, self._scope, {name: some for name, some in asked.items() if some}, self._watch,
            pause=self._pause, cool=self._cool,
        )  # fmt: skip
        found = {}
        for company, rows in leads.items():
            ranked = ranked_table(
                [verdicts[one] if isinstance(one, Lead) else one for one in rows], [company] * len(rows)
            )
            found[company] = [
                Answered(of, verdict, rank)
                for of, verdict, rank in zip(self._of[company], ranked.assessments, ranked.ranks, strict=True)
            ]
        return found
