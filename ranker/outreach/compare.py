"""Two sequences beside each other: what was asked for, and message by message which words only one of them has."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from ranker.errors import UsageError
from ranker.outreach.sequence import Message, longest
from ranker.outreach.sequence_row import SequenceRow
from ranker.outreach.stored import read_sequence
from ranker.outreach.tone import WORDS
from ranker.personas.word_diff import Piece, changed_words
from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class Dial:
    """One of the three values of both tones, with the words that each was told as."""

    name: str
    left: float
    right: float
    left_words: str
    right_words: str

    @property
    def same(self) -> bool:
        """Whether both were told the same."""
        return self.left_words == self.right_words


@dataclass(frozen=True, slots=True)
class Pair:
    """The messages of one step; None where a sequence has none. ``left_pieces`` and ``right_pieces`` are their texts in
    pieces, those marked that the other does not have; their basis stands in the messages.
    """

    step: int
    left: Message | None
    right: Message | None
    left_pieces: tuple[Piece, ...]
    right_pieces: tuple[Piece, ...]

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return self.left is not None and self.right is not None and self.left.content == self.right.content

    @property
    def lengths(self) -> tuple[int, int, int]:
        """(Characters of the left one, of the right one, most that this step can have.)"""
        left, right = (0 if one is None else len(one.content) for one in (self.left, self.right))
        return left, right, longest(self.step)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sequences of one prospect. ``context_differs``: another text about the sender; ``known_differs``: something
    else was known of the prospect.
    """

    left: SequenceRow
    right: SequenceRow
    dials: tuple[Dial, ...]
    pairs: tuple[Pair, ...]

    @property
    def context_differs(self) -> bool:
        """Whether the text about the sender was another one."""
        return self.left.context != self.right.context

    @property
    def known_differs(self) -> bool:
        """Whether something else was known of the prospect."""
        return self.left.input_hash != self.right.input_hash


def compare(database: Database, left_id: int, right_id: int) -> Comparison:
    """Two sequences of one person beside each other. Raises ``UsageError`` if one is not there, or they are of two."""
    with database.session() as session:
        left, right = (read_sequence(session, number) for number in (left_id, right_id))
    if left.prospect_id != right.prospect_id:
        raise UsageError("These two sequences are for different people. Choose two of one person.")
    said = left.tone.words(), right.tone.words()
    dials = tuple(
        Dial(name, getattr(left.tone, name), getattr(right.tone, name), said[0][name], said[1][name]) for name in WORDS
    )
    pairs = zip_longest(left.messages, right.messages)
    return Comparison(left, right, dials, tuple(_pair(step, *pair) for step, pair in enumerate(pairs, start=1)))


def _pair(step: int, left: Message | None, right: Message | None) -> Pair:
    said = ["" if one is None else one.content for one in (left, right)]
    alone = left is None or right is None
    marked = None if alone or said[0] == said[1] else changed_words(*said)
    if marked is not None:
        return Pair(step, left, right, *marked)
    changed = not alone and said[0] != said[1]  # two different texts; else the same, or nothing to compare with
    pieces = [(Piece(one, changed),) if one else () for one in said]
    return Pair(step, left, right, pieces[0], pieces[1])
