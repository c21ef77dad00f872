"""Inicio answers for a certificate's folio or serial at one glance."""

import io
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.actor import Actor
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.imports import committing, previewing
from tests.services.test_importing import HEADING
from tests.ui.one_page import entered

MANAGER = Actor("gerente", "Gerardo", Role.MANAGER)
PAPERS = (
    "F0000101;0KFAQ05EFJ4;SAE;9.0;2;16/05/2018;Maquiladora *Peña*;;00000001",
    "F0000303;0TWICE0001;NOI;9.0;1;01/01/2020;;;",
    "F0000404;0TWICE0001;NOI;9.0;1;01/01/2020;;;",
)


@pytest.fixture
def papers(served: Desk) -> Desk:
    content = io.BytesIO("\r\n".join([HEADING, *PAPERS, ""]).encode())
    committing.commit(
        served, MANAGER, previewing.preview(served, MANAGER, "caja de marzo.csv", content)
    )
    return served


def asked(app: AppTest, typed: str) -> str:
    """All that Inicio says to it, in its order."""
    app.text_input(key="home.search").input(typed).run()
    assert not app.exception
    parts = [*app.markdown, *app.text, *app.warning, *app.info]
    return "\n".join(str(part.value) for part in parts)


@pytest.mark.slow
def test_a_registered_one_an_unknown_one_and_what_is_no_certificate(
    papers: Desk, tmp_path: Path
) -> None:
    with entered("../Home.py", papers, tmp_path, "agente") as app:
        assert "1 sin cuenta" not in asked(app, "")
        said = asked(app, "0kfaq-05efj4")
        for words in ("Auténtico en la mesa", "SAE 9\\.0", "Maquiladora *Peña*"):
            assert words in said
        assert "caja de marzo.csv" in said
        assert "No está registrado" not in said
        said = asked(app, "0TWICE0001")
        assert said.count("Auténtico en la mesa") == 2
        assert "también en el folio F0000404" in said
        assert "Sin cuenta" in said
        said = asked(app, "F0000102")
        assert "No está registrado" in said
        assert "parecidos, a un dígito" in said
        assert "ni uno parecido" in asked(app, "X9988776655")
        for typed in ("villasenor", "S0000000001", "00000001"):
            assert "registrado" not in asked(app, typed)


def test_inicio_counts_those_without_an_account(papers: Desk, tmp_path: Path) -> None:
    with entered("../Home.py", papers, tmp_path, "agente") as app:
        assert any("2 sin cuenta" in str(each.value) for each in app.markdown)
