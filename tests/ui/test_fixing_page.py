"""Importar under AppTest: bad rows typed over in the page; nothing that was typed is lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.action import Action
from lib.model.actor import SYSTEM
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from tests.services.log_rows import logged
from tests.ui.one_page import PASSWORD, entered

FILE = (
    "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\r\n"
    "F1;0001;SAE;9.0;1;;Ana;;\r\n"
    "F2;0002;NOY;9.0;1;31/02/2020;Beto;;\r\n"
    "F3;0003;COY;9.0;1;;Caro;;\r\n"
    "F4;1.23E+11;COI;9.0;1;;Dora;;\r\n"
)


@pytest.fixture
def app(desk: Desk, cheap_passwords: None, tmp_path: Path) -> Iterator[AppTest]:
    access.add_staff(desk, SYSTEM, "gerente", "Gerardo", "", Role.MANAGER, PASSWORD)
    with entered("Importar.py", desk, tmp_path, "gerente") as app:
        app.file_uploader[0].set_value([("marzo.csv", FILE.encode(), "text/csv")]).run()
        yield app


def typed(app: AppTest, edits: dict[int, dict[str, Any]]) -> None:
    """Cells by their place in the table, as a browser gives all of them each time."""
    state = {"edited_rows": edits, "added_rows": [], "deleted_rows": []}
    app.session_state[app.data_editor[0].key] = state
    app.run()
    assert not app.exception


def table(app: AppTest) -> list[dict[str, Any]]:
    return app.data_editor[0].value.to_dict("records")


def said(app: AppTest) -> str:
    return next(m.value for m in app.markdown if "badge" in m.value)


def press(app: AppTest, label: str) -> None:
    next(b for b in app.button if b.label.startswith(label)).click().run()
    assert not app.exception


@pytest.mark.slow
def test_a_row_is_mended_by_itself_where_the_table_has_no_room(app: AppTest) -> None:
    def cell(label: str) -> Any:
        return next(box for box in app.text_input if box.label == label)

    assert next(s for s in app.selectbox if s.label == "Fila").value == 3
    press(app, "Escribir NOI en Sistema")
    assert cell("Sistema").value == "NOI"
    assert "corregida" not in said(app)
    cell("Fecha Compra").set_value("29/02/2020").run()
    assert "1 corregida" in said(app)
    assert [row["Sistema"] for row in table(app)] == ["NOI", "COY", "COI"]  # the same in both
    press(app, "Siguiente")
    typed(app, {1: {"Sistema": "COI"}})
    assert cell("Sistema").value == "COI"
    assert any("Corregida: entrará" in m.value for m in app.markdown)
    assert "2 corregidas" in said(app)


@pytest.mark.slow
def test_what_is_typed_is_checked_and_goes_in(app: AppTest, desk: Desk) -> None:
    assert [row["Línea"] for row in table(app)] == [3, 4, 5]
    typed(app, {0: {"Fecha Compra": "29/02/2020"}})
    assert "corregida" not in said(app)
    assert "sistema desconocido" in table(app)[0]["Motivo"]
    typed(app, {0: {"Fecha Compra": "29/02/2020", "Usar": True}, 2: {"No. Serie": "0004"}})
    assert ("2 corregidas" in said(app), "1 fila por corregir" in said(app)) == (True, True)
    assert [row["Sistema"] for row in table(app)] == ["NOI", "COY", "COI"]
    assert table(app)[0]["Motivo"] == "✓ Corregida: entrará"
    press(app, "Importar 3 certificados")
    (row,) = logged(desk, Action.CERTIFICATES_IMPORTED)
    assert (row["detail"]["new"], row["detail"]["mended"]) == (3, 2)


@pytest.mark.slow
def test_every_suggestion_is_used_at_once(app: AppTest) -> None:
    typed(app, {1: {"Sistema": "COX", "Titular": "Carolina"}})
    press(app, "Usar todas las sugerencias (2)")
    assert [row["Sistema"] for row in table(app)] == ["NOI", "COI", "COI"]
    assert table(app)[1]["Titular"] == "Carolina"
    assert "1 corregida" in said(app)


def test_a_suggestion_is_taken_back(app: AppTest) -> None:
    typed(app, {1: {"Usar": True}})
    assert "1 corregida" in said(app)
    typed(app, {1: {"Usar": False}})
    assert table(app)[1]["Sistema"] == "COY"
    assert "corregida" not in said(app)


@pytest.mark.slow
def test_what_was_typed_outlives_how_the_file_is_read(app: AppTest) -> None:
    typed(app, {1: {"Sistema": "COI"}})
    separator = next(s for s in app.selectbox if s.label == "Separador")
    separator.set_value("|").run()
    assert not app.data_editor
    next(s for s in app.selectbox if s.label == "Separador").set_value(None).run()
    assert table(app)[1]["Sistema"] == "COI"
    assert "1 corregida" in said(app)
    next(s for s in app.selectbox if s.label == "Encabezado").set_value(4).run()
    next(s for s in app.selectbox if s.label == "Encabezado").set_value(None).run()
    assert "1 corregida" in said(app)


@pytest.mark.slow
def test_what_has_no_place_any_more_is_said(app: AppTest) -> None:
    typed(app, {1: {"Titular": "Carolina", "Sistema": "COI"}})
    chosen = next(s for s in app.selectbox if s.label == "Titular")
    held = chosen.value
    chosen.set_value(-1).run()  # not in the file
    assert "en 1 fila no se aplica" in app.warning[0].value
    assert "1 corregida" in said(app)
    next(s for s in app.selectbox if s.label == "Titular").set_value(held).run()
    assert not app.warning
    assert table(app)[1]["Titular"] == "Carolina"


@pytest.mark.slow
def test_the_same_file_uploaded_again_goes_on(app: AppTest) -> None:
    """As after another page: what was typed is known by what is in the file."""
    typed(app, {1: {"Sistema": "COI"}})
    app.file_uploader[0].set_value([]).run()
    assert not app.data_editor
    app.file_uploader[0].set_value([("otro.csv", FILE.encode(), "text/csv")]).run()
    assert "1 corregida" in said(app)
    press(app, "Importar 2 certificados")
    app.file_uploader[0].set_value([]).run()
    app.file_uploader[0].set_value([("otro.csv", FILE.encode(), "text/csv")]).run()
    assert "corregida" not in said(app)


@pytest.mark.slow
def test_what_another_tab_mended_is_taken_up(app: AppTest) -> None:
    """As after an import that was cancelled: its preview is looked at anew."""
    typed(app, {1: {"Sistema": "COI"}})
    (work,) = app.session_state["fixing.works"].values()
    app.session_state["importing.preview"] = work.checked
    app.session_state["fixing.works"] = {}
    app.run()
    assert table(app)[1]["Sistema"] == "COI"
    assert "1 corregida" in said(app)


@pytest.mark.slow
def test_what_was_typed_at_the_last_moment_is_shown_before_it_goes_in(
    app: AppTest, desk: Desk
) -> None:
    state = {"edited_rows": {0: {"Sistema": "NOI", "Fecha Compra": ""}}}
    app.session_state[app.data_editor[0].key] = state | {"added_rows": [], "deleted_rows": []}
    press(app, "Importar 1 certificado")  # the cell and the button in one run
    assert "Se revisó lo que acababas de escribir" in app.error[0].value
    order = [e.type for e in app.main]  # beside the button, not above the title
    assert order.index("error") > order.index("metric")
    assert logged(desk, Action.CERTIFICATES_IMPORTED) == []
    assert table(app)[0]["Motivo"] == "✓ Corregida: entrará"
    press(app, "Importar 2 certificados")
    (row,) = logged(desk, Action.CERTIFICATES_IMPORTED)
    assert (row["detail"]["new"], row["detail"]["mended"]) == (2, 1)
