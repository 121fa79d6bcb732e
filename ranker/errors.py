"""Every error that this package raises on purpose, in one tree.

::

    RankerError            error
    ├── InputError         input               the file of leads
    │   ├── FileUnreadable input.unreadable    missing, a folder, not text
    │   ├── NoHeader       input.no_header     empty, or no row that names the columns
    │   └── ColumnMissing  input.column        a column that is needed was not found
    ├── PersonaError       persona             the persona's text
    │   ├── PersonaUnreadable  persona.unreadable  missing, a folder, not text
    │   ├── PersonaEmpty   persona.empty       nothing in it that says whom to contact
    │   ├── EditRefused    persona.edit        a change that can't be made at one place of the text
    │   └── PersonaMoved   persona.moved       it was changed or saved elsewhere in the meantime
    ├── TemplateError      template            the text of a prompt
    │   ├── TemplateRefused    template.refused    a text that fails a check; it was not kept
    │   └── TemplateMoved  template.moved      it was changed elsewhere in the meantime
    ├── VocabularyError    vocabulary          a data file of the title vocabulary
    ├── LabelError         label               a labelled file, or an answer that does not belong to it
    ├── OptimizerError     optimizer           a search for a better text
    │   ├── CandidateRefused   optimizer.refused   a text that can't be tried; the search goes on without it
    │   └── BudgetSpent    optimizer.budget    the next step could cost more than is left; what was found is kept
    ├── OutreachError      outreach            somebody who can't be written to, or messages that can't be kept
    │   ├── ProfileRefused outreach.profile    an address that is nobody's profile
    │   ├── ProspectRefused    outreach.prospect   somebody who must not be contacted
    │   └── SequenceRefused    outreach.sequence   a change to a sequence that can't be kept; it is as it was
    ├── StoreFull          store.full          the disk has no room for what was to be kept
    ├── LlmError           llm                 a language model can't be asked, or gave no usable answer
    │   ├── LlmSetup       llm.setup           a setting that makes no sense
    │   ├── NoKey          llm.no_key          no key, and no server that needs none
    │   ├── SpendingOff    llm.spending_off    the switch that blocks every paid call is on
    │   ├── PriceUnknown   llm.price_unknown   a limit of money, and a model of unknown price
    │   ├── CapReached     llm.cap             the next call could cost more than is left of the limit
    │   ├── ProvidersFailed    llm.providers   no provider can be asked any more: quota, key, or out of order
    │   ├── Cancelled      llm.cancelled       somebody stopped the work
    │   └── CallFailed     llm.call            one question got no usable answer; others may
    └── UsageError         usage               a command or an option that makes no sense

The message is for the person who reads it on a page or in a terminal: one line that says what is wrong
and what to do. The code is for programs; it stays the same when the message's wording improves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class RankerError(Exception):
    """The root: catch this to catch everything below. ``str(error)`` is the message for the person."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InputError(RankerError):
    """The file of leads can't be used as it is."""

    code = "input"


class FileUnreadable(InputError):
    """The file of leads is missing, is a folder, may not be read, or is not text."""

    code = "input.unreadable"


class NoHeader(InputError):
    """The file of leads is empty, or has no row that names its columns."""

    code = "input.no_header"


class ColumnMissing(InputError):
    """A column that ranking needs was not found, or one that was named is not in the file."""

    code = "input.column"


class PersonaError(RankerError):
    """The persona can't be used as it is."""

    code = "persona"


class PersonaUnreadable(PersonaError):
    """The persona's file is missing, is a folder, may not be read, or is not text."""

    code = "persona.unreadable"


class PersonaEmpty(PersonaError):
    """The persona's text says nothing about whom to contact."""

    code = "persona.empty"


class EditRefused(PersonaError):
    """A change to a persona's text that would be read as something else; the text is as it was."""

    code = "persona.edit"


class PersonaMoved(PersonaError):
    """A draft was changed, or a newer version saved, in another window; nothing was overwritten."""

    code = "persona.moved"


class TemplateError(RankerError):
    """The text of a prompt can't be used as it is."""

    code = "template"


class TemplateRefused(TemplateError):
    """A text fails a check of ``ranker.templates.checks``, which the message names; it was not kept."""

    code = "template.refused"


class TemplateMoved(TemplateError):
    """A draft of a prompt was changed in another window; nothing was overwritten."""

    code = "template.moved"


class VocabularyError(RankerError):
    """A data file of the title vocabulary has a row that can't be understood; the message names it."""

    code = "vocabulary"


class LabelError(RankerError):
    """A labelled file, or an answer compared with one, is incomplete or does not fit the other."""

    code = "label"


class OptimizerError(RankerError):
    """A search for a better text can't go on."""

    code = "optimizer"


class CandidateRefused(OptimizerError):
    """A text that can't be tried, and why; the search goes on without it."""

    code = "optimizer.refused"


class BudgetSpent(OptimizerError):
    """The next step could cost more than is left; what was found so far is kept."""

    code = "optimizer.budget"


class OutreachError(RankerError):
    """Somebody can't be written to, or what was written can't be kept."""

    code = "outreach"


class ProfileRefused(OutreachError):
    """A text that is no address of a person's profile; the message fits under the field that it was typed into."""

    code = "outreach.profile"


class ProspectRefused(OutreachError):
    """Somebody who must not be contacted. ``reason``: ``held``, ``deleted``, ``not_relevant`` or ``not_judged``."""

    code = "outreach.prospect"

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class SequenceRefused(OutreachError):
    """A change to a sequence that can't be kept. ``steps``: what is wrong with which message, by its step."""

    code = "outreach.sequence"

    def __init__(self, message: str, steps: Mapping[int, str] | None = None) -> None:
        super().__init__(message)
        self.steps = dict(steps or {})


class StoreFull(RankerError):
    """The disk, or the limit of the database, has no room for what was to be kept; nothing of it was."""

    code = "store.full"


class LlmError(RankerError):
    """A language model can't be asked, or gave no answer that can be used."""

    code = "llm"


class LlmSetup(LlmError):
    """A setting of the language model makes no sense; the message names it."""

    code = "llm.setup"


class NoKey(LlmError):
    """There is no key, and no server of one's own that needs none."""

    code = "llm.no_key"


class SpendingOff(LlmError):
    """Paid calls are switched off by ``RANKER_CAN_SPEND``."""

    code = "llm.spending_off"


class PriceUnknown(LlmError):
    """There is a limit of money, but the price of a model is not known; nothing was asked."""

    code = "llm.price_unknown"


class CapReached(LlmError):
    """The next call could cost more than is left of the limit; it was not made."""

    code = "llm.cap"


class ProvidersFailed(LlmError):
    """No provider can be asked any more: used up, key refused, or out of order. Nothing further is asked."""

    code = "llm.providers"


class Cancelled(LlmError):
    """Somebody stopped the work; what was done is kept."""

    code = "llm.cancelled"


class CallFailed(LlmError):
    """One question got no usable answer, for the ``reason`` (a kind of ``ranker.llm.failures``)."""

    code = "llm.call"

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class UsageError(RankerError):
    """A command, option or value that makes no sense; the message says which one would."""

    code = "usage"
