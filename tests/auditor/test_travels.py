"""What travels to an auditor: Python 3.9 reads it, and it asks for nothing else than it says."""

import ast
import sys
from pathlib import Path

import pytest

from lib.services.log.packing import TRAVELS
from tests.auditor.handed import AUDITOR

PROGRAMS = sorted(AUDITOR.glob("*.py"))


def test_all_of_it_travels() -> None:
    assert sorted(TRAVELS) == sorted(file.name for file in AUDITOR.iterdir() if file.is_file())


@pytest.mark.parametrize("file", PROGRAMS, ids=lambda file: file.name)
def test_it_knows_nothing_of_the_desk(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"), feature_version=(3, 9))
    asked = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    own = {each.stem for each in PROGRAMS}
    assert asked - own - {"cryptography"} <= sys.stdlib_module_names


def test_each_file_is_told_in_its_readme() -> None:
    said = (AUDITOR / "LEEME.txt").read_text("utf-8")
    handed = {*TRAVELS, "bitacora.jsonl", "bitacora.csv", "checkpoints.jsonl", "heads.txt"}
    for name in (handed | {"contexto.jsonl", "manifest.json", "keys/"}) - {"LEEME.txt"}:
        assert name in said
