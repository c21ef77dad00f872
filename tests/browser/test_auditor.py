"""Para el auditor… in a real browser: the manager's file verifies where nothing of the desk is."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import problems
from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_what_a_manager_downloads_verifies(page: Page, sign_in: SignIn, tmp_path: Path) -> None:
    sign_in(page, "gerente", "/Bitacora")
    page.locator("tr[data-id]").first.wait_for()
    page.get_by_role("button", name="Para el auditor…").click()
    window = page.get_by_role("dialog", name="Para el auditor")
    window.get_by_text("Con datos personales", exact=True).click()
    take = window.get_by_role("button", name="Descargar")
    expect(take).to_be_visible()
    assert problems(page) == []
    with page.expect_download() as download:
        take.click()
    expect(window.get_by_text("La descarga empezó")).to_be_visible()
    assert download.value.suggested_filename.startswith("bitacora-para-auditor-")
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, "-I", "verificar.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("La bitácora está completa: "), done.stdout
    assert done.returncode == 0

    page.goto("/Bitacora")
    expect(page.locator("tr[data-id]").first).to_contain_text("Entrega de la bitácora")
