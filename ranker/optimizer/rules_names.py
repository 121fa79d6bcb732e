"""A job title for a kind of role, made of the title vocabulary's own words: "Director of Partnerships"."""

from __future__ import annotations

from collections.abc import Iterator

from ranker.optimizer.rules_critique import RoleKind
from ranker.scoring.patterns import read_patterns
from ranker.titles import TitleReader

_FORMS = {
    "c_level": ("Chief {0} Officer",),
    "vp": ("VP of {0}",),
    "head": ("Head of {0}",),
    "director": ("Director of {0}", "{0} Director"),
    "manager": ("{0} Manager", "Manager of {0}"),
    "lead": ("{0} Team Lead",),
    "individual": ("{0} Specialist", "{0} Coordinator"),
    "intern": ("{0} Intern",),
}
_WHOLE = {("executive", "c_level"): ("CEO",)}


class Names:
    """Names of kinds of roles. Each is read back; one that would be read as something else is not used."""

    def __init__(self, reader: TitleReader) -> None:
        self._reader = reader
        self._titles: dict[RoleKind, str | None] = {}

    def title(self, kind: RoleKind) -> str | None:
        """A title that is read as just this kind; None where the vocabulary's words make none."""
        if kind not in self._titles:
            self._titles[kind] = next((one for one in self._forms(kind) if self._reads_as(one, kind)), None)
        return self._titles[kind]

    def team(self, function: str) -> str | None:
        """The name of a function as the vocabulary has it; None where it is not read as that."""
        label = self._reader.vocabulary.functions[function]
        found = read_patterns(label, self._reader, targets=False)
        return label if [one.functions for one in found] == [{function}] else None

    def _forms(self, kind: RoleKind) -> Iterator[str]:
        if kind.ownership is not None:
            yield kind.ownership.capitalize()
            return
        if kind.function is None or kind.level is None:
            return
        yield from _WHOLE.get((kind.function, kind.level), ())
        label = self._reader.vocabulary.functions[kind.function]
        stem = label.removesuffix(" Management")
        if stem != label and kind.level in ("manager", "director"):
            # "Plant Manager" rather than "Plant Management Manager".
            yield from (form.format(stem) for form in _FORMS[kind.level] if form.startswith("{0}"))
        yield from (form.format(label) for form in _FORMS[kind.level])

    def _reads_as(self, name: str, kind: RoleKind) -> bool:
        found = read_patterns(name, self._reader, targets=True)
        if len(found) != 1 or found[0].literal or found[0].flags or found[0].must:
            return False
        if kind.ownership is not None:
            return found[0].ownership == kind.ownership
        return found[0].functions == {kind.function} and found[0].level == kind.level and not found[0].ownership
