"""A run, piece by piece: the same whether the worker takes the pieces durably or a caller takes them at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.exc import InterfaceError, OperationalError

from ranker.errors import RankerError
from ranker.events import tell, tell_error
from ranker.store import run_queries
from ranker.store.engine import Database

Step = Callable[[Database, int], bool]
"""Does the next piece of a run, kept in one transaction; False once nothing is left. Safe to repeat."""
Steps = Mapping[str, Step]
"""Kind of run → its step."""

UNEXPECTED = "Something unexpected stopped this run. Start it again; if that happens twice, tell who runs this tool."
_ATTEMPTS = 3


def take(database: Database, run_id: int, step: Step) -> bool:
    """Take one step. An error ends the run as failed, with a message for a person; False if nothing is left.

    A database that is busy or gone for a moment is tried again. What goes to the log names the kind and the
    place of an unexpected error, never a value: values may be somebody's data.
    """
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return step(database, run_id)
        except RankerError as error:
            tell("run.refused", level="warning", run=run_id, code=error.code)
            run_queries.end(database, run_id, "failed", error.message)
            return False
        except (OperationalError, InterfaceError) as error:
            tell_error("run.failed", error, run=run_id)
            if attempt == _ATTEMPTS:
                run_queries.end(database, run_id, "failed", UNEXPECTED)
        except Exception as error:  # noqa: BLE001 - a run must end in a state that a page can show
            tell_error("run.failed", error, run=run_id)
            run_queries.end(database, run_id, "failed", UNEXPECTED)
            return False
    return False


def drive(database: Database, run_id: int, step: Step) -> None:
    """Take every step of a run in this thread, without a worker."""
    while take(database, run_id, step):
        pass
