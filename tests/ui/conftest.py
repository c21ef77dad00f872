"""What the pages' tests share: people who can sign in, and no look at what is installed."""

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
from streamlit.components.v2 import manifest_scanner

from lib import settings
from lib.model.actor import SYSTEM
from lib.services.desk import Desk, open_desk
from lib.services.doors import access
from lib.ui import process
from tests.conftest import cheap_hashes, copied
from tests.ui.one_page import PASSWORD, PEOPLE


@pytest.fixture(scope="session", autouse=True)
def installed_once() -> Iterator[None]:
    """Each AppTest asks every installed package whether it is a component, and reads its metadata
    for it: a quarter of a second that no page needs. The answer doesn't change."""
    once = cache(manifest_scanner.scan_component_manifests)
    with patch.object(manifest_scanner, "scan_component_manifests", once):
        yield


@pytest.fixture(scope="session")
def staffed_data(tmp_path_factory: pytest.TempPathFactory, small_data: Path) -> Path:
    """`small_data` and a person of each role, to copy."""
    data = tmp_path_factory.mktemp("staffed") / "data"
    with cheap_hashes():
        desk = open_desk(settings.read({"MESA_DATA": str(shutil.copytree(small_data, data))}))
        for username, role in PEOPLE.items():
            access.add_staff(desk, SYSTEM, username, f"{username} Paz", "", role, PASSWORD)
        desk.close()
    return data


@pytest.fixture
def served(tmp_path: Path, staffed_data: Path, cheap_passwords: None) -> Iterator[Desk]:
    """A desk of its own with those people, which the pages open."""
    with copied(staffed_data, tmp_path / "data") as desk:
        process.adopt(desk)
        yield desk
        process.adopt(None)
