"""What of Jinja2 a template may use: names, conditions, one level of loops over what is given.

Read from the parsed template, before anything of it is compiled: compiling already computes
constants, and a sandbox bounds neither `10**10**10` nor a loop in a loop. What is left takes a time
proportional to its length times the longest list.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import jinja2
from jinja2 import nodes

from lib.mail import words
from lib.model.template import Draft, Fault, Part, Spec, Wrong

_FILTERS = frozenset({"upper", "lower", "title", "capitalize"})
_LOOP = frozenset({"first", "last", "index", "length"})
# Nodes without a rule of their own, whose children are looked at.
_HARMLESS = (
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Compare,
    nodes.Operand,
)
_PARSER = words.environment(html=True)


def parsed(source: str) -> nodes.Template:
    """Raises jinja2.TemplateSyntaxError; RecursionError, ValueError for what is beyond measure."""
    return _PARSER.parse(source)


def faults(draft: Draft, part: Part, spec: Spec) -> list[Fault]:
    """What of one part isn't allowed or known, in the order of its lines."""
    try:
        tree = parsed(draft[part])
        found = list(_Reading(part, spec).body(tree.body, _Scope()))
    except jinja2.TemplateSyntaxError as error:
        return [Fault(part, Wrong.SYNTAX, error.lineno)]
    except (RecursionError, ValueError):  # nested, or a number, beyond what Python reads
        return [Fault(part, Wrong.SYNTAX)]
    return sorted(found, key=lambda fault: fault.line)


@dataclass(frozen=True)
class _Scope:
    """Inside which loop: the name it gives each entry, and what an entry has."""

    entry: str = ""
    fields: frozenset[str] = frozenset()


class _Reading:
    def __init__(self, part: Part, spec: Spec) -> None:
        self._part = part
        self._spec = spec

    def body(self, several: list[nodes.Node], scope: _Scope) -> Iterator[Fault]:
        for node in several:
            yield from self._read(node, scope)

    def _read(self, node: nodes.Node, scope: _Scope) -> Iterator[Fault]:
        match node:
            case nodes.For():
                yield from self._loop(node, scope)
            case nodes.Name():
                yield from self._name(node, scope)
            case nodes.Getattr():
                yield from self._attribute(node, scope)
            case nodes.Filter():
                yield from self._filter(node, scope)
            case _ if isinstance(node, _HARMLESS):
                yield from self.body(list(node.iter_child_nodes()), scope)
            case _:
                yield self._fault(node, Wrong.NOT_ALLOWED, _called(node))

    def _loop(self, node: nodes.For, scope: _Scope) -> Iterator[Fault]:
        over, target = _named(node.iter), _named(node.target)
        if not over or not target or scope.entry or node.recursive:
            yield self._fault(node, Wrong.NOT_ALLOWED, "for")
        elif over in self._spec.secret and self._part is Part.SUBJECT:
            yield self._fault(node, Wrong.SECRET, over)
        elif over not in self._spec.lists:
            yield self._fault(node, Wrong.UNKNOWN_NAME, over)
        elif target in {"loop", *self._spec.names, *self._spec.lists}:
            # It would hide a value of the same name, a CDA for one.
            yield self._fault(node, Wrong.NOT_ALLOWED, f"for {target}")
        else:
            inside = _Scope(target, self._spec.lists[over])
            yield from self.body([*node.body, *([node.test] if node.test else [])], inside)
            yield from self.body(node.else_, scope)

    def _name(self, node: nodes.Name, scope: _Scope) -> Iterator[Fault]:
        if scope.entry and node.name == scope.entry:
            if scope.fields:
                yield self._fault(node, Wrong.IS_A_LIST, node.name)
        elif node.name in self._spec.secret and self._part is Part.SUBJECT:
            yield self._fault(node, Wrong.SECRET, node.name)
        elif node.name in self._spec.lists:
            yield self._fault(node, Wrong.IS_A_LIST, node.name)
        elif node.name not in self._spec.names:
            yield self._fault(node, Wrong.UNKNOWN_NAME, node.name)

    def _attribute(self, node: nodes.Getattr, scope: _Scope) -> Iterator[Fault]:
        owner = node.node.name if isinstance(node.node, nodes.Name) else ""
        known = {scope.entry: scope.fields, "loop": _LOOP} if scope.entry else {}
        if node.attr not in known.get(owner, frozenset()):
            yield self._fault(node, Wrong.UNKNOWN_NAME, f"{owner}.{node.attr}")

    def _filter(self, node: nodes.Filter, scope: _Scope) -> Iterator[Fault]:
        # On a value only: a chain of filters can grow without bound.
        on_value = isinstance(node.node, nodes.Name | nodes.Getattr)
        if node.name not in _FILTERS or not on_value or node.args or node.kwargs:
            yield self._fault(node, Wrong.NOT_ALLOWED, f"|{node.name}")
        else:
            assert node.node is not None
            yield from self._read(node.node, scope)

    def _fault(self, node: nodes.Node, wrong: Wrong, what: str) -> Fault:
        # A block of its own scope has no line: that of what stands in it.
        line = node.lineno or next((n.lineno for n in node.find_all(nodes.Node) if n.lineno), 0)
        return Fault(self._part, wrong, line, what)


def _named(node: nodes.Node) -> str:
    """The name that a loop goes over or gives; "" for anything else."""
    return node.name if isinstance(node, nodes.Name) else ""


def _called(node: nodes.Node) -> str:
    """A node's name as its author would know it."""
    return _SIGNS.get(type(node), type(node).__name__.lower())


_SIGNS: dict[type[nodes.Node], str] = {
    nodes.Call: "( )",
    nodes.Getitem: "[ ]",
    nodes.Add: "+",
    nodes.Sub: "-",
    nodes.Mul: "*",
    nodes.Div: "/",
    nodes.FloorDiv: "//",
    nodes.Mod: "%",
    nodes.Pow: "**",
    nodes.Concat: "~",
    nodes.Test: "is",
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.FilterBlock: "filter",
    nodes.Scope: "autoescape",
}
