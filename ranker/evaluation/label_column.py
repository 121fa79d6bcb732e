"""Which column of a labelled file holds the label, where its name is one that other files use for other things."""

from __future__ import annotations

from collections.abc import Sequence

from ranker.ingest.column_match import Mapping, Match, column_names, in_order
from ranker.ingest.header_names import plain, squeeze

_USUAL = (
    "label", "labels", "gold", "gold label", "human label", "truth", "ground truth", "expected", "correct rank", "rank",
    "ranking", "company rank", "rank in company", "relevance", "relevant", "qualified", "etikett", "rang", "rango",
    "posición", "posição", "posizione", "classement", "classificação", "classifica",
)  # fmt: skip
"""The surer one first: who ranked the leads by a program before has a column “Rank” beside the “Label”."""


def with_label(mapping: Mapping, headers: Sequence[str]) -> Mapping:
    """The mapping with a column for ``expected_rank`` where none was found: one of a usual name, and free.

    Of two columns of one name neither is taken: a person chooses.
    """
    if mapping.column("expected_rank") is not None:
        return mapping
    used, shown = set(mapping.columns.values()), column_names(headers)
    free = [(squeeze(plain(header)), at) for at, header in enumerate(headers) if at not in used]
    for name in _USUAL:
        found = [at for words, at in free if words == squeeze(plain(name))]
        if len(found) == 1:
            why = f"“{headers[found[0]]}” is a usual name for a label"
            matches = {match.field: match for match in mapping.matches}
            return in_order(matches | {"expected_rank": Match("expected_rank", found[0], shown[found[0]], why)})
    return mapping
