"""Serving the API on one address until it is stopped."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
from contextlib import suppress

import uvicorn

from ranker.api.app import make_app
from ranker.api.keys import KeyBook
from ranker.api.service import LOOPBACK, Service
from ranker.care.deletion import finish_if_pending
from ranker.care.logs import start_logs
from ranker.errors import UsageError
from ranker.events import tell
from ranker.store.engine import data_folder, open_database

PORT = 8600
_LAST_SECONDS = 30
"""How long requests under way have when the server is stopped."""


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this computer only."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(host: str, port: int) -> None:
    """Serve until stopped. Raises ``UsageError`` for an address beyond this computer while no key is set."""
    keys = KeyBook()
    near = is_loopback(host)
    if not near and not keys.all():
        raise UsageError(
            f"{host} can be reached from other computers, and no key is set, so the API was not started. Make a key "
            "first (python -m ranker api-key add NAME), or leave --host out to serve this computer only."
        )
    with _listen(host, port) as listening:
        start_logs(data_folder())
        database = open_database()
        try:
            finish_if_pending(database)
            service = Service(database, keys, open=near, hosts=frozenset({*LOOPBACK, host.lower()}) if near else None)
            at = f"http://{f'[{host}]' if ':' in host else host}:{port}"
            print(f"The API is at {at}, its documentation at {at}/docs", file=sys.stderr)
            tell("api.started", port=port, near=near)
            with suppress(KeyboardInterrupt):
                uvicorn.Server(config_of(service)).run(sockets=[listening])
        finally:
            database.close()


def config_of(service: Service) -> uvicorn.Config:
    """How it is served: no log of addresses, which may name people, and no name of the server."""
    return uvicorn.Config(
        make_app(service), log_config=None, access_log=False, server_header=False, proxy_headers=False, ws="none",
        timeout_graceful_shutdown=_LAST_SECONDS,
    )  # fmt: skip


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before anything is said of it. Raises ``UsageError`` if that can't be."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, OverflowError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        raise UsageError(
            f"The port {port} of {host} is taken by another program. Choose another one with --port."
            if taken
            else f"The API can't listen at {host}, port {port}. Look at --host and --port."
        ) from None
