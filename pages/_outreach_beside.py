"""Two sequences beside each other as HTML: their tones, and for each message its length and the words that differ."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from pages._outreach_thread import meter
from pages._ui import plural
from ranker.outreach.compare import Dial, Pair
from ranker.outreach.sequence import Message
from ranker.personas.word_diff import Piece

STYLE = """<style>
.beside { display: grid; grid-template-columns: 1fr 1fr; gap: .6rem 1rem; }
.beside h5 { grid-column: 1 / -1; margin: .6rem 0 0; font-size: .95rem; }
.beside .cell { border: 1px solid color-mix(in srgb, currentColor 22%, transparent); border-radius: .6rem;
  padding: .6rem .8rem; min-width: 0; }
.beside .cell p { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; margin: .3rem 0 0; }
.beside .facts { display: flex; flex-wrap: wrap; gap: .2rem .6rem; align-items: center; font-size: .82rem; }
.beside .meter { display: inline-block; width: 4rem; height: .4rem; border-radius: 1rem; overflow: hidden;
  background: color-mix(in srgb, currentColor 18%, transparent); }
.beside .meter i { display: block; height: 100%; background: #3274D0; }
.beside .left b { background: rgba(200, 60, 50, .2); text-decoration: line-through; font-weight: 500; }
.beside .right b { background: rgba(30, 140, 70, .24); text-decoration: underline; font-weight: 500; }
.beside .none { opacity: .75; font-style: italic; }
@media (max-width: 640px) { .beside { grid-template-columns: 1fr; } }
</style>"""


def tones(dials: Sequence[Dial], names: tuple[str, str]) -> str:
    """A row for each of the three values: what was asked for on either side, in words."""
    cells = []
    for one in dials:
        told = "the same" if one.left == one.right else f"{one.left:.2f} and {one.right:.2f}"
        cells.append(f"<h5>{escape(one.name.capitalize())}: {told}</h5>")
        if one.left != one.right:
            sides = zip(names, (one.left, one.right), (one.left_words, one.right_words), strict=True)
            cells += [
                f'<div class="cell"><div class="facts">{escape(name)}</div><strong>{value:.2f}</strong> '
                f"{escape(words)}</div>"
                for name, value, words in sides
            ]
    return f'{STYLE}<div class="beside">{"".join(cells)}</div>'


def messages(pairs: Sequence[Pair], names: tuple[str, str]) -> str:
    """Message by message; words that stand on one side only are struck (left) or underlined (right)."""
    cells = []
    for one in pairs:
        cells.append(f"<h5>Message {one.step}{_difference(one)}</h5>")
        cells.append(_cell(one.left, one.left_pieces, "left", names[0]))
        cells.append(_cell(one.right, one.right_pieces, "right", names[1]))
    return f'{STYLE}<div class="beside">{"".join(cells)}</div>'


def _difference(one: Pair) -> str:
    if one.left is None or one.right is None:
        return ""
    if one.same:
        return ": the same"
    more = len(one.right.content) - len(one.left.content)
    longer = "as long" if not more else f"{plural(abs(more), 'character')} {'longer' if more > 0 else 'shorter'}"
    return f": the second is {longer}{', in other words throughout' if _throughout(one) else ''}"


def _throughout(one: Pair) -> bool:
    """Whether the two share too little for marks on single words to say anything."""
    return len(one.left_pieces) == len(one.right_pieces) == 1 and one.left_pieces[0].changed


def _cell(one: Message | None, pieces: Sequence[Piece], side: str, name: str) -> str:
    if one is None:
        return f'<div class="cell {side}"><p class="none">{escape(name)} has no such message.</p></div>'
    whole = len(pieces) == 1
    text = "".join(
        f"<b>{escape(part.text)}</b>" if part.changed and not whole else escape(part.text) for part in pieces
    )
    return (
        f'<div class="cell {side}"><div class="facts"><span>{escape(name)}</span>{meter(len(one.content), one.longest)}'
        f"</div><p>{text}</p></div>"
    )
