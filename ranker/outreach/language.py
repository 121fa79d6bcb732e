"""In which language a message is written, by its small words: German writes every noun with a capital."""

from __future__ import annotations

import re
from collections import Counter

from ranker.outreach.words import fold

_SMALL = {
    "en": "the and you your i we is are of to in for with that this it on at our would could have how what do not be "
    "a an hi hello dear",
    "de": "der die das und ich wir sie ihr ihre ihnen ist sind nicht mit für von zu zum zur ein eine einen auf im bei "
    "den "
    "dem des wie auch es haben hat dass wenn oder als an aus nach über ihrem ihren euch hallo liebe lieber guten "
    "freundlichen grüße grüßen vielen",
    "es": "el la los las y de que en un una para por con su sus tu es son no se lo del al como más le qué si usted "
    "hola gracias está vi estimada estimado saludos nos te me",
    "fr": "le la les et de des que en un une pour par avec vous votre vos est sont ne pas je nous du au aux ce sur "
    "dans bonjour merci bien cordialement",
    "pt": "o a os as e de que em um uma para por com seu sua é são não se do da no na você mais como seus suas ao olá "
    "obrigado obrigada pela pelo está vi parabéns nos te me",
    "it": "il lo la gli le e di che in un una per con suo sua è sono non si del della al come più vi lei nel ciao "
    "buongiorno grazie",
    "nl": "de het een en van ik je u uw is zijn niet met voor op in dat om aan ook bij wij naar hallo groet",
}
_MEANS: dict[str, list[str]] = {}
for _language, _words in _SMALL.items():
    for _word in _words.split():
        _MEANS.setdefault(fold(_word), []).append(_language)
_WORD = re.compile(r"[^\W\d_]+")


def language(text: str) -> str:
    """ "en", "de", "es", "fr", "pt", "it" or "nl": whose small words stand in the text most; English where none do.

    A word of several languages counts for each of them, in parts.
    """
    seen: Counter[str] = Counter()
    for word in _WORD.findall(fold(text)):
        owners = _MEANS.get(word, ())
        for owner in owners:
            seen[owner] += 60 // len(owners)
    return max(seen, key=lambda name: (seen[name], name == "en", name)) if seen else "en"
