"""How well are invented facts found in messages? On the three labelled sets of ``eval/outreach/``.

``python -m eval.bench_invented [--show]``: recall and precision of facts and of messages, beside answers that need no
checker; with ``--show`` also each fact of the first set that was missed and each mark that was none. What goes wrong in
the other two is never shown: their figures are worth something only as long as nobody mends the checker by them.
"""

from __future__ import annotations

import argparse

from eval.outreach.score import LATER, MESSAGES, NOTHING_DONE, THIRD, Checker, Labelled, Score, load, score
from ranker.outreach.sequence import Mark


def row(name: str, found: Score) -> str:
    """One line of the table."""
    shares = (found.recall, found.precision, found.message_recall, found.message_precision)
    return f"| {name} | " + " | ".join(map(str, shares)) + " |"


def shown(one: Labelled, mark: Mark) -> str:
    """A miss or a false alarm, with the words around it."""
    around = one.text[max(0, mark.start - 40) : mark.end + 40]
    return f"{one.id} {one.language} {mark.kind}: {mark.text!r} in …{around}…"


def main() -> None:
    """Print the table as Markdown, then what went wrong if it is asked for."""
    parser = argparse.ArgumentParser(description="Recall and precision of the checker of invented facts.")
    parser.add_argument("--show", action="store_true", help="list misses and false alarms of the first set")
    show = parser.parse_args().show
    from ranker.outreach.invented import invented  # here, so that the set can be read without the checker

    checker: Checker = invented
    for path in (MESSAGES, LATER, THIRD):
        messages = load(path)
        print(f"{path.name}: {len(messages)} messages\n")
        print("| marks | recall of facts | precision of marks | recall of messages | precision of messages |")
        print("| --- " * 5 + "|")
        answers = {"the checker": checker, **NOTHING_DONE}
        for name, one in answers.items():
            print(row(name, score(messages, one)))
        found = score(messages, checker)
        print("\nrecall by kind: " + ", ".join(f"{kind} {share}" for kind, share in found.recall_of.items()))
        print(f"found facts with a mark of their kind: {found.same_kind}")
        for language in sorted({one.language for one in messages}):
            part = score([one for one in messages if one.language == language], checker)
            print(f"{language}: recall {part.recall}, precision {part.precision}")
        print()
    if show:
        found = score(load(MESSAGES), checker)  # of no other set: see above
        print("\nMissed\n" + "\n".join(shown(*one) for one in found.missed))
        print("\nFalse alarms\n" + "\n".join(shown(*one) for one in found.false))


if __name__ == "__main__":
    main()
