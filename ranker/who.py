"""Who works with this copy, as it stands beside runs, exports, reviews and imports."""

from __future__ import annotations

import getpass
import os

_LONGEST = 80


def who() -> str:
    """``RANKER_USER`` if it is set, else the name of the machine's user; blank where there is none.

    One line of at most 80 characters.
    """
    name = " ".join(os.environ.get("RANKER_USER", "").split())
    if not name:
        try:
            name = " ".join(getpass.getuser().split())
        except (OSError, KeyError, ImportError):  # a container's user need not have a name
            return ""
    return name[:_LONGEST]
