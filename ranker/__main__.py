"""``python -m ranker``: the command line, see :mod:`ranker.cli`."""

import sys

from ranker.cli import main

if __name__ == "__main__":
    sys.exit(main())
