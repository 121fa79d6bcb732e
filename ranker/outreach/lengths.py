"""A message that is too long ends earlier: at a sentence, else at a clause or a word; never inside a character."""

from __future__ import annotations

import re
import unicodedata

from ranker.outreach.sentences import is_greeting, sentences

MORE = "…"
_CLAUSE = re.compile(r"[,;:](?=\s)|\s[–—-](?=\s)")
_JOINER = "\u200d"
_HANGING = ",;:–—-"
_FEWEST = 0.5
"""A clause that ends before this share of what fits says too little: a word ends it instead."""


def cut(text: str, most: int) -> str:
    """The text in at most ``most`` characters (1 or more, else ``ValueError``), without the space around it.

    It ends with the last sentence that fits; where not even the first does (a salutation is none), behind a clause
    or a word with "…". A text that fits comes back as it is: cutting twice is cutting once. Never blank where the
    text is not.
    """
    if most < 1:
        raise ValueError("A message needs room for one character at least")
    text = text.strip()
    if len(text) <= most:
        return text
    kept, says = 0, False
    for start, end in sentences(text):
        if end > most:
            break
        if is_seam(text, end) and not is_greeting(text[start:end]) and text[end - 1] not in _HANGING:
            kept, says = end, True
    return text[:kept] if says else _cut_words(text, most)


def _cut_words(text: str, most: int) -> str:
    room = most - len(MORE)
    floor = room * _FEWEST
    clauses = [found.start() for found in _CLAUSE.finditer(text, 0, room + 1) if floor < found.start() <= room]
    spaces = [at for at in range(1, room + 1) if text[at].isspace()]
    end = clauses[-1] if clauses else spaces[-1] if spaces else room
    while end > 0 and not is_seam(text, end):
        end -= 1
    return text[:end].rstrip().rstrip(_HANGING + ".…").rstrip() + MORE


def is_seam(text: str, at: int) -> bool:
    """Whether a text can be parted before the character at ``at`` without breaking what a reader sees as one sign:
    a letter with its accents, a surrogate pair, a flag, an emoji with its joiners, skin tone or tag, CR LF.
    """
    if at <= 0 or at >= len(text):
        return True
    left, right = text[at - 1], text[at]
    if _JOINER in (left, right) or _continues(right):
        return False
    if "\ud800" <= left <= "\udbff" and "\udc00" <= right <= "\udfff":
        return False
    if left == "\r" and right == "\n":
        return False
    if _is_flag_letter(left) and _is_flag_letter(right):
        before = 0
        while before < at and _is_flag_letter(text[at - 1 - before]):
            before += 1
        return before % 2 == 0
    return True


def _continues(char: str) -> bool:
    code = ord(char)
    return (
        unicodedata.category(char) in ("Mn", "Me", "Mc")  # accents, variation selectors, keycaps
        or 0x1F3FB <= code <= 0x1F3FF  # skin tones
        or 0xE0020 <= code <= 0xE007F  # the letters of a regional flag
        or 0x1160 <= code <= 0x11FF  # the later parts of a Korean syllable
    )


def _is_flag_letter(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF
