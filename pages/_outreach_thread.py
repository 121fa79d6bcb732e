"""The messages of a sequence as HTML, like a conversation: lengths, what each sentence rests on, what was invented.

Nothing of a lead or of a model gets into it but through ``html.escape``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from pages._outreach_words import MARKED, origin_word, rests_on, source_words
from ranker.outreach.sequence import Basis, Mark, Message, Origin, Source

# Grounds that leave the theme's own text readable in light and dark; each state has a line or a word as well.
STYLE = """<style>
.thread { display: flex; flex-direction: column; gap: .9rem; max-width: 46rem; }
.thread .bubble { border: 1px solid color-mix(in srgb, currentColor 22%, transparent); border-radius: .9rem;
  border-bottom-right-radius: .2rem; padding: .7rem .95rem; background: color-mix(in srgb, #3274D0 9%, transparent);
  margin-left: clamp(0rem, 6%, 2.5rem); }
.thread .follow { margin-left: clamp(0rem, 12%, 5rem); }
.thread .head, .thread .foot { display: flex; flex-wrap: wrap; gap: .2rem .75rem; align-items: center;
  font-size: .82rem; opacity: .85; }
.thread .head b { font-size: .9rem; }
.thread .text { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.55; margin: .45rem 0; }
.thread .meter { display: inline-block; width: 5rem; height: .4rem; border-radius: 1rem; overflow: hidden;
  background: color-mix(in srgb, currentColor 18%, transparent); }
.thread .meter i { display: block; height: 100%; background: #3274D0; }
.thread .held { border-bottom: 1px dotted color-mix(in srgb, currentColor 45%, transparent); cursor: help; }
.thread .inferred { text-decoration: underline wavy #B7791F 1.5px; text-underline-offset: 3px; cursor: help; }
.thread .claims { background: rgba(200, 50, 40, .08); }
.thread mark { color: inherit; background: rgba(200, 50, 40, .24); border-bottom: 2px solid #C8322F; font-weight: 600; }
.thread sup { font-size: .68em; line-height: 0; opacity: .8; padding-left: 1px; }
.thread .tag { border: 1px solid currentColor; border-radius: .4rem; padding: 0 .35rem; font-weight: 600; }
.thread .red { background: rgba(200, 50, 40, .14); border-left: 3px solid #C8322F; padding: .3rem .6rem;
  font-size: .86rem; margin: .3rem 0; }
.thread .why { font-size: .84rem; opacity: .85; margin: .3rem 0 0; }
.thread ol { font-size: .84rem; margin: .2rem 0 0; padding-left: 1.6rem; }
.thread ol li { margin: .1rem 0; overflow-wrap: anywhere; }
.thread .legend { font-size: .84rem; }
</style>"""
_UNMADE = ("model", "")
"""Origins that need no tag at each message."""


def thread(messages: Sequence[Message], origin: Origin | str = "model", *, edited: bool = False) -> str:
    """All messages, then what the numbers in them stand for and what the lines under words mean."""
    numbers = _numbered(messages)
    bubbles = "".join(_bubble(one, numbers, origin, edited=edited) for one in messages)
    return f'{STYLE}<div class="thread">{bubbles}{_legend(messages, numbers)}</div>'


def meter(length: int, most: int) -> str:
    """A bar and ``212 of 299``."""
    share = min(100, round(100 * length / most)) if most else 0
    return (
        f'<span class="meter" role="meter" aria-label="Length" aria-valuemin="0" aria-valuenow="{length}" '
        f'aria-valuemax="{most}"><i style="width:{share}%"></i></span><span>{length} of {most}</span>'
    )


def _bubble(one: Message, numbers: Mapping[Source, int], origin: str, *, edited: bool) -> str:
    told = [f"<b>Message {one.step}</b>", meter(len(one.content), one.longest)]
    if one.confidence is not None:
        told.append(f"<span>{one.confidence:.0%} sure</span>")
    if origin not in _UNMADE:
        told.append(f'<span class="tag">{escape(origin_word(origin))}</span>')
    if edited:
        told.append('<span class="tag">Edited</span>')
    if one.cut:
        told.append('<span class="tag" title="It was too long, and ends at a sentence now">✂ cut to fit</span>')
    warned = "".join(
        f'<div class="red">⚠ <b>“{escape(mark.text)}”</b>: {escape(MARKED[mark.kind])} that stands in nothing we hold. '
        "Check it or take it out.</div>"
        for mark in one.marks
    )
    why = f'<p class="why">Why so: {escape(one.reasoning)}</p>' if one.reasoning else ""
    follow = "" if one.step == 1 else " follow"
    return (
        f'<section class="bubble{follow}" aria-label="Message {one.step}"><div class="head">{"".join(told)}</div>'
        f'<div class="text">{marked_text(one, numbers)}</div>{warned}{why}</section>'
    )


def marked_text(one: Message, numbers: Mapping[Source, int]) -> str:
    """The content with what each sentence rests on, sign for sign but for the numbers of its sources."""
    return "".join(_sentence(one, start, end, held, numbers) for start, end, held in _sentences(one))


def _sentences(one: Message) -> Iterator[tuple[int, int, Basis | None]]:
    """The whole content in pieces: sentences of which something is known, and what is between them."""
    at = 0
    for held in sorted(one.basis, key=lambda basis: basis.start):
        start, end = max(at, held.start), min(held.end, len(one.content))
        if end <= start:
            continue
        if start > at:
            yield at, start, None
        yield start, end, held
        at = end
    if at < len(one.content):
        yield at, len(one.content), None


def _sentence(one: Message, start: int, end: int, held: Basis | None, numbers: Mapping[Source, int]) -> str:
    if held is None or held.rests == "none":
        return _with_marks(one.content, start, end, one.marks)
    last = start + len(one.content[start:end].rstrip())
    text = _with_marks(one.content, start, last, one.marks)
    title = escape(rests_on(held), quote=True)
    kind = {"inferred": "inferred", "invented": "claims"}.get(held.rests, "held")
    behind = {"inferred": "inferred", "invented": "not held"}.get(held.rests, "")
    signs = [behind] if behind else []
    signs += [str(numbers[source]) for source in held.sources]
    sup = f"<sup>{escape(', '.join(signs))}</sup>" if signs else ""
    return f'<span class="{kind}" title="{title}">{text}</span>{sup}{escape(one.content[last:end])}'


def _with_marks(content: str, start: int, end: int, marks: Iterable[Mark]) -> str:
    parts, at = [], start
    for mark in sorted(marks, key=lambda one: one.start):
        low, high = max(at, mark.start), min(end, mark.end)
        if high > low:
            said = escape(f"{MARKED[mark.kind]} that stands in nothing we hold", quote=True)
            parts += [escape(content[at:low]), f'<mark title="{said}">{escape(content[low:high])}</mark>']
            at = high
    return "".join([*parts, escape(content[at:end])])


def _numbered(messages: Sequence[Message]) -> dict[Source, int]:
    """The sources in the order in which they are met, from 1 on."""
    found: dict[Source, int] = {}
    for one in messages:
        for held in one.basis:
            for source in held.sources:
                found.setdefault(source, len(found) + 1)
    return found


def _legend(messages: Sequence[Message], numbers: Mapping[Source, int]) -> str:
    kinds = {held.rests for one in messages for held in one.basis}
    parts = []
    if numbers:
        listed = "".join(f"<li>{escape(source_words(source))}</li>" for source in numbers)
        parts.append(f"<b>What it rests on</b><ol>{listed}</ol>")
    if "inferred" in kinds:
        parts.append('<div><span class="inferred">Underlined</span>: inferred. It is said of the prospect, and '
                     "stands in nothing that we hold.</div>")  # fmt: skip
    if any(one.marks for one in messages):
        parts.append("<div><mark>Red</mark>: invented, as far as we can tell. Read it before you approve.</div>")
    return f'<div class="legend">{"".join(parts)}</div>' if parts else ""
