"""What stands within ``{{ … }}`` and ``{% … %}`` of a prompt: what it is worth, and what of it can't be used.

Only what is known to render is let through: variables, fields of rows, a few filters, comparisons. So a text that
passes can neither reach out of the sandbox nor fail when a ranking is under way, and data of a lead comes only as a
whole row (``| row``), in which nothing can be taken for an instruction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from jinja2 import nodes

Kind = Literal["plain", "number", "sign", "rows", "one", "data", "maybe", "loop"]


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression gives.

    ``plain``: text of ours; ``number``; ``sign``: yes or no; ``rows``, ``one`` of them, or ``data`` (a field of one):
    text of a file; ``maybe``: a field that a row need not have; ``loop``: Jinja's own counter. ``of``: whose rows.
    """

    kind: Kind
    of: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """The fields of a variable's rows, and those that every row has."""

    fields: tuple[str, ...]
    sure: tuple[str, ...]


PLAIN, NUMBER, SIGN, DATA = Value("plain"), Value("number"), Value("sign"), Value("data")
_TEXT_FILTERS = {"upper", "lower", "trim", "capitalize"}
_FILTERS = ("row", "length", "first", "last", *sorted(_TEXT_FILTERS))
_LOOP = {"index", "index0", "revindex", "revindex0", "length"}
_LOOP_SIGNS = {"first", "last"}
_NUMBERS = {"id"}
Tell = Callable[[nodes.Node, str], None]


@dataclass(frozen=True)
class Expressions:
    """Looks at expressions; ``tell`` is called with each problem. ``rows`` has the variables that hold rows."""

    rows: Mapping[str, Rows]
    tell: Tell
    unknown: Callable[[nodes.Name], None]

    def value(self, node: nodes.Node, scope: Mapping[str, Value]) -> Value:
        """What an expression is worth where these names are known."""
        match node:
            case nodes.Const() if isinstance(node.value, str):
                return PLAIN
            case nodes.Const() if isinstance(node.value, int) and not isinstance(node.value, bool):
                return NUMBER
            case nodes.Name():
                return self._name(node, scope)
            case nodes.Getattr():
                return self._field(node, self.value(node.node, scope), node.attr)
            case nodes.Getitem():
                return self._item(node, scope)
            case nodes.Filter():
                return self._filter(node, scope)
            case nodes.Test():
                return self._test(node, scope)
            case nodes.Compare():
                return self._compare(node, scope)
            case nodes.Not():
                self.asked(node.node, scope)
                return SIGN
            case nodes.And() | nodes.Or():
                self.asked(node.left, scope)
                self.asked(node.right, scope)
                return SIGN
            case nodes.Concat():
                return self._worst(node, [self.value(one, scope) for one in node.nodes])
            case nodes.CondExpr():
                return self._choice(node, scope)
            case _:
                self.tell(node, "This can't be used in a prompt. There are variables, fields, comparisons and filters.")
                return PLAIN

    def asked(self, node: nodes.Node, scope: Mapping[str, Value]) -> None:
        """An expression of which only is asked whether it is true."""
        self._there(node, self.value(node, scope))

    def _there(self, node: nodes.Node, value: Value) -> Value:
        if value.kind == "maybe":
            self.tell(node, "Not every row has this. Ask “is defined”, or write the whole row: {{ company | row }}.")
        return value

    def _name(self, node: nodes.Name, scope: Mapping[str, Value]) -> Value:
        if node.name not in scope:
            self.unknown(node)
        return scope.get(node.name, PLAIN)

    def _item(self, node: nodes.Getitem, scope: Mapping[str, Value]) -> Value:
        base, key = self.value(node.node, scope), node.arg
        if isinstance(key, nodes.Const) and isinstance(key.value, str):
            return self._field(node, base, key.value)
        if base.kind != "rows" or not isinstance(key, nodes.Const) or key.value != 0 or isinstance(key.value, bool):
            self.tell(node, "Of a list only the first row can be named: [0]. For all of them use {% for … %}.")
            return PLAIN
        return Value("one", base.of)

    def _field(self, node: nodes.Node, base: Value, name: str) -> Value:
        if name.startswith("_"):
            self.tell(node, f"“{name}” is inside the program and out of reach of a prompt.")
        elif base.kind == "loop" and name in _LOOP:
            return NUMBER
        elif base.kind == "loop" and name in _LOOP_SIGNS:
            return SIGN
        elif base.kind == "one" and name in self.rows[base.of].fields:
            if name not in self.rows[base.of].sure:
                return Value("maybe", base.of)
            return NUMBER if name in _NUMBERS else Value("data", base.of)
        elif base.kind == "one":
            self.tell(node, f"A row of “{base.of}” has no “{name}”. It has: {', '.join(self.rows[base.of].fields)}.")
        else:
            self.tell(node, f"There is no “{name}” here.")
        return PLAIN

    def _filter(self, node: nodes.Filter, scope: Mapping[str, Value]) -> Value:
        if node.node is None or node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
            self.tell(node, "Filters are written without anything in brackets.")
            return PLAIN
        base = self._there(node, self.value(node.node, scope))
        if node.name == "row" and base.kind != "one":
            self.tell(node, "“| row” takes one whole row: {% for lead in leads %}{{ lead | row }}{% endfor %}.")
            return PLAIN
        if node.name == "row":
            return PLAIN
        if node.name in {"first", "last"} and base.kind == "rows":
            return Value("one", base.of)
        if node.name == "length" and base.kind in {"rows", "plain", "data"}:
            return NUMBER
        if node.name in _TEXT_FILTERS and base.kind in {"plain", "data"}:
            return base
        if node.name not in _FILTERS:
            self.tell(node, f"The filter “{node.name}” is not there. There are: {', '.join(_FILTERS)}.")
        else:
            self.tell(node, f"The filter “{node.name}” can't be used on this.")
        return PLAIN

    def _test(self, node: nodes.Test, scope: Mapping[str, Value]) -> Value:
        value = self.value(node.node, scope)
        if node.name not in {"defined", "undefined"} or node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
            self.tell(node, "After “is” there can be “defined” and nothing else.")
        elif value.kind != "maybe":
            self.tell(node, "This is always there: only some fields of a row can be missing.")
        return SIGN

    def _compare(self, node: nodes.Compare, scope: Mapping[str, Value]) -> Value:
        sides = [node.expr, *(one.expr for one in node.ops)]
        values = [self._there(side, self.value(side, scope)) for side in sides]
        if any(one.op not in {"eq", "ne"} for one in node.ops) and any(one.kind != "number" for one in values):
            self.tell(node, "Only numbers can be compared by size; for text there are == and !=.")
        return SIGN

    def _choice(self, node: nodes.CondExpr, scope: Mapping[str, Value]) -> Value:
        self.asked(node.test, scope)
        if node.expr2 is None:
            self.tell(node, "This needs an “else”.")
            return self.value(node.expr1, scope)
        return self._worst(node, [self.value(one, scope) for one in (node.expr1, node.expr2)])

    def _worst(self, node: nodes.Node, values: list[Value]) -> Value:
        kinds = {self._there(node, value).kind for value in values}
        return PLAIN if kinds <= {"plain", "number"} else SIGN if kinds <= {"plain", "number", "sign"} else DATA
