"""Importar under AppTest: a big file is checked and brought in by itself, whoever looks."""

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.reading import Choice
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.imports import committing, previewing, running
from lib.store.records import merging
from tests.services.log_rows import logged
from tests.ui.one_page import PASSWORD, entered
from tests.waiting import until

HEADING = "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\n"
FILE = (
    HEADING + "".join(f"F{n};S{n};SAE;9.0;1;;Ana;;\n" for n in range(9)) + "F9;;SAE;9.0;1;;Ana;;\n"
)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Ten rows are many; while this is closed, the first of them wait."""
    gate, lay = threading.Event(), merging.lay
    monkeypatch.setattr(previewing, "BIG", 300)
    monkeypatch.setattr(committing, "FEW", 0)
    monkeypatch.setattr(merging, "AT_A_TIME", 3)

    def slowly(transaction: object, rows: str, batch_id: str, told: merging.Told) -> object:
        def heard(done: int, of: int) -> None:
            told(done, of)
            gate.wait(30)
            told(done, of)  # whoever was cancelled meanwhile hears of it here

        return lay(transaction, rows, batch_id, heard)  # type: ignore[arg-type]

    monkeypatch.setattr(merging, "lay", slowly)
    return gate


@pytest.fixture
def app(desk: Desk, cheap_passwords: None, tmp_path: Path) -> Iterator[AppTest]:
    access.add_staff(desk, SYSTEM, "gerente", "Gerardo", "", Role.MANAGER, PASSWORD)
    with entered("Importar.py", desk, tmp_path, "gerente") as app:
        yield app


def bars(app: AppTest) -> list[str]:
    return [bar.proto.text for bar in app.get("progress")]


def press(app: AppTest, begins: str) -> None:
    next(b for b in app.button if b.label.startswith(begins)).click().run()
    assert not app.exception


def settled(app: AppTest, desk: Desk) -> None:
    """The page, once what goes on by itself is over."""
    until(lambda: (job := desk.imports.of("gerente")) and job.over)
    app.run()
    assert not app.exception


def checked(app: AppTest, desk: Desk) -> None:
    app.file_uploader[0].set_value([("marzo.csv", FILE.encode(), "text/csv")]).run()
    assert not app.exception
    settled(app, desk)


@pytest.mark.slow
def test_it_goes_on_while_its_person_looks_elsewhere(
    app: AppTest, desk: Desk, gate: threading.Event
) -> None:
    checked(app, desk)
    press(app, "Importar 9 certificados, solo los válidos")
    until(lambda: (job := desk.imports.of("gerente")) and job.done > 0.3)
    app.run()
    assert bars(app)
    assert any("Importando 9 certificados de marzo" in m.value for m in app.markdown)
    assert desk.store.rows("SELECT * FROM held_certificate") == []
    assert any("separado por" in c.value for c in app.caption)
    app.file_uploader[0].set_value([]).run()  # as who comes back to the page finds it
    assert bars(app)
    gate.set()
    settled(app, desk)
    assert app.success[0].value == "Importación terminada: 9 nuevos y 0 cambiados."
    assert len(logged(desk, Action.CERTIFICATES_IMPORTED)) == 1
    app.run()
    assert not app.success


@pytest.mark.slow
def test_cancelled_it_says_so_and_can_be_done_again(
    app: AppTest, desk: Desk, gate: threading.Event
) -> None:
    checked(app, desk)
    press(app, "Importar 9 certificados")
    until(lambda: (job := desk.imports.of("gerente")) and job.done > 0.3)
    app.run()
    press(app, "Cancelar")
    gate.set()
    settled(app, desk)
    assert [info.value for info in app.info] == ["Importación cancelada: no entró nada."]
    assert desk.store.rows("SELECT * FROM ops.certificate") == []
    assert list((desk.settings.data / "batches").glob("*")) == []
    press(app, "Importar 9 certificados")
    if not app.success:  # a few rows may be in before the page is drawn
        settled(app, desk)
    assert app.success
    assert len(logged(desk, Action.CERTIFICATES_IMPORTED)) == 1


@pytest.mark.slow
def test_a_check_that_ends_under_another_file_is_neither_lost_nor_left(
    app: AppTest, desk: Desk, gate: threading.Event
) -> None:
    other = ("otra.csv", (HEADING + "G1;T1;SAE;9.0;1;;Ana;;\n").encode(), "text/csv")
    app.file_uploader[0].set_value([("marzo.csv", FILE.encode(), "text/csv")]).run()
    until(lambda: (job := desk.imports.of("gerente")) and job.over)
    app.file_uploader[0].set_value([other]).run()
    assert [m.value for m in app.metric] == ["1", "0", "0", "0"]
    app.file_uploader[0].set_value([]).run()
    assert [m.value for m in app.metric] == ["9", "0", "0", "1"]  # nobody had taken it
    press(app, "Quitar")
    assert list((desk.settings.data / "incoming").glob("*")) == []


@pytest.mark.slow
def test_a_check_is_there_for_who_comes_back(
    app: AppTest, desk: Desk, gate: threading.Event
) -> None:
    app.file_uploader[0].set_value([("marzo.csv", FILE.encode(), "text/csv")]).run()
    assert not [c for c in app.caption if "no se pudo leer" in c.value]
    app.file_uploader[0].set_value([]).run()
    settled(app, desk)
    assert any("marzo" in m.value for m in app.markdown)
    assert [m.value for m in app.metric] == ["9", "0", "0", "1"]
    press(app, "Quitar")
    assert not app.metric
    assert list((desk.settings.data / "incoming").glob("*")) == []


@pytest.mark.slow
def test_a_refused_check_says_why(app: AppTest, desk: Desk, gate: threading.Event) -> None:
    app.file_uploader[0].set_value([("foto.csv", b"\x89PNG" + bytes(400), "text/csv")]).run()
    settled(app, desk)
    assert "foto.csv" in app.error[0].value.replace("\\", "")
    job = desk.imports.of("gerente")
    app.run()
    assert desk.imports.of("gerente") is job  # not tried again by itself
    press(app, "Revisar de nuevo")
    settled(app, desk)
    assert app.error


def test_another_tab_s_import_leaves_this_one_s_file_as_it_is(app: AppTest, desk: Desk) -> None:
    app.file_uploader[0].set_value([("marzo.csv", FILE.encode(), "text/csv")]).run()
    assert app.metric
    actor = Actor("gerente", "Gerardo", Role.MANAGER)
    other = FILE.replace("\nF", "\nG").encode()
    seen = previewing.preview(desk, actor, "abril.csv", io.BytesIO(other))
    running.bring_in(desk, actor, seen, ("another upload", Choice()))
    settled(app, desk)
    assert "Importación terminada" in app.success[0].value
    assert [m.value for m in app.metric] == ["9", "0", "0", "1"]
    press(app, "Importar 9 certificados")
    assert len(logged(desk, Action.CERTIFICATES_IMPORTED)) == 2
