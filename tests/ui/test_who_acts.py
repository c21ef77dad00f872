"""What runs without its page asks who is there now: it keeps nobody from the run that drew it.

Callbacks run before the page's guard, fragments and dialogs without it. An actor that one of them
were handed would act on after its session had ended.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("lib/ui/**/*.py"), *ROOT.glob("pages/*.py")])
APART = ("st.fragment", "st.dialog")
LATER = ("args", "kwargs", "on_change", "on_click", "on_dismiss", "on_select", "on_submit")


def kept(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and _runs_apart(node):
            taken = [*node.args.args, *node.args.kwonlyargs]
            yield from (node.name for each in taken if _is_actor(each.annotation))
            yield from (node.name for each in _outer(tree, node) if each in _used(node))
        if isinstance(node, ast.Call):
            later = [keyword.value for keyword in node.keywords if keyword.arg in LATER]
            held = {name for value in later for name in _used(value)} & _actors(tree)
            yield from (f"{ast.unparse(node.func)}: {name}" for name in sorted(held))


def _runs_apart(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(each).startswith(APART) for each in function.decorator_list)


def _is_actor(annotation: ast.expr | None) -> bool:
    return annotation is not None and ast.unparse(annotation) in {"Actor", "Actor | None"}


def _used(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _actors(tree: ast.AST) -> set[str]:
    """Names under which functions of this file are handed an actor, or make one."""
    arguments = (each for each in ast.walk(tree) if isinstance(each, ast.arg))
    handed = {each.arg for each in arguments if _is_actor(each.annotation)}
    made = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.value).endswith(".actor()")
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return (handed | made) - {"person"}  # Usuarios' person is a row of its list


def _outer(tree: ast.AST, inner: ast.FunctionDef) -> set[str]:
    """Actors of the functions around it."""
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node is not inner and inner in ast.walk(node)
    ]
    return {each.arg for node in around for each in node.args.args if _is_actor(each.annotation)}


def test_nothing_that_runs_later_keeps_an_actor() -> None:
    found = {
        str(file.relative_to(ROOT)): sorted(kept(ast.parse(file.read_text("utf-8"))))
        for file in FILES
    }
    assert {file: names for file, names in found.items() if names} == {}


def test_one_that_does_is_seen() -> None:
    source = """
@st.fragment
def draw(actor: Actor) -> None: ...

def page(me: Actor) -> None:
    st.button("Hacer", on_click=lambda: act(me))
    @st.dialog("Seguro")
    def ask() -> None:
        act(me)
"""
    assert sorted(kept(ast.parse(source))) == ["ask", "draw", "st.button: me"]
