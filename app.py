"""The entry: ``streamlit run app.py`` starts the worker of the runs and hands every address to the router.

A plain script beside a ``pages`` folder would let the first request to ``/results`` run that page alone, past
the router; ``st.App`` with the router as its script does not.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """The worker runs as long as the server does; runs that a crash interrupted go on by themselves.

    It starts beside the first page, which then need not wait for it: a run asked for meanwhile is taken up later.
    """
    started = asyncio.create_task(asyncio.to_thread(_start))
    try:
        yield {}
    finally:
        await asyncio.gather(started, return_exceptions=True)
        await asyncio.to_thread(_stop)


def _start() -> None:
    from ranker.care.deletion import finish_if_pending
    from ranker.care.logs import start_logs
    from ranker.store.engine import data_folder, open_database
    from ranker.worker import start_worker

    start_logs(data_folder())
    try:
        database = open_database()
        finish_if_pending(database)
        start_worker(database)
    except Exception as error:  # the page meets the same error and says what to do; runs wait for the next start
        from ranker.events import tell_error

        tell_error("app.failed", error)
        raise


def _stop() -> None:
    from ranker.worker import stop_worker

    stop_worker()


def on_script_error(error: Exception) -> bool:
    """Nobody sees a traceback: the page says what to do."""
    from pages import _ui

    _ui.show_error(error)
    return True


app = st.App("pages/_router.py", lifespan=lifespan, on_script_error=on_script_error)
