"""Where what reaches some calls was made: followed back through names, functions and their callers.

For what has to be the program's own wherever it ends: text that Streamlit reads as Markdown
(tests/ui/test_markdown_sinks.py), SQL (tests/store/test_sql_parts.py). What can't be followed is
"loose", and somebody has to give their word for it there.
"""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Of text ours already: what these of its methods make of it.
_SAME = frozenset({"capitalize", "format", "join", "lower", "lstrip", "replace", "rstrip", "strip"})
_GATHERED = frozenset({"dict", "enumerate", "list", "reversed", "sorted", "str", "tuple", "zip"})

_LONGEST = 60  # characters of an expression, where it is named

Way = tuple[object, ...]  # what was gone through already
Function = ast.FunctionDef | None


@dataclass(frozen=True, eq=False)
class Module:
    """A file: its functions, and what it imports of lib, by name."""

    path: Path
    tree: ast.Module
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where an expression stands: names are what they were made there."""

    module: Module
    function: Function

    def __str__(self) -> str:
        name = self.function.name if self.function else "-"
        return f"{self.module.path.relative_to(ROOT)}: {name}"


Loose = Iterator[tuple[Place, ast.expr]]


@dataclass
class Following:
    """`given`: what of a call has to be ours, None when it is no such call. What `safe` functions
    answer is. A number that is written as one ({n:,}) always is."""

    given: Callable[[Module, ast.Call], Iterable[ast.expr] | None]
    safe: frozenset[str]
    unsafe: frozenset[str] = frozenset()  # not to be followed: what they answer is somebody's
    modules: dict[Path, Module] = field(default_factory=dict)
    callers: dict[int, list[tuple[Place, ast.Call]]] = field(default_factory=dict)

    def loose(self, files: Iterable[Path]) -> dict[str, str]:
        """By "file: function: expression", the call that each ends in."""
        self.modules = {path: _module(path) for path in files}
        calls = [found for each in self.modules.values() for found in _calls(each)]
        self.callers = defaultdict(list)
        for place, call in calls:
            if called := self._function(place, call.func):
                self.callers[id(called.function)].append((place, call))
        return {
            f"{at}: {ast.unparse(node)}": ast.unparse(call)[:100]
            for place, call in calls
            for given in self.given(place.module, call) or ()
            for at, node in self._of(place, given, ())
        }

    def loose_in(self, files: Iterable[Path], under: str) -> set[str]:
        """As "file: expression", the file below `under` and without its end, both cut short."""
        found = set()
        for place in self.loose(files):
            file, _, rest = place.removeprefix(under).partition(": ")
            said = rest.partition(": ")[2][:_LONGEST].rstrip()
            found.add(f"{file.removesuffix('.py')}: {said}")
        return found

    def _of(self, at: Place, node: ast.expr, way: Way) -> Loose:
        """The parts of an expression that may not be ours."""
        parts = _parts(node)
        if parts is not None:
            for part in parts:
                yield from self._of(at, part, way)
        elif isinstance(node, ast.Name) and not node.id.isupper():
            yield from self._of_name(at, node, way)
        elif isinstance(node, ast.Call):
            yield from self._of_call(at, node, way)
        elif not _is_of_a_table(node):
            yield at, node

    def _side(self, at: Place, node: ast.expr, side: str, way: Way) -> Loose:
        """The keys, or the values, of a dict; of anything else what it is."""
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if key is None:
                    yield from self._side(at, value, side, way)
                else:
                    yield from self._of(at, key if side == "keys" else value, way)
        elif isinstance(node, ast.DictComp):
            yield from self._of(at, node.key if side == "keys" else node.value, way)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            yield from self._side(at, node.left, side, way)
            yield from self._side(at, node.right, side, way)
        elif isinstance(node, ast.Name) and not node.id.isupper():
            key_ = (at.module.path, at.function and at.function.lineno, node.id, side)
            made = [(at, v) for v in _made(at, node.id)] or list(self._handed(at, node.id))
            if key_ in way or not made:
                yield from () if made else [(at, node)]
                return
            for place, value in made:
                yield from self._side(place, value, side, (*way, key_))
        elif isinstance(node, ast.Call) and (there := self._function(at, node.func)):
            if there.function not in way:
                for value in _answers(there):
                    yield from self._side(there, value, side, (*way, there.function))
        else:
            yield from self._of(at, node, way)

    def _of_name(self, at: Place, node: ast.Name, way: Way) -> Loose:
        key = (at.module.path, at.function and at.function.lineno, node.id)
        if key in way:
            return
        made = [(at, value) for value in _made(at, node.id)]
        made = made or list(self._handed(at, node.id))
        if not made:
            yield at, node
        for place, value in made:
            yield from self._of(place, value, (*way, key))

    def _handed(self, at: Place, name: str) -> Iterator[tuple[Place, ast.expr]]:
        """What those who call this function hand it under this name; nothing when one can't be
        told."""
        if at.function is None or at.function.name.startswith("__"):
            return
        arguments = at.function.args
        names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
        known = {*names, *(each.arg for each in arguments.kwonlyargs)}
        if name not in known:
            return
        for place, call in self.callers.get(id(at.function), ()):
            by_place = dict(zip(names, call.args, strict=False))
            by_name = {each.arg: each.value for each in call.keywords}
            if value := by_name.get(name) or by_place.get(name):
                yield place, value
        yield from ((at, default) for default in _default(arguments, name))

    def _of_call(self, at: Place, node: ast.Call, way: Way) -> Loose:
        called = node.func
        name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
        parts: list[ast.expr] | None = None
        if ast.unparse(called) in self.unsafe:
            yield at, node
            return
        if name in self.safe:
            parts = []
        elif name in {"get", "pop"} and _is_memory(called):
            parts = list(_remembered(at.module, node)) or None
        elif name == "join" and isinstance(called, ast.Attribute):
            yield from self._side(at, node.args[0], "keys", way)
            parts = [called.value]
        elif isinstance(called, ast.Attribute) and name in _SAME:
            parts = [called.value, *node.args, *(each.value for each in node.keywords)]
        elif isinstance(called, ast.Attribute) and name in {"keys", "values"}:
            yield from self._side(at, called.value, name, way)
            return
        elif isinstance(called, ast.Attribute) and name == "items":
            parts = [called.value]
        elif name in {"get", "__getitem__"} and _is_of_a_table(called):
            parts = list(node.args[1:])
        elif name in _GATHERED:
            parts = list(node.args)
        there = self._function(at, called) if parts is None else None
        if parts is not None:
            for part in parts:
                yield from self._of(at, part, way)
        elif there:
            yield from self._of_answers(there, way)
        else:
            yield at, node

    def _function(self, at: Place, called: ast.expr) -> Place | None:
        """The function of lib that is called, where it can be told."""
        if isinstance(called, ast.Name) and called.id in at.module.functions:
            return Place(at.module, at.module.functions[called.id])
        if isinstance(called, ast.Name):
            whole = at.module.imports.get(called.id, "")
        elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            whole = f"{at.module.imports.get(called.value.id, '')}.{called.attr}"
        else:
            return None
        file, _, name = whole.rpartition(".")
        path = ROOT / f"{file.replace('.', '/')}.py"
        if not file or not path.is_file():
            return None
        found = (
            self.modules.setdefault(path, _module(path))
            if path not in self.modules
            else (self.modules[path])
        )
        return Place(found, found.functions[name]) if name in found.functions else None

    def _of_answers(self, there: Place, way: Way) -> Loose:
        if there.function in way:
            return
        for value in _answers(there):
            yield from self._of(there, value, (*way, there.function))


def looked_at(said: str) -> set[str]:
    """The lines of a list below the reasons that they stand for, which begin at the margin."""
    return {line.strip() for line in said.splitlines() if line.startswith("    ")}


def _answers(there: Place) -> Iterator[ast.expr]:
    assert there.function
    for node in ast.walk(there.function):
        if isinstance(node, ast.Return | ast.Yield) and node.value:
            yield node.value


def _is_memory(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and ast.unparse(called.value) == "st.session_state"


def _remembered(made: Module, call: ast.Call) -> Iterator[ast.expr]:
    """What this file puts in the session under the key that is asked for."""
    key = f"st.session_state[{ast.unparse(call.args[0])}]"
    for node in ast.walk(made.tree):
        if isinstance(node, ast.Assign) and key in map(ast.unparse, node.targets):
            yield node.value


def _module(path: Path) -> Module:
    made = Module(path, ast.parse(path.read_text("utf-8")))
    for node in ast.walk(made.tree):
        if isinstance(node, ast.FunctionDef):
            made.functions[node.name] = node
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lib"):
            for each in node.names:
                made.imports[each.asname or each.name] = f"{node.module}.{each.name}"
    return made


def _calls(made: Module) -> Iterator[tuple[Place, ast.Call]]:
    def walk(node: ast.AST, function: Function) -> Iterator[tuple[Place, ast.Call]]:
        for child in ast.iter_child_nodes(node):
            inside = child if isinstance(child, ast.FunctionDef) else function
            if isinstance(child, ast.Call):
                yield Place(made, inside), child
            yield from walk(child, inside)

    return walk(made.tree, None)


def _parts(node: ast.expr) -> list[ast.expr] | None:
    """Of what an expression is made, where that says it all."""
    if isinstance(node, ast.Constant | ast.Compare | ast.UnaryOp):
        return []
    if isinstance(node, ast.JoinedStr):
        filled = [each for each in node.values if isinstance(each, ast.FormattedValue)]
        return [each.value for each in filled if each.format_spec is None]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return node.values
    if isinstance(node, ast.BinOp):
        whole = isinstance(node.op, ast.Sub | ast.Div | ast.FloorDiv | ast.Mod)
        return [] if whole else [node.left, node.right]
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return node.elts
    if isinstance(node, ast.Dict):
        return [each for each in (*node.keys, *node.values) if each]
    if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp):
        return [node.elt]
    if isinstance(node, ast.DictComp):
        return [node.key, node.value]
    if isinstance(node, ast.Lambda):
        return [node.body]
    return [node.value] if isinstance(node, ast.Starred | ast.NamedExpr) else None


def _is_of_a_table(node: ast.expr) -> bool:
    """A constant of ours, or what stands in one: NAMES, words.NAMES[code], NAMES.get."""
    if isinstance(node, ast.Subscript):
        return _is_of_a_table(node.value)
    if isinstance(node, ast.Attribute) and node.attr in {"__getitem__", "get"}:
        return _is_of_a_table(node.value)
    name = node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
    return name.isupper()


def _made(at: Place, name: str) -> Iterator[ast.expr]:
    """What a name was given in this function, or at the top of its file."""
    for node in ast.walk(at.function or at.module.tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _matched(target, node.value, name)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value:
            yield from _matched(node.target, node.value, name)
        elif isinstance(node, ast.For | ast.comprehension) and name in _names(node.target):
            yield _of_pairs(node.target, node.iter, name)


def _names(target: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}


def _of_pairs(target: ast.expr, over: ast.expr, name: str) -> ast.expr:
    """Of `for key, value in some.items()` the one side that `name` is, else all of it."""
    pairs = isinstance(over, ast.Call) and isinstance(over.func, ast.Attribute)
    if pairs and over.func.attr == "items" and isinstance(target, ast.Tuple):  # type: ignore[attr-defined]
        first, *_ = target.elts
        side = "keys" if isinstance(first, ast.Name) and first.id == name else "values"
        asked = ast.Attribute(over.func.value, side)  # type: ignore[attr-defined]
        return ast.copy_location(ast.Call(asked, [], []), over)
    return over


def _matched(target: ast.expr, value: ast.expr, name: str) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    elif isinstance(target, ast.Tuple):
        if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
            for each, given in zip(target.elts, value.elts, strict=True):
                yield from _matched(each, given, name)
        elif any(isinstance(each, ast.Name) and each.id == name for each in target.elts):
            yield value


def _default(arguments: ast.arguments, name: str) -> Iterator[ast.expr]:
    named = [*arguments.posonlyargs, *arguments.args]
    for each, default in zip(reversed(named), reversed(arguments.defaults), strict=False):
        if each.arg == name:
            yield default
    for each, given in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if each.arg == name and given:
            yield given
