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


def named(files: list[Path]) -> dict[str, str]:
    """Each file's text by its name."""
    return {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in files}


def texts(tree: ast.AST) -> list[str]:
    return [
        n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    ]


def test_each_room_knows_only_the_rooms_below_it() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_sql_stands_only_in_the_store() -> None:
    outside = {n: text for n, text in named(OUR_OWN).items() if not n.startswith("lib/store/")}
    found = {n: [t for t in texts(ast.parse(text)) if SQL.search(t)] for n, text in outside.items()}
    assert {name: sql for name, sql in found.items() if sql} == {}


@pytest.mark.parametrize("file", PAGES, ids=lambda f: f.name)
def test_a_page_s_first_statement_is_the_guard(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    after = [n for n in tree.body[1:] if not isinstance(n, ast.Import | ast.ImportFrom)]
    assert ast.unparse(after[0]).removeprefix("actor = ").startswith("shell.enter(")


@pytest.mark.parametrize("file", PAGES, ids=lambda f: f.name)
def test_a_page_reads_like_its_screen(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= 80


def test_data_is_never_drawn_as_html() -> None:
    assert [n for n, text in named(OUR_OWN).items() if "unsafe_allow_html" in text] == []


def test_nobody_is_who_streamlit_says() -> None:
    """st.user is a cookie of thirty days beyond recall, which lib/ui/provider.py keeps back."""
    asked = {"st.user", "st.experimental_user", "st.logout"}
    trees = {name: ast.walk(ast.parse(text)) for name, text in named(OUR_OWN).items()}
    read = {
        n: {ast.unparse(e) for e in t if isinstance(e, ast.Attribute)} for n, t in trees.items()
    }
    assert [name for name, attributes in read.items() if attributes & asked] == []


# In DuckDB 1.5.5 it fails now and then, and takes the database down with it (store/reading.py).
# Rows numbered as they come are another operator's.
OVER_ALL = re.compile(r"(?<!row_number\(\)) OVER \(\)")


@pytest.mark.parametrize("file", sorted((ROOT / "lib").glob("store/**/*.*")), ids=lambda f: f.name)
def test_no_window_over_everything(file: Path) -> None:
    if file.suffix in {".py", ".sql"}:
        asked = [line for line in file.read_text("utf-8").splitlines() if "`" not in line]
        assert not OVER_ALL.search("\n".join(asked))


CHANGES_THE_LOG = re.compile(
    r"(UPDATE|DELETE\s+FROM|TRUNCATE|DROP\s+TABLE|ALTER\s+TABLE)\s+ops\.audit"
)
# On the record, each: a person's details; details that nobody's row has; rows that are in their
# archive, and the details of a segment that an administrator let go.
MAY_LEAVE_THE_LOG = {
    "erasing.py": ["DELETE FROM ops.audit_detail WHERE"],
    "aside.py": ["DELETE FROM ops.audit_detail WHERE"],
    "archives.py": ["DELETE FROM ops.audit_detail WHERE", "DELETE FROM ops.audit WHERE"],
}
STORE_FILES = sorted([*ROOT.glob("lib/store/**/*.py"), *ROOT.glob("lib/store/**/*.sql")])


@pytest.mark.parametrize("file", STORE_FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_the_log_is_only_appended_to(file: Path) -> None:
    text = file.read_text("utf-8")
    for words in MAY_LEAVE_THE_LOG.get(file.name, ()):
        text = text.replace(words, "", 1)
    if file.name == "0012_versions.sql":  # one more column changes no row
        text = re.sub(r"ALTER TABLE ops\.audit (ADD COLUMN|ALTER) versions", "", text)
    assert not CHANGES_THE_LOG.search(text)


# ---- the vault -----------------------------------------------------------------------------------

MAY_NAME_SEALED_CODES = {
    "lib/store/ref_schema.sql",
    "lib/store/ref_keys.sql",
    "lib/store/vault.py",
    "lib/store/database.py",
}
MAY_OPEN_CODES = {"lib/services/outgoing/letters.py", "lib/services/records/revealing.py"}


def test_only_the_vault_reads_sealed_codes_and_only_a_load_writes_them() -> None:
    naming = {n for n, text in named([*OUR_OWN, *STORE_FILES]).items() if "sealed_code" in text}
    outside = {name for name in naming if not name.startswith("lib/store/pack/")}
    assert outside <= MAY_NAME_SEALED_CODES


def imported(file: Path) -> set[str]:
    """The full names of what a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found |= {str(node.module), *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return found


def test_only_the_worker_and_a_reveal_open_a_code() -> None:
    names = {str(f.relative_to(ROOT)): imported(f) for f in OUR_OWN}
    opening = {
        name for name, names_in in names.items() if "lib.services.outgoing.codes" in names_in
    }
    assert opening == MAY_OPEN_CODES
    reading = {n for n, names_in in names.items() if "lib.store.vault" in names_in}
    outside = {n for n in reading if not n.startswith("lib/store/")}
    assert outside == {"lib/services/outgoing/codes.py", "lib/services/desk.py"}
