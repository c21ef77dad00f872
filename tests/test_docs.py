"""What the documentation says exists does."""

import re
from pathlib import Path

import pytest

from lib.__main__ import COMMANDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
SETTINGS = "".join(f.read_text("utf-8") for f in (ROOT / "lib").glob("settings*.py"))


@pytest.mark.parametrize("name", sorted(set(re.findall(r"MESA_[A-Z_]+|\bPORT\b", README))))
def test_each_setting_in_the_readme_is_read(name: str) -> None:
    assert f'"{name}"' in SETTINGS


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make ([a-z][a-z-]*)", README))))
def test_each_make_target_in_the_readme_exists(target: str) -> None:
    assert re.search(rf"^{target}:.*## ", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("command", sorted(set(re.findall(r"python -m lib ([a-z-]+)", README))))
def test_each_command_in_the_readme_exists(command: str) -> None:
    names = {module.__name__.rpartition(".")[2].rstrip("_") for module in COMMANDS}
    assert command.replace("-", "_") in names


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_each_link_in_the_readme_leads_somewhere(path: str) -> None:
    assert (ROOT / path).exists()
