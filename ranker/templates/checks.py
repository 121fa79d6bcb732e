"""Whether a text can be used as the prompt of a task: what is wrong with it, in words, with the line.

An error keeps a text from being saved; a warning is only told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jinja2 import Environment, TemplateSyntaxError, nodes

from ranker.errors import TemplateRefused
from ranker.templates.expressions import Expressions, Rows, Value
from ranker.templates.parts import SPLIT, Parts, parts_of
from ranker.templates.tasks import Part, PromptTask, task_of
from ranker.templates.version import plain_text

MOST_CHARACTERS = 50_000
"""The longest text that is kept; those that come with the ranker have 2,500."""
_PAIRS = "Each {{ needs its }}, and each {% its %}."
_DEEPEST = 40
_MOST_LOOPS = 2
_ROW_NAMES = {
    "leads": "lead", "companies": "company", "points": "point", "facts": "fact", "signals": "signal", "kept": "message",
}  # fmt: skip
_TAKEN = {"loop", "self", "super", "caller", "varargs", "kwargs"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; ``line`` from 1 on, None where something is missing. ``error``: it can't be saved so."""

    line: int | None
    words: str
    error: bool = True


def check(task: str, content: str) -> tuple[Problem, ...]:
    """All that is wrong with a text as the prompt of a task: errors first, then by line."""
    text = plain_text(content)
    if not text.strip():
        return (Problem(None, "There is no text. A prompt says how to judge, with {{ persona }} and the leads in it."),)
    if len(text) > MOST_CHARACTERS or "\x00" in text:
        return (Problem(None, f"A prompt needs a plain text of at most {MOST_CHARACTERS:,} characters."),)
    parts = parts_of(text)
    if parts is None:
        return (Problem(None, _no_split(text)),)
    about = task_of(task)
    found = [*_split_twice(parts), *_marks(about, parts)]
    above = _Walk(about, "system", 0)
    below = _Walk(about, "user", parts.user_line)
    for walk, source in ((above, parts.system), (below, parts.user)):
        walk.run(source)
        found += walk.problems
    if not any(one.error for one in found):
        found += _missing(about, above.used | below.used, above.listed | below.listed)
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda one: (not one.error, one.line or 0)))


def refuse(task: str, content: str) -> None:
    """Raise ``TemplateRefused`` with the first error of a text, if it has one."""
    errors = [one for one in check(task, content) if one.error]
    if errors:
        where = f"Line {errors[0].line}: " if errors[0].line else ""
        more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
        raise TemplateRefused(f"This text can't be the prompt “{task}”. {where}{errors[0].words}{more}")


def _no_split(text: str) -> str:
    near = next((at for at, line in enumerate(text.split("\n"), 1) if SPLIT in line), None)
    where = f" In line {near} there is more than these words." if near else ""
    return (
        f"A line “{SPLIT}” is missing. What stands above it is the same for all leads; below it come the leads.{where}"
    )


def _split_twice(parts: Parts) -> list[Problem]:
    lines = enumerate(parts.user.split("\n"), start=parts.user_line + 1)
    words = f"A second line “{SPLIT}” is only text."
    return [Problem(number, words, error=False) for number, line in lines if line == SPLIT]


def _marks(about: PromptTask, parts: Parts) -> list[Problem]:
    """Whether the rows that the task is about, the last of its variables, stand between marks."""
    rows = about.variables[-1].name
    if f"<{rows}>" in parts.user and f"</{rows}>" in parts.user:
        return []
    words = f"Put the {rows} between <{rows}> and </{rows}>, so that the text above can say that they are data."
    return [Problem(None, words, error=False)]


def _missing(about: PromptTask, used: set[str], listed: set[str]) -> list[Problem]:
    """Variables that are not used, and rows of which not all are written."""
    found = []
    for one in about.variables:
        needed = one.name in about.needs
        if one.name not in used:
            words = f"“{one.name}” is {'missing' if needed else 'not used'}: {one.holds}."
            if one.name not in about.spare:
                found.append(Problem(None, words, error=needed))
        elif one.fields and needed and one.name not in listed:
            row = _ROW_NAMES.get(one.name, "one")
            way = f"{{{{ {one.name}[0] | row }}}}" if one.single else (
                f"{{% for {row} in {one.name} %}}{{{{ {row} | row }}}}{{% endfor %}}")  # fmt: skip
            found.append(Problem(None, f"Not all of “{one.name}” are written. Write {way}, within no “if”."))
    return found


def _depth(tree: nodes.Node) -> int:
    """How deep things stand in each other."""
    deepest, waiting = 0, [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in node.iter_child_nodes()]
    return deepest


@dataclass
class _Walk:
    """Goes through one part. ``used`` are the variables met, ``listed`` those whose every row is written."""

    about: PromptTask
    part: Part
    before: int
    problems: list[Problem] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)

    def run(self, source: str) -> None:
        """Find the problems of a part's text."""
        try:
            tree = Environment().parse(source)
            if _depth(tree) > _DEEPEST:
                raise RecursionError
            rows = {one.name: Rows(one.fields, one.sure) for one in self.about.variables if one.fields}
            self._expressions = Expressions(rows, self._tell, self._unknown)
            scope = {
                one.name: Value("rows", one.name) if one.fields else Value("plain")
                for one in self.about.variables
                if one.part == self.part
            }
            self._statements(tree.body, scope, ())
        except TemplateSyntaxError as error:
            self.problems.append(
                Problem(error.lineno + self.before, f"Not well formed: {str(error.message).rstrip('.')}. {_PAIRS}")
            )
        except (RecursionError, ValueError):
            self.problems.append(Problem(None, "This is nested too deeply, or has a number that is too long."))

    def _tell(self, node: nodes.Node, words: str) -> None:
        self.problems.append(Problem(node.lineno + self.before, words))

    def _unknown(self, node: nodes.Name) -> None:
        known = self.about.variable(node.name)
        names = ", ".join(one.name for one in self.about.variables if one.part == self.part)
        if known is None:
            self._tell(node, f"“{node.name}” is not known here. There are: {names}.")
        elif self.part == "system":
            words = f"“{node.name}” can't be above the line “{SPLIT}”: that part has to be the same for all leads of a"
            self._tell(node, f"{words} size. Providers keep it then, which makes it cheaper.")
        else:
            self._tell(node, f"“{node.name}” is only there above the line “{SPLIT}”. Below it there are: {names}.")

    def _statements(self, body: Sequence[nodes.Node], scope: Mapping[str, Value], way: tuple[str, ...]) -> None:
        for node in body:
            match node:
                case nodes.Output():
                    self._output(node, scope, way)
                case nodes.For():
                    self._loop(node, scope, way)
                case nodes.If():
                    self._expressions.asked(node.test, scope)
                    for body in (node.body, node.elif_, node.else_):
                        self._statements(body, scope, (*way, "if"))
                case _:
                    self._tell(node, "Only {{ … }}, {% if … %}, {% for … %} and {# … #} can be used in a prompt.")

    def _output(self, node: nodes.Output, scope: Mapping[str, Value], way: tuple[str, ...]) -> None:
        for one in node.nodes:
            if isinstance(one, nodes.TemplateData):
                continue
            value = self._expressions.value(one, scope)
            self._met(one)
            if value.kind in {"rows", "one", "data", "maybe"}:
                words = (
                    "Text of a file has to be written as a whole row, such as {{ lead | row }}: otherwise a title could"
                )
                self._tell(one, f"{words} pass for an instruction.")
            elif value.kind in {"loop", "sign"}:
                self._tell(
                    one, "This is no text. For the number of a row write {{ loop.index }}; for a condition, {% if %}."
                )
            elif isinstance(one, nodes.Filter) and one.name == "row" and one.node is not None:
                self._written(one.node, scope, way)

    def _written(self, node: nodes.Node, scope: Mapping[str, Value], way: tuple[str, ...]) -> None:
        """A row is written: every row of a variable, where that is done at the top of a loop of its own."""
        if isinstance(node, nodes.Name) and len(way) == 1 and way[0] == f"for {node.name}":
            self.listed.add(scope[node.name].of)
        elif isinstance(node, nodes.Getitem) and isinstance(node.node, nodes.Name) and not way:
            one = self.about.variable(node.node.name)
            if one is not None and one.single:
                self.listed.add(one.name)

    def _met(self, node: nodes.Node) -> None:
        names = [node, *node.find_all(nodes.Name)]
        self.used |= {one.name for one in names if isinstance(one, nodes.Name)}

    @staticmethod
    def _plain_loop(node: nodes.For) -> bool:
        return isinstance(node.target, nodes.Name) and not node.recursive and node.target.name not in _TAKEN

    def _listed(self) -> str:
        return " and ".join(sorted((f"“{one.name}”" for one in self.about.variables if one.fields), reverse=True))

    def _loop(self, node: nodes.For, scope: Mapping[str, Value], way: tuple[str, ...]) -> None:
        over = self._expressions.value(node.iter, scope)
        self._met(node.iter)
        loops = [one for one in way if one != "if"]
        if over.kind != "rows":
            self._tell(node, f"Only {self._listed()} can be gone through.")
        elif not self._plain_loop(node) or len(loops) >= _MOST_LOOPS:
            self._tell(
                node, "A loop is written {% for lead in leads %}, with one name, and at most one within another."
            )
        else:
            name = str(getattr(node.target, "name", ""))
            inner = {**scope, name: Value("one", over.of), "loop": Value("loop")}
            if node.test is not None:
                self._expressions.asked(node.test, inner)
            self._statements(node.body, inner, (*way, f"for {name}" if node.test is None else "for"))
            self._statements(node.else_, scope, (*way, "if"))
