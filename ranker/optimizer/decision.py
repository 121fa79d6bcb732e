"""What a person makes of an optimization: its proposal goes live as a new version, or the old text is kept."""

from __future__ import annotations

from dataclasses import dataclass

from ranker.errors import UsageError
from ranker.optimizer import stored
from ranker.optimizer.memory import Candidate
from ranker.optimizer.stored import OptimizationRow
from ranker.personas import catalog as personas
from ranker.personas import versions as persona_versions
from ranker.store import run_queries
from ranker.store.clock import now
from ranker.store.engine import Database
from ranker.templates import catalog as templates
from ranker.templates import versions as template_versions

LIVE, DISCARDED = "live", "discarded"


@dataclass(frozen=True, slots=True)
class WentLive:
    """The version that is live now: of a persona, or of the prompt of a task."""

    version_id: int
    version: int
    name: str


def make_live(database: Database, run_id: int, who: str = "") -> WentLive:
    """Save the proposal as a new version, with the start as its parent, and put it to use.

    The text that is live by then, and was perhaps changed since the start, stays a version. Raises ``UsageError`` while
    the optimization is under way, has no proposal or was decided otherwise, ``TemplateRefused`` for a prompt that fails
    a check.
    """
    row, proposal, words = _proposal(database, run_id)
    note = f"Optimization {run_id}: {words}"
    if row.slot == "persona":
        start = personas.get_version(database, row.persona_version_id or 0)
        added = persona_versions.add_version(
            database, start.name, proposal.text, parent_id=start.id, note=note, who=who
        )  # fmt: skip
        persona_versions.make_live(database, added.id)
        went = WentLive(added.id, added.version, start.name)
    else:
        old = templates.get_version(database, row.template_version_id or 0)
        kept = template_versions.add_version(database, old.task, proposal.text, parent_id=old.id, note=note, who=who)
        template_versions.make_live(database, kept.id, who)
        went = WentLive(kept.id, kept.version, old.task)
    _decide(database, row, LIVE, who, went.version_id)
    return went


def discard(database: Database, run_id: int, who: str = "") -> None:
    """Keep the old text. Raises ``UsageError`` while the optimization is under way, or where its proposal went live."""
    row = _ended(database, run_id, DISCARDED)
    _decide(database, row, DISCARDED, who)


def is_behind(database: Database, row: OptimizationRow) -> bool:
    """Whether the start is not the version in use any more: making the proposal live would undo what came since."""
    try:
        if row.slot == "persona":
            return not personas.get_version(database, row.persona_version_id or 0).live
        return not templates.get_version(database, row.template_version_id or 0).live
    except UsageError:
        return True


def _ended(database: Database, run_id: int, decision: str) -> OptimizationRow:
    if run_queries.get_run(database, run_id).active:
        raise UsageError("This optimization is still under way. Wait until it ends, or cancel it.")
    with database.session() as session:
        row = stored.load_optimization(session, run_id)
    # Two windows may show the buttons: the second click must not make the record say otherwise than what was done.
    if row.decision not in ("", decision):
        done = "its text was made live" if row.decision == LIVE else "the old text was kept"
        raise UsageError(f"This was decided already: {done}. Load the page again to see it.")
    return row


def _proposal(database: Database, run_id: int) -> tuple[OptimizationRow, Candidate, str]:
    row = _ended(database, run_id, LIVE)
    number = row.result.get("proposal")
    if not number:
        raise UsageError("This optimization proposes nothing but the text that it started from: keep that one.")
    with database.session() as session:
        found = {one.number: one for one, _ in stored.candidates(session, run_id).get(0, [])}
    return row, found[number], str(row.result["claim"]["words"])


def _decide(database: Database, row: OptimizationRow, decision: str, who: str, version_id: int | None = None) -> None:
    result = {**row.result} | ({} if version_id is None else {"version_id": version_id})
    with database.write() as session:
        stored.set_columns(
            session, row.run_id, decision=decision, decided_by=who.strip(), decided_at=now(), result=result
        )
