"""Text in the title column that is no title: blank, or another column's value (shifted columns)."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"^\s*(?:mailto:)?[^\s@]+@[^\s@]+\.[^\s@]{2,}\s*$", re.IGNORECASE)
_URL = re.compile(r"^\s*(?:https?://|www\.)\S+\s*$", re.IGNORECASE)
#: The endings that company domains really have; a title such as "Sr.Engineer" must not look like one.
_DOMAIN = re.compile(
    r"^\s*(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+"
    r"(?:com|net|org|io|ai|co|dev|app|tech|cloud|info|biz|gov|edu|mil|int|shop|store|online|site|xyz|example|"
    r"cat|gal|eus|eu|group|global|agency|solutions|consulting|software|systems|industries|ventures|capital|"
    r"ac|ad|ae|ar|at|au|be|bg|br|ca|cc|ch|cl|cn|cr|cy|cz|de|dk|do|ec|ee|eg|es|fi|fm|fr|gg|gr|gt|hk|hr|hu|id|ie|"
    r"il|in|is|it|jp|ke|kr|lt|lu|lv|ly|ma|me|mt|mx|my|ng|nl|no|nz|pe|ph|pk|pl|pt|py|ro|rs|ru|sa|se|sg|si|sk|th|"
    r"tn|tr|tv|tw|ua|ug|uk|us|uy|uz|ve|vn|za)/?\s*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^[\s\d.,:/+()#%€$£~<>≥≤–—-]*\d[\s\d.,:/+()#%€$£~<>≥≤–—-]*$")
_BLANK = re.compile(r"^[\W_]*$")
_NOTHING = frozenset(
    {"n/a", "na", "n.a.", "none", "null", "nil", "nan", "unknown", "undefined", "tbd", "not available"}
)


def problem_of(title: str) -> str | None:
    """Why this text can't be a job title: ``blank``, ``email``, ``url`` (also a bare domain) or ``number``.

    ``None`` when it can be one. "n/a", "-", "unknown" and the like are blank.
    """
    if _BLANK.match(title) or title.strip().casefold() in _NOTHING:
        return "blank"
    if "." in title:
        if _EMAIL.match(title):
            return "email"
        if _URL.match(title) or _DOMAIN.match(title):
            return "url"
    if title.lstrip()[:1] in "0123456789+(#<>~$€£-" and _NUMBER.match(title):
        return "number"
    return None
