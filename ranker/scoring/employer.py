"""Whether the company that a title names ("at Acme") is the company that the lead is listed under."""

from __future__ import annotations

from ranker.titles.normalise import words

#: Legal forms and words that many companies share; they tell no two companies apart.
_COMMON = frozenset(
    "inc incorporated llc ltd limited gmbh ag kg se sa sas sarl srl sl slu bv nv plc corp corporation co company "
    "group holding holdings the and of de la le el der die das und et y i e international global solutions "
    "technologies technology tech software systems services industries partners consulting labs studio io ai com "
    "net org www app".split()
)


def company_words(name: str, domain: str = "") -> frozenset[str]:
    """The words that tell this company from others: of its name, the name in one word, its domain's label."""
    spoken = words(name)
    telling = {word for word in spoken if word not in _COMMON and len(word) > 1}
    joined = "".join(word for word in spoken if word not in _COMMON)
    if len(joined) > 2:
        telling.add(joined)
    if len(spoken) > 2:
        telling.add("".join(word[0] for word in spoken))
    labels = [label for label in words(domain) if label not in _COMMON]
    telling.update(label for label in labels[:3] if len(label) > 2)
    return frozenset(telling or spoken)


def works_here(employer: str, own: frozenset[str]) -> bool:
    """Whether the named employer shares a telling word with the lead's company (``company_words``).

    "Acme Robotics EMEA" is Acme; "acmerobotics" is too. Companies of which only common words are known
    ("The Group") are taken to be the lead's own: a doubt is no reason to leave somebody out.
    """
    if not own:
        return True
    spoken = [word for word in employer.split() if word not in _COMMON]
    if not spoken:
        return True
    if own.intersection(spoken):
        return True
    joined = "".join(spoken)
    return any(len(word) > 3 and (word in joined or joined.startswith(word)) for word in own) or any(
        len(word) > 4 and any(word in name for name in own) for word in spoken[:2]
    )
