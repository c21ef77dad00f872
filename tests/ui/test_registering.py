"""Registrar certificado: saved and empty again, or refused with each problem beside its field."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.action import Action
from lib.services.desk import Desk
from tests.services.log_rows import logged
from tests.services.test_registering import TYPED
from tests.ui.one_page import entered


def saved(app: AppTest, turn: int, **changes: str) -> None:
    for field, value in (TYPED | changes).items():
        app.text_input(key=f"registering.{turn}.{field}").input(value)
    next(button for button in app.button if button.label == "Guardar").click()
    app.run()
    assert not app.exception


@pytest.mark.slow
def test_one_is_saved_and_the_next_begins_empty(served: Desk, tmp_path: Path) -> None:
    with entered("Registrar.py", served, tmp_path, "gerente") as app:
        saved(app, 0, account_no="99999999")
        assert [each.value for each in app.success] == ["Certificado F0000101 guardado."]
        assert "No. Cuenta: la cuenta no existe: «99999999»" in app.warning[0].value.replace(
            "\\", ""
        )
        assert app.text_input(key="registering.1.folio").value == ""
        assert any("Tus últimos registrados" in each.value for each in app.header)


@pytest.mark.slow
def test_what_was_typed_stays_beside_its_problem(served: Desk, tmp_path: Path) -> None:
    with entered("Registrar.py", served, tmp_path, "gerente") as app:
        saved(app, 0, product="XAE", seats="0")
        assert app.text_input(key="registering.0.product").value == "XAE"
        told = " ".join(str(each.value) for each in app.markdown)
        assert "sistema desconocido" in told
        assert "los usuarios van de 1 a 99" in told
        assert "corrige los campos marcados" in app.error[0].value
        saved(app, 0)
        assert app.error == []
        saved(app, 1, holder="Otra")
        assert "F0000101 ya está registrado" in app.error[0].value.replace("\\", "")


def test_an_agent_is_refused(served: Desk, tmp_path: Path) -> None:
    with entered("Registrar.py", served, tmp_path, "agente") as app:
        assert app.error
        assert not [each for each in app.text_input if (each.key or "").startswith("registering")]


@pytest.mark.slow
def test_what_the_desk_holds_is_shown_and_corrected(served: Desk, tmp_path: Path) -> None:
    with entered("Registrar.py", served, tmp_path, "gerente") as app:
        saved(app, 0, account_no="")
        saved(app, 1, account_no="", holder="Otra")
        (table,) = app.dataframe
        assert table.value.to_csv(index=False).splitlines() == [
            "Dato,En la mesa,Lo que escribiste",
            "Titular,Maquiladora Peña; «Norte»,Otra",
        ]
        next(b for b in app.button if b.label == "Guardar la corrección").click().run()
        assert [each.value for each in app.success] == ["Certificado F0000101 corregido."]
        assert app.text_input(key="registering.2.folio").value == ""
    assert len(logged(served, Action.CERTIFICATE_CORRECTED)) == 1
