"""Where sentences begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranker.outreach.sentences import is_greeting, sentences

#: "|" stands where one sentence ends and the next begins.
TEXTS = [
    "I saw your page.| Could we talk?",
    "We help with lists, e.g. of leads.| Shall I show you?",
    "I spoke with Dr. Example and Prof. Sample.| Both agreed.",
    "We work with Acme Inc. in Berlin.| It went well.",
    "We work with Acme Inc.| It went well.",
    "Wir prüfen z. B. Listen, d. h. Namen.| Passt das?",
    "Das geht am 3. Mai um 9 Uhr.| Passt das?",
    "We take 3.5 days, at acme.example or by phone.| Fine?",
    "Well... maybe later.| Or now.",
    "So much to do…| And so little time.",
    "Really?!| Yes.",
    "Why?| because it works.",
    '"Why?" he asked.| Then he left.',
    "„Das passt.“| Sagte er.",
    "It works (really!).| See?",
    "1. Find people\n|2. Write to them.\n|- Meet them",
    "Hi Ada,\n\n|I like your page.\n|Best,\n|Carl",
    "This is a line that a mail program has wrapped\nin the middle.| It goes on.",
    "Thanks 🙏| Would you have time?",
    "Great! 🚀| Let's talk 👩‍💻",
    "Hola Ada.| ¿Cómo estás?| ¡Qué bien!",
    "Hola Ada, ¿cómo estás?",
    "Gracias |¿Hablamos mañana?",
    "J. Example wrote it.| So did I.| Then we met.",
    "From 9 a.m. to 5 p.m. on weekdays.| Monday is fine.",
    "初めまして。|よろしくお願いします。",
    "no capitals here.| none here either.",
    "",
    "   ",
    "🚀",
]


@pytest.mark.parametrize("marked", TEXTS)
def test_sentences_end_where_a_reader_ends_them(marked: str) -> None:
    expected = [part.strip() for part in marked.split("|") if part.strip()]
    text = marked.replace("|", "")
    assert [text[start:end] for start, end in sentences(text)] == expected


@pytest.mark.parametrize(
    "text", ["Hi Ada,", "Sehr geehrte Frau Example,", "Hola Ada:", "Bonjour Ada –", "Dear Ms Example"]
)
def test_a_salutation_is_one(text: str) -> None:
    assert is_greeting(text)


@pytest.mark.parametrize("text", ["Hi Ada, I saw your page and liked it a lot", "Would you talk?", "High time.", ""])
def test_a_sentence_is_no_salutation(text: str) -> None:
    assert not is_greeting(text)


pieces = st.sampled_from(
    ["Ada", "e.g.", "3.5", ". ", "? ", "!", "…", "\n", "\r\n", " ", "“", '"', "¿", "🚀", "👩‍💻", "z. B.", "i", ")"]
)
texts = st.one_of(st.text(max_size=60), st.lists(pieces, max_size=25).map("".join))


@given(texts)
def test_every_character_that_is_no_space_lies_in_one_sentence(text: str) -> None:
    at = 0
    for start, end in sentences(text):
        assert at <= start < end
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()
