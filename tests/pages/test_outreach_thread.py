from __future__ import annotations

import re
from html import unescape

from pages._outreach_beside import messages
from pages._outreach_thread import meter, thread
from ranker.outreach.compare import Pair
from ranker.outreach.sequence import Basis, Mark, Message, Source
from ranker.personas.word_diff import Piece, changed_words

TITLE = Source("lead", "title", 'Head of <i>"Sales"</i>')
HELD, GUESS, FALSE = "As Head of Sales you plan ahead. ", "You may be busy. ", "You won <b>Acme</b> in May."
TEXT = HELD + GUESS + FALSE
AT = len(HELD) + len(GUESS)
MESSAGE = Message(
    1, TEXT, "It is <u>short</u>.", 0.8, True, (Mark("name", "Acme", TEXT.index("Acme"), TEXT.index("Acme") + 4),),
    (Basis(0, len(HELD), "lead", (TITLE,)), Basis(len(HELD), AT, "inferred"), Basis(AT, len(TEXT), "invented")),
)  # fmt: skip


def said(html: str) -> str:
    """The words, without tags and without the small signs behind sentences."""
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<sup>.*?</sup>", "", html)))


def test_a_message_stands_there_sign_for_sign_and_nothing_of_it_becomes_a_tag() -> None:
    html = thread([MESSAGE])
    body = re.search(r'<div class="text">(.*?)</div>', html, re.DOTALL)
    assert body is not None
    assert said(body[1]) == TEXT
    for tag in ("<b>Acme", "<i>", "<u>"):
        assert tag not in html
    assert "Head of &lt;i&gt;&quot;Sales&quot;&lt;/i&gt;" in html


def test_each_sentence_tells_what_it_rests_on_by_a_line_a_word_and_a_text_below() -> None:
    html = thread([MESSAGE])
    assert re.search(r'class="held" title="Rests on: Job title: [^"]+">As Head of Sales you plan ahead\.</span>', html)
    assert 'class="inferred"' in html
    assert "<sup>inferred</sup>" in html
    assert "<sup>not held</sup>" in html
    assert re.search(r"<mark [^>]*>Acme</mark>", html)
    assert "“Acme”</b>: a name that stands in nothing we hold" in html
    assert "<ol><li>Job title:" in html


def test_who_wrote_it_stands_at_every_message() -> None:
    told = thread([MESSAGE, Message(2, "Bye.")], "fallback", edited=True)
    assert told.count("Fallback template") == told.count(">Edited<") == 2
    assert "Template" not in thread([MESSAGE], "model")


def test_the_meter_counts_characters() -> None:
    assert "<span>212 of 299</span>" in meter(212, 299)
    assert f"<span>{len(TEXT)} of 299</span>" in thread([MESSAGE])


def test_words_of_one_side_alone_are_marked_and_both_stay_whole() -> None:
    old, new = "Hello Ada, shall we <talk> today?", "Hi Ada, shall we <talk> on Wednesday?"
    pieces = changed_words(old, new)
    assert pieces is not None
    pairs = [
        Pair(1, Message(1, old), Message(1, new), *pieces),
        Pair(2, None, Message(2, "Another."), (), (Piece("Another.", changed=False),)),
        Pair(3, Message(3, "One"), Message(3, "Two"), (Piece("One", changed=True),), (Piece("Two", changed=True),)),
    ]
    html = messages(pairs, ("Number 1", "Number 2"))
    assert [said(text) for text in re.findall(r"<p>(.*?)</p>", html, re.DOTALL)] == [old, new, "Another.", "One", "Two"]
    assert "<b>Hello</b>" in html
    assert "<b>Hi</b>" in html
    assert f"Message 1: the second is {len(new) - len(old)} characters longer<" in html
    assert "Number 1 has no such message." in html
    assert "Message 3: the second is as long, in other words throughout<" in html
