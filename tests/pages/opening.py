"""What tests of pages share: opening one at an address, reading what it says, clicking a button."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

ROUTER = Path(__file__).parents[2] / "pages" / "_router.py"
PATIENCE = 180
"""Seconds that a page may take: for a machine that has much else to do."""


def open_at(file: str, **params: object) -> AppTest:
    """A page at an address, as after a refresh: ``open_at("runs.py", run=1)``; nothing of it may fail."""
    page = AppTest.from_file(ROUTER, default_timeout=PATIENCE)
    page.switch_page(file)
    for name, value in params.items():
        page.query_params[name] = str(value)
    page.run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    """What the page says, but for titles and tables."""
    found = [*page.markdown, *page.caption, *page.warning, *page.error, *page.info, *page.success]
    return "\n".join(item.value for item in found)


def click(page: AppTest, label: str) -> AppTest:
    """Click the first button whose label begins with this."""
    found = [button for button in page.button if button.label.startswith(label)]
    assert found, f"no button “{label}” among {[button.label for button in page.button]}"
    return found[0].click().run()
