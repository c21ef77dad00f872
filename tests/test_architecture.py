"""The house: which rooms know which, where SQL may stand, what a page looks like."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "pages").glob("*.py"))
OUR_OWN = [
    file for file in sorted(ROOT.glob("lib/**/*.py")) + PAGES + [ROOT / "Home.py"] if file.is_file()
]
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w.+\sSET|DELETE\s+FROM|CREATE\s+TABLE)\b"
)


def texts(tree: ast.AST) -> list[str]:
    return [
        n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]


def test_each_room_knows_only_the_rooms_below_it() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", OUR_OWN, ids=lambda f: str(f.relative_to(ROOT)))
def test_sql_stands_only_in_the_store(file: Path) -> None:
    if ROOT / "lib" / "store" in file.parents:
        return
    found = [text for text in texts(ast.parse(file.read_text("utf-8"))) if SQL.search(text)]
    assert found == []


@pytest.mark.parametrize("file", PAGES, ids=lambda f: f.name)
def test_a_page_s_first_statement_is_the_guard(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    after = [n for n in tree.body[1:] if not isinstance(n, ast.Import | ast.ImportFrom)]
    assert ast.unparse(after[0]).removeprefix("actor = ").startswith("shell.enter(")


@pytest.mark.parametrize("file", PAGES, ids=lambda f: f.name)
def test_a_page_reads_like_its_screen(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= 80


@pytest.mark.parametrize("file", OUR_OWN, ids=lambda f: str(f.relative_to(ROOT)))
def test_data_is_never_drawn_as_html(file: Path) -> None:
    assert "unsafe_allow_html" not in file.read_text("utf-8")


CHANGES_THE_LOG = re.compile(
    r"(UPDATE|DELETE\s+FROM|TRUNCATE|DROP\s+TABLE|ALTER\s+TABLE)\s+ops\.audit"
)
STORE_FILES = sorted([*ROOT.glob("lib/store/**/*.py"), *ROOT.glob("lib/store/**/*.sql")])


@pytest.mark.parametrize("file", STORE_FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_the_log_is_only_appended_to(file: Path) -> None:
    assert not CHANGES_THE_LOG.search(file.read_text("utf-8"))
