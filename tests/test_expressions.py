"""Regular expressions that no text keeps busy for ever (ASVS 5.0, 1.3.12)."""

import ast
import re._constants as code  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
# A repetition within one, whose turns are told apart by a mark that its parts can't hold.
TOLD_APART = {
    r"[a-z0-9-]+(\.[a-z0-9-]+)+",
    r"[^\W_]+(-[^\W_]+)+",
    r"\b[A-Z0-9]{4,}(?:-[A-Z0-9]{4,}){2,}\b",
}
_MANY = 16  # times; what repeats no more often ends soon


def expressions() -> Iterator[str]:
    """Those that the program compiles; what administrators write is a language of our own
    (lib/model/ticket_pattern.py)."""
    for file in sorted(ROOT.glob("lib/**/*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def nests(pattern: Any, *, within: bool = False) -> bool:
    """Whether something repeats without end within what does."""
    for operator, value in pattern:
        inner = within
        if operator in (code.MAX_REPEAT, code.MIN_REPEAT):
            endless = value[1] > _MANY
            if endless and within:
                return True
            inner = within or endless
        if any(nests(part, within=inner) for part in _parts(operator, value)):
            return True
    return False


def _parts(operator: Any, value: Any) -> list[Any]:
    if operator is code.BRANCH:
        return list(value[1])
    groups = (code.MAX_REPEAT, code.MIN_REPEAT, code.SUBPATTERN, code.ASSERT, code.ASSERT_NOT)
    return [value[-1]] if operator in groups else []


def test_no_repetition_stands_in_another() -> None:
    found = {text for text in expressions() if nests(parser.parse(text))}
    assert found == TOLD_APART


def test_one_that_would_is_seen() -> None:
    assert nests(parser.parse(r"(a+)+$"))
    assert nests(parser.parse(r"x(?:y|(?:a*b?))*z"))
    assert not nests(parser.parse(r"(a{1,3})+b*"))
    assert len(list(expressions())) > 30
