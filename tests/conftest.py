"""What every test shares: how hypothesis looks for counter-examples."""

import os

from hypothesis import settings

# No deadline: a shared machine is slow now and then, and that is no defect. In CI the same examples are
# tried every time, so that a change is judged by what it changed; elsewhere new ones are looked for.
settings.register_profile("search", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("repeatable" if os.environ.get("CI") else "search")
