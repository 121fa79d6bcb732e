"""The commands of the REST API: serving it, and its keys."""

from __future__ import annotations

import sys
from argparse import Namespace

from ranker.api.keys import REQUESTS_A_MINUTE, KeyBook, add_key, remove_key
from ranker.errors import UsageError


def api(options: Namespace) -> None:
    """Serve until Ctrl-C."""
    from ranker.api.serve import serve  # its libraries take a second to load

    serve(options.host, options.port)


def api_key(options: Namespace) -> None:
    """Make a key and show it once, list them without their texts, or remove one."""
    if options.what == "list":
        _list()
        return
    if not options.name:
        raise UsageError(f"Name the key: python -m ranker api-key {options.what} NAME.")
    if options.what == "remove":
        if not remove_key(options.name):
            raise UsageError(f"There is no key “{options.name}”. See: python -m ranker api-key list.")
        print(f"The key “{options.name}” is removed; it opens nothing any more.")
        return
    text = add_key(options.name, options.requests_per_minute or REQUESTS_A_MINUTE, options.usd_per_day)
    print(text)
    print("Copy it now: only its hash is kept, so it can't be shown again.", file=sys.stderr)


def _list() -> None:
    keys = KeyBook().all()
    for one in keys:
        dollars = "no limit of its own" if one.usd_per_day is None else f"${one.usd_per_day:,.2f} a day"
        print(f"{one.name:<40}  {one.requests_per_minute or 0:>6,} requests a minute  {dollars:<20}  {one.made_at}")
    if not keys:
        print("There is no key yet: the API serves this computer only. Make one: python -m ranker api-key add NAME")
