"""How names stand in a sentence: what comes before one, how words end that are none, what firms add to theirs."""

from __future__ import annotations

import re

from ranker.outreach.held import DOMAIN

TOKEN = re.compile(r"(?<!\w)[^\W_]+(?:['’.&+/-][^\W_]+)*")
NUMBER = re.compile(r"[\d.,'’]+(?:[kKmMbBxX]|bn|mn|th|st|nd|rd|pm|am)?")
TLD = frozenset(
    "com net org io ai co de at ch es fr it pt nl uk eu us info biz dev app example test cloud tech shop online be dk "
    "se no "
    "fi pl cz ie in br mx ar cl tv software digital consulting solutions group".split()
)
LINK = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+|" + DOMAIN.pattern)
OPENS = re.compile(r"[\"“„«‚‘'(\[¿¡:•*|>]\s*$|[-–—]\s$|\d[.)]\s$")
GREETS = re.compile(
    r"(?:^|\n|[.!?]\s)\W*(?:hi|hey|hello|hallo|dear|moin|servus|liebe[rs]?|hola|estimad[oa]|querid[oa]|bonjour|salut|"
    r"cher|"
    r"chère|olá|oi|car[oa]|prezad[oa]|ciao|beste|good (?:morning|afternoon|evening)|guten (?:tag|morgen|abend))\s$",
    re.IGNORECASE,
)
HONOURS = re.compile(
    r"\b(?:mr|mrs|ms|mx|dr|prof|herrn?|frau|señora?|sra?|mme|mlle|monsieur|madame|senhora?|signora?)\.?\s$",
    re.IGNORECASE,
)
EMPLOYS = re.compile(
    r"(?:\b(?:at|from|formerly(?: at| of| with)?|previously (?:at|with)|ex|joined|joining|left|such as|bei|von|chez|"
    r"(?:clients?|customers?|companies|firms|businesses|organi[sz]ations|teams|brands|those|peers|kunden) (?:like|wie)|"
    r"work(?:ed|s|ing)? (?:at|for|with)|competitors?|customers?|clients?|partners?)[ -](?:the |der |die |la |el )?)$",
    re.IGNORECASE,
)
MET = re.compile(
    r"\b(?:met|talk|talks|keynote|speak|spoke|speaking|spoken|booth|panel|session|presentation|presented|presenting|"
    r"stage|both|"
    r"attend\w*|seen? you|meet|you|stand|webinar|won) (?:at|from) (?:the )?$",
    re.IGNORECASE,
)
AT = re.compile(r"\b(?:at|bei|chez)\s$", re.IGNORECASE)
GERMAN_CUE = re.compile(r"\b(?:bei|von|wie|firma|kunden)\s$", re.IGNORECASE)
ORDINARY_END = re.compile(
    r".{3,}(?:ing|ly|ed|tions?|ments?|ness|it(?:y|ies)|ful|less|able|ible|ous|ives?|isms?|ists?|ances?|ences?|ency|"
    r"ized|ised)"
)
GERMAN_END = re.compile(
    r".{2,}(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|tion|tionen|tät|täten|nisse?|ling|tum|ment|ments|ismus|"
    r"eure?n?|erinnen|anten?|enten?|ingen?|arbeit|zeit|leiter|leitung|team|teams|ziele?|plan|markt|bereich|kunden)"
)
ORGANISED = frozenset(
    "labs lab ventures group holding holdings capital studios foundation academy institute bank technologies robotics "
    "gruppe stiftung akademie".split()
)
LEGAL = frozenset("gmbh ag se kg inc ltd llc plc corp sa sl sas sarl srl spa bv nv ab oy aps kgaa co".split())
TITLES = frozenset(
    "mr mrs ms mx dr prof herr herrn frau sr sra mme mlle ceo cto cfo coo cmo cro cio ciso vp svp evp md chief head "
    "director "
    "manager president founder chairman hi hey hello hallo dear".split()
)
HONOUR_WORDS = frozenset("mr mrs ms mx dr prof herr herrn frau sr sra senor senora mme mlle".split())
NOT_A_PERSON = frozenset(
    "there team all everyone everybody folks sir madam friend friends both together again zusammen alle leute equipo "
    "todos".split()
)
LISTED = re.compile(r",? (?:and|or|und|oder|y|o|et|ou|e|&) |, ")
SMALL_NAMES = 6
ALSO_WORDS = frozenset("polish turkey jordan phoenix boulder nordic georgia florence victoria virginia".split())
ACTS = re.compile(
    r"\s*$|\s*[\n,]|\s(?:and|or|&)\s[A-Z]|\s(?:is|was|has|had|does|did|can|will|would|could|just|recently|already|also|who|told|"
    r"said|says|mentioned|recommended|suggested|asked|from|at|grew|went|made|got|took|uses|runs|needs|wants|helps|knows|does|"
    r"\w{3,}ed)\b"
)
"""What follows a name that begins a sentence."""
SINGULAR = re.compile(r"\s[a-z]{3,}(?<!s)s\b")
PART_OF = re.compile(
    r"\s(?:teams?|departments?|leaders?|leadership|people|division|unit|side|colleagues|reps|sdrs|organi[sz]ation|org|function|"
    r"managers?|directors?|website|site|page|account|crew|staff|office)\b"
)
"""What follows a department: "the Acme Sales team" is no firm of that name."""
WHERE = re.compile(r"\b(?:at|en|bei|chez|na|no|of|von|em|presso|bij|from)\s$", re.IGNORECASE)
