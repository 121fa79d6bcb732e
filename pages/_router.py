"""Every address comes through here: the pages and the groups in which they stand."""

from __future__ import annotations

import streamlit as st

NAME = "Persona Ranker"
# Drawn here: a named icon for the browser's tab would be fetched from the network.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0F5FBF"/>'
    '<path d="M4 12V8M8 12V4M12 12v-2" stroke="#fff" stroke-width="2.2" stroke-linecap="round"/></svg>'
)
# What the theme can't say: less empty space around a page; what is chosen is readable in the dark too, and what has the
# keyboard is seen; long links and rows of choices break instead of being cut; why a file is refused is there to see; on
# a phone what was opened stands before the list in which it was opened; a message covers no button at the top; a link
# to the page that is open (its list of files) does not look pressed; no table offers a search, which would find only
# what is drawn of it, and the tools of a narrow one cover nothing.
STYLE = """<style>
[data-testid="stButtonGroup"] button[data-selected="true"], [role="tab"][aria-selected="true"],
[role="tab"][aria-selected="true"] *, [data-testid="stSliderThumbValue"], [data-testid="stSliderThumbValue"] *,
[data-testid="stPaginationEllipsis"] { color: inherit !important; }
:is(a, button, summary, canvas, [role="tab"]):focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
[data-testid="stPageLink"] a * { white-space: normal; overflow: visible; }
[data-testid="stFileChip"] [role="alert"] { position: static !important; width: auto; height: auto; margin: 0;
  clip: auto; clip-path: none; overflow: visible; white-space: normal; }
[data-testid="stMainBlockContainer"] { padding: 4rem 2.5rem 3rem; }
[data-testid="stButtonGroup"] > div { flex-wrap: wrap; }
[data-testid="stToastContainer"] { top: auto !important; bottom: 1rem; }
[data-testid="stMain"] [data-testid="stPageLink"] a:not(:hover) { background: transparent; }
[data-testid="stMain"] [data-testid="stPageLink"] a * { font-weight: 400; }
[data-testid="stElementToolbarButton"]:has(> span > [aria-label^="Search"]),
.st-key-results_beside [data-testid="stElementToolbar"] { display: none; }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 4rem 1rem 3rem; }
  :is(.st-key-results_beside, .st-key-outreach_reading) > [data-testid="stLayoutWrapper"] > div {
    flex-wrap: wrap-reverse; }
}
</style>"""
st.set_page_config(page_title=NAME, page_icon=ICON, layout="wide")
st.html(STYLE)


def _page(file: str, title: str, icon: str, *, default: bool = False) -> st.Page:
    return st.Page(
        file, title=title, icon=f":material/{icon}:", url_path=None if default else title.lower(), default=default
    )


opened = st.navigation(
    {
        "Work": [
            _page("home.py", "Home", "home", default=True),
            _page("import_leads.py", "Import", "upload_file"),
            _page("rank.py", "Rank", "sort"),
            _page("results.py", "Results", "checklist"),
            _page("outreach.py", "Outreach", "forum"),
            _page("prospects.py", "Prospects", "groups"),
        ],
        "Improve": [
            _page("personas.py", "Personas", "person_search"),
            _page("prompts.py", "Prompts", "chat"),
            _page("evaluate.py", "Evaluate", "analytics"),
            _page("optimize.py", "Optimize", "trending_up"),
        ],
        "Operate": [
            _page("runs.py", "Runs", "history"),
            _page("settings.py", "Settings", "settings"),
        ],
    }
)
if opened.title != "Home":  # several tabs can be told apart
    st.set_page_config(page_title=f"{opened.title} · {NAME}")
opened.run()
