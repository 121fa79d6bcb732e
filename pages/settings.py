"""Settings: whom not to contact, what is set up, language models, backups, deletion, and the limits."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._settings_backup import draw_backups
from pages._settings_check import draw_check
from pages._settings_delete import draw_deletion
from pages._settings_health import draw_health, draw_limits
from pages._settings_list import draw_list
from pages._settings_model import draw_model

st.title("Settings", anchor=False)
with _ui.errors_shown():
    draw_list(_ui.database())
with _ui.errors_shown():
    draw_health(_ui.database())
with _ui.errors_shown():
    draw_check()
with _ui.errors_shown():
    draw_model(_ui.database())
with _ui.errors_shown():
    draw_backups(_ui.database())
with _ui.errors_shown():
    draw_deletion(_ui.database())
with _ui.errors_shown():
    draw_limits()
