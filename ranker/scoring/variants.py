"""Variants in the database, and the engine that each of them names: everything that decides a verdict."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.personas.catalog import PersonaText, load_version
from ranker.personas.reader import read_persona
from ranker.personas.version import persona_hash
from ranker.scoring.assessment import Assessment, Inputs
from ranker.scoring.rules import ENGINE, RulesEngine
from ranker.store import bulk
from ranker.store.clock import now
from ranker.store.engine import Database
from ranker.titles import TitleReader, TitleReading, Vocabulary

_one_at_a_time = threading.Lock()
"""An engine's memory is not for two threads at once."""


@lru_cache(maxsize=1)
def _titles() -> TitleReader:
    return TitleReader()


@lru_cache(maxsize=4)
def _engine(content: str, name: str, digest: str) -> RulesEngine:
    return RulesEngine(read_persona(content, name), digest, _titles())


def engine_of(persona: PersonaText) -> RulesEngine:
    """The engine for a persona's version, made once. Raises ``PersonaError`` if the text can't be used.

    It is shared: judge with ``judge``, which keeps two threads apart.
    """
    with _one_at_a_time:
        return _engine(persona.content, persona.name, persona.hash)


def engine_of_text(content: str, name: str) -> RulesEngine:
    """The engine for a text that is no version yet. Raises ``PersonaError`` if it can't be used."""
    with _one_at_a_time:
        return _engine(content, name, persona_hash(content))


@contextmanager
def alone() -> Iterator[None]:
    """For other work with an engine of ``engine_of``: no other thread uses one meanwhile."""
    with _one_at_a_time:
        yield


def judge(engine: RulesEngine, inputs: Iterable[Inputs]) -> list[Assessment]:
    """The verdicts on some leads, in their order; safe from any thread."""
    with _one_at_a_time:
        return [engine.assess(one) for one in inputs]


def read_title(title: str) -> tuple[TitleReading, Vocabulary]:
    """How the engines read a title, and the vocabulary they read it with; safe from any thread."""
    with _one_at_a_time:
        reader = _titles()
        return reader.read(title), reader.vocabulary


def decides(engine: RulesEngine, persona_hash: str) -> dict[str, Any]:
    """Everything that decides a verdict; ``engine.variant`` is the hash of its JSON."""
    return {
        "engine": ENGINE,
        "strategy": "rules",
        "persona": persona_hash,
        "vocabulary": engine.reader.vocabulary.version,
        "threshold": engine.persona.threshold,
    }


def keep_rules(session: Session, engine: RulesEngine, persona: PersonaText) -> tuple[int, str]:
    """The id and hash of the engine's variant."""
    settings = decides(engine, persona.hash)
    return keep_variant(session, engine.variant, ENGINE, persona.id, settings), engine.variant


def keep_variant(
    session: Session, digest: str, engine: str, persona_version_id: int | None, settings: dict[str, Any]
) -> int:
    """The id of the variant with this hash; its row is written once and never changed. One that judges nobody has no
    persona.
    """
    columns = ("hash", "engine", "persona_version_id", "settings", "created_at")
    row = (digest, engine, persona_version_id, json.dumps(settings, sort_keys=True), now())
    bulk.upsert(session, "variant", columns, ("hash",), [row], "hash=excluded.hash")
    found = session.connection().execute(text("SELECT id FROM variant WHERE hash=:hash"), {"hash": digest})
    return int(found.scalar_one())


def is_model(session: Session, variant_id: int | None) -> bool:
    """Whether a variant asks a language model."""
    found = session.connection().execute(text("SELECT engine FROM variant WHERE id=:id"), {"id": variant_id})
    return str(found.scalar() or "").startswith("llm")


def asked_by(database: Database, variant_id: int | None) -> tuple[str, str]:
    """(Strategy, model) of a variant that asks a language model; ("", "") of one that asks none."""
    with database.session() as session:
        found = session.connection().execute(
            text("SELECT settings FROM variant WHERE id=:id AND engine LIKE 'llm%'"), {"id": variant_id}
        )
        settings = json.loads(found.scalar() or "{}")
    return settings.get("strategy", ""), next(iter(settings.get("models", {}).values()), "")


def persona_of_variant(session: Session, variant_id: int | None) -> tuple[PersonaText, str, dict[str, Any]]:
    """(Its persona's version, its hash, all that it decides by). Raises ``UsageError`` if its persona is gone."""
    rows = session.connection().execute(
        text("SELECT persona_version_id, hash, settings FROM variant WHERE id=:id"), {"id": variant_id}
    )
    found = rows.first()
    if found is None or found[0] is None:
        raise UsageError("The persona of this run was removed. Start a new run with another one.")
    return load_version(session, found[0]), found[1], json.loads(found[2])


def same_variant(now_called: str, then: str) -> None:
    """Raise ``UsageError`` if the program now decides otherwise than the variant of a run says."""
    if now_called != then:
        raise UsageError("The ranker was updated while this run was under way. Start the run again.")


def engine_of_variant(session: Session, variant_id: int | None) -> RulesEngine:
    """The engine that a variant names. Raises ``UsageError`` if its persona is gone, or the rules are others now."""
    persona, digest, _ = persona_of_variant(session, variant_id)
    engine = engine_of(persona)
    same_variant(engine.variant, digest)
    return engine
