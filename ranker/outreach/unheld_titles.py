"""A position that a message gives somebody who has another: "as Head of Marketing" to a VP of Sales.

Only where both are read for certain: a level is a matter of words ("VP", "Head"), a department or being a founder is
not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ranker.outreach.held import Held
from ranker.outreach.sequence import Mark
from ranker.outreach.words import fold
from ranker.scoring.variants import read_title
from ranker.titles import Role

_SAID = re.compile(
    r"\b(?<!such )(?:as|being|you(?:['’]re| are| were)|(?:your (?:role|position|job|work|title) (?:as|of))|als|como|"
    r"en tant que|comme)\s"
    r"(?:(?:a|an|the|ein|eine|einer|der|die|el|la|le)\s)?(?P<title>(?:new |former )?[\w&-]+(?:[ ](?!(?:at|in|you|your|"
    r"who|i|we|and|but|"
    r"bei|sie|ist|en|chez|vous|is|are|with|for|must|can|will)\b)[\w&-]+){0,5})",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"\b(?:many|most|teams|people|leaders|like you|if|other|i|we|our|customer|fellow)\b", re.IGNORECASE
)


def unheld_titles(text: str, held: Held) -> list[Mark]:
    """The positions that no title of the lead's fits; none where the lead's own title says too little."""
    title = next((one.value for one in held.facts if one.kind == "lead" and one.name == "title"), "")
    if not title:
        return []
    out = []
    for found in _SAID.finditer(text):
        words = found.group("title")
        if words.casefold() in held.text or _ANOTHER.search(text[max(0, found.start() - 25) : found.start()]):
            continue
        firm = next((at for at in re.finditer(r"\sof\s(\w+)", words) if fold(at.group(1)) in held.company), None)
        words = _readable(words[: firm.start()] if firm else words)
        if words and _is_another(read_title(title)[0].roles, words):
            out.append(Mark("name", words, found.start("title"), found.start("title") + len(words)))
    return out


def _readable(words: str) -> str:
    """As many of the words, from the first on, as are all known to be of titles; "" for none."""
    parts = words.split(" ")
    for count in range(len(parts), 0, -1):
        shorter = " ".join(parts[:count])
        reading = read_title(shorter)[0]
        if reading.roles and not reading.unknown:
            return shorter
    return ""


def _is_another(roles: Sequence[Role], words: str) -> bool:
    """Whether a position and what is held have departments, and share none, or only one is an owner's."""
    reading, vocabulary = read_title(words)
    said = [role for role in reading.roles if role.headed and (role.functions or role.ownership)]
    if not said or re.search(r"\bowners? of\b", words, re.IGNORECASE):
        return False
    owns = any(role.ownership for role in roles)
    if any(role.ownership in ("founder", "owner") for role in said):
        return not owns
    if owns:
        return False
    theirs = {above for role in roles for one in role.functions for above in vocabulary.lineage[one]}
    stated = {above for role in said for one in role.functions for above in vocabulary.lineage[one]}
    return bool(theirs and stated) and not theirs & stated
