"""People, firms, products and places that a message names and no source holds: words with a capital, mostly.

A capital inside a sentence is a name unless a list says otherwise; where a sentence begins, every word has one, so that
only words that no list of ordinary words knows are names there. German writes nouns so too: there, a name shows itself
by what stands before it ("bei", "von", "Frau") or by being several.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from ranker.outreach import name_shapes as shape
from ranker.outreach.held import Held
from ranker.outreach.name_words import Word, bare, has_capital, has_digit, is_addressed, within, words_in
from ranker.outreach.numbers import number_words
from ranker.outreach.sentences import Span
from ranker.outreach.sequence import Kind, Mark
from ranker.outreach.words import fold, job_words, many, phrases, shouted


@cache
def _lists() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Known names; words that are none; those of the names that are written in capitals alone."""
    return (
        phrases("places") | phrases("brands"),
        many("ordinary_en") | many("ordinary_romance"),
        shouted("brands") | shouted("places"),
    )


class NameFinder:
    """Finds the names in a text that ``held`` does not hold. ``lang`` as ``language`` gives it."""

    def __init__(self, held: Held, lang: str) -> None:
        self._held, self._lang = held, lang
        self._trade, self._jobs = many("trade"), job_words(lang)
        self._names, self._ordinary, self._shouted = _lists()
        self._perhaps = phrases("brand_words")
        self._first = many("first_names")
        self._german = many("ordinary_de")

    def marks(self, text: str, spans: Sequence[Span]) -> list[Mark]:
        """The names in the sentences of a text, each whole: "Ada Miller", "Acme Labs", "rival.example"."""
        out, links = [], []
        for found in shape.LINK.finditer(text):
            link = found.group().rstrip(".,;:!?)")
            host = re.sub(r"^(?:https?://|.*@)?(?:www\.)?", "", fold(link)).split("/")[0]
            if "." in host and host.rsplit(".", 1)[1].split(":")[0] in shape.TLD:
                links.append(found.span())
                if not any(host == name or host.endswith("." + name) for name in self._held.domains):
                    out.append(Mark("name", link, found.start(), found.start() + len(link)))
        names: list[Mark] = []
        for start, end in spans:
            words = [word for word in words_in(text, start, end, self._lang) if not within(word, links)]
            names += self._runs(text, words)
        for last, one in pairwise(names):  # "firms like Beta, Gamma and Delta"
            person = bare(one.text.split()[0]) in self._first | self._held.person
            if not person and last.kind == "employer" and shape.LISTED.fullmatch(text[last.end : one.start]):
                names[names.index(one)] = replace(one, kind="employer")
        return sorted(out + names, key=lambda mark: mark.start)

    def _runs(self, text: str, words: Sequence[Word]) -> list[Mark]:
        out: list[Mark] = []
        run: list[Word] = []
        for word in [*words, None]:
            if word is not None and has_capital(word.text):
                joined = run and re.fullmatch(r"\.? (?:& )?", text[run[-1].end : word.start])
                if run and not (joined and ("." not in joined.group() or len(run[-1].text) == 1)):
                    out += self._judge(text, run) or self._as_listed(text, run, out)
                    run = []
                run.append(word)
                continue
            if run:
                out += self._judge(text, run) or self._as_listed(text, run, out)
                run = []
            if word is not None and self._is_small_name(word):
                out.append(Mark("name", word.text, word.start, word.end))
        return out

    def _judge(self, text: str, run: list[Word]) -> list[Mark]:
        """The name in words with capitals that follow each other, if one of them is unheld."""
        named = self._known(run)
        while run and not named[0] and run[0].opens and self._is_common(run[0]) and not is_addressed(text, run[0]):
            run, named = run[1:], named[1:]
        if not run:
            return []
        folded = [bare(word.text) for word in run]
        strict = is_addressed(text, run[0]) or shape.AT.search(text, max(0, run[0].start - 8), run[0].start) is not None
        bad = [
            name or not self._passes(word, text, strict and place == 0, len(run))
            for place, (word, name) in enumerate(zip(run, named, strict=True))
        ]
        for place, (one, two) in enumerate(pairwise(folded)):
            if self._holds(two):
                continue
            person = one in self._held.person or (one in self._first and not self._holds(one))
            other = person and two not in self._trade and not run[place + 1].opens
            if other or len(one) == 1 or one in shape.HONOUR_WORDS:
                bad[place + 1] = True  # "Ada Miller" for Ada Example, "J. Miller"
        for place in self._of_other_firm(text, run, folded):
            bad[place] = True
        if len(run) > 1 and folded[-1] in shape.LEGAL and not self._holds(folded[-2]):
            bad[-2] = True
        if not any(bad):
            return []
        start, end = bad.index(True), len(bad) - bad[::-1].index(True)
        while start and folded[start - 1] not in shape.TITLES | self._trade | self._german:
            start -= 1
        while end < len(run) and (folded[end] in shape.LEGAL or folded[end] in shape.ORGANISED):
            end += 1
        return [self._mark(text, run[start:end])]

    def _of_other_firm(self, text: str, run: Sequence[Word], folded: Sequence[str]) -> list[int]:
        """The words that make another firm of the lead's: "Acme Labs", "Acme Logistics Group" for Acme Cold Storage.

        A department with its team, a title and a trade's acronym make none.
        """
        firm, out = self._held.company, []
        if firm.isdisjoint(folded):
            return []
        innocent = firm | self._trade | shape.TITLES | shape.LEGAL | self._held.person
        behind = shape.PART_OF.match(text, run[-1].end) is not None
        located = shape.WHERE.search(text, max(0, run[0].start - 8), run[0].start) is not None
        for place, word in enumerate(folded):
            if word in innocent or has_digit(word):
                continue
            after = place > 0 and folded[place - 1] in firm
            before = place + 1 < len(folded) and folded[place + 1] in firm
            ordinary = word in self._jobs or word in self._ordinary
            if (after and not (ordinary and behind)) or (before and place == 0 and located and not run[0].opens):
                out.append(place)
        return out

    def _as_listed(self, text: str, run: Sequence[Word], found: Sequence[Mark]) -> list[Mark]:
        """ "firms like Beta and Continental": one of a list of firms is a firm, whatever else its name means."""
        firms = any(one.kind == "employer" for one in found)
        listed = firms and shape.LISTED.fullmatch(text[found[-1].end : run[0].start])
        names_nobody = all(self._holds(bare(word.text)) or bare(word.text) in self._trade for word in run)
        return [] if names_nobody or not listed else [self._mark(text, run)]

    def _known(self, run: Sequence[Word]) -> list[bool]:
        """Which words belong to a name that a list knows and no source holds."""
        folded = [bare(word.text) for word in run]
        out = [False] * len(run)
        for size in (3, 2, 1):
            for at in range(len(run) - size + 1):
                name, parts = " ".join(folded[at : at + size]), folded[at : at + size]
                if name in self._shouted and not run[at].text.rstrip("s’'").isupper():
                    continue
                known = name in self._names or (name in self._perhaps and not (run[at].opens and size == 1))
                if known and not all(self._holds(part) for part in parts):
                    out[at : at + size] = [True] * size
        return out

    def _mark(self, text: str, run: Sequence[Word]) -> Mark:
        start, end = run[0].start, run[-1].end
        words = text[start:end]
        if words[-2:].casefold() in ("'s", "’s"):
            end, words = end - 2, words[:-2]
        place = fold(words) in phrases("places")
        legal = bare(run[-1].text) in shape.LEGAL and len(run) > 1
        prefixed = re.match(r"ex-", words, re.IGNORECASE) is not None
        employs = shape.EMPLOYS.search(text[max(0, start - 40) : start]) is not None
        firm = len(run) > 1 and bare(run[0].text) in self._held.company
        person = bare(run[0].text) in self._first or shape.MET.search(text[max(0, start - 40) : start]) is not None
        kind: Kind = "employer" if (employs and not place and not person) or legal or firm or prefixed else "name"
        return Mark(kind, words, start, end)

    def _passes(self, word: Word, text: str, strict: bool, length: int) -> bool:
        """Whether a word with a capital names nobody, or somebody whom a source names."""
        if self._holds(bare(word.text)):
            return True
        if self._lang == "de" and bare(word.text) in self._german:
            return True
        if strict and bare(word.text) not in self._trade | shape.NOT_A_PERSON and word.text[0].isupper():
            return False
        parts = [part for part in re.split(r"[/&+-]", word.text) if has_capital(part)]
        return all(self._part_passes(part, word, text, length) for part in parts)

    def _part_passes(self, part: str, word: Word, text: str, length: int) -> bool:
        plain = bare(part)
        if len(plain) <= 1 or self._holds(plain) or plain in self._trade or plain.rstrip("s") in self._trade:
            return True
        if re.fullmatch(r"[ivx]+", plain) or plain in number_words():
            return True
        if part[1:] != part[1:].lower() and not part.isupper():
            return plain in self._jobs and plain not in self._names  # "iPhone", "HubSpot"
        if plain in self._first or (plain in self._names and part != word.text):
            return False
        if plain in self._jobs or plain in self._ordinary or plain in self._german:
            return True
        if word.opens and (shape.ORDINARY_END.fullmatch(plain) or (length == 1 and not self._acts(text, word))):
            return True
        return self._lang == "de" and self._is_german_noun(plain, word, text, length)

    def _acts(self, text: str, word: Word) -> bool:
        """Whether an unknown word at a sentence's beginning does what names do: "Globex has …", "Globex's …".
        Elsewhere a word that no list knows is more likely one that the list lacks: "Makers of …".
        """
        if "'" in fold(word.text):
            return True
        if self._lang != "en":
            return False
        singular = not bare(word.text).endswith("s") and shape.SINGULAR.match(text, word.end)
        return bool(singular) or shape.ACTS.match(text, word.end) is not None

    def _is_german_noun(self, plain: str, word: Word, text: str, length: int) -> bool:
        if shape.GERMAN_END.fullmatch(plain) or word.opens:
            return True
        if length > 1:
            return False
        return shape.GERMAN_CUE.search(text, max(0, word.start - 12), word.start) is None

    def _is_common(self, word: Word) -> bool:
        """Whether the first word of a sentence has its capital for that reason alone."""
        plain = bare(word.text)
        if self._holds(plain) and plain not in self._ordinary:
            return False
        return plain in self._ordinary or plain in self._german or (plain in self._jobs and plain not in self._names)

    def _is_small_name(self, word: Word) -> bool:
        plain = bare(word.text)
        if len(plain) < shape.SMALL_NAMES or plain in shape.ALSO_WORDS or self._lang not in ("en", "de"):
            return False
        return plain in self._names and not self._holds(plain)

    def _holds(self, plain: str) -> bool:
        words = self._held.words
        return plain in words or plain.removesuffix("s") in words or plain.replace("-", "") in words
