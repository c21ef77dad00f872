"""Importar under AppTest: how a file was read is said and can be changed; several, and pasted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.reading import ENCODINGS, FileKind, Reading
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.imports import committing, previewing
from lib.ui.imports import reading_words
from tests.services.log_rows import logged
from tests.ui.one_page import PASSWORD, entered

SAMPLES = Path(__file__).parent.parent / "imports" / "samples"


@pytest.fixture
def app(desk: Desk, cheap_passwords: None, tmp_path: Path) -> Iterator[AppTest]:
    access.add_staff(desk, SYSTEM, "gerente", "Gerardo", "", Role.MANAGER, PASSWORD)
    with entered("Importar.py", desk, tmp_path, "gerente") as app:
        yield app


def upload(app: AppTest, *names: str) -> None:
    files = [(name, (SAMPLES / name).read_bytes(), "text/csv") for name in names]
    app.file_uploader[0].set_value(files).run()
    assert not app.exception


def said(app: AppTest) -> str:
    captions = [unescaped(c.value) for c in app.caption]
    return next(c for c in captions if "encabezado" in c or "leer" in c)


def unescaped(text: str) -> str:
    return text.replace("\\", "")


def choose(app: AppTest, label: str, value: object) -> None:
    next(s for s in app.selectbox if s.label == label).set_value(value).run()
    assert not app.exception


def confirm(app: AppTest) -> None:
    next(b for b in app.button if b.label.startswith("Importar ")).click().run()
    assert not app.exception


@pytest.mark.slow
def test_how_it_was_read_is_said_and_the_preview_answers_a_change(app: AppTest) -> None:
    upload(app, "windows_1252.csv")
    assert said(app) == "CSV · Windows-1252 · separado por ; · encabezado en la línea 1"
    sum_ = "3 filas leídas = 3 nuevas + 0 cambiadas + 0 iguales + 0 apartadas + 0 en blanco."
    assert any(c.value.endswith(sum_) for c in app.caption)
    choose(app, "Separador", "|")
    assert "windows_1252.csv" in unescaped(app.error[0].value)
    assert said(app).startswith("Así no se pudo leer")
    assert "Si no trae encabezado" in said(app)
    assert not [b for b in app.button if b.label.startswith("Importar ")]
    choose(app, "Separador", None)
    choose(app, "Codificación", "latin-1")
    assert "Latin-1" in said(app)


@pytest.mark.slow
def test_what_no_other_reading_helps_is_told_what_does(app: AppTest) -> None:
    for name, remedy in (
        ("imagen.csv", "hace falta la hoja de cálculo misma"),
        ("imagen.xlsx", "hace falta la hoja de cálculo misma"),
        ("vacio.csv", "revisa que se haya guardado o exportado completo"),
        ("una_linea.csv", "elige el archivo con las filas"),
    ):
        upload(app, name)
        (error,) = app.error
        assert remedy in unescaped(error.value)
        assert not [c for c in app.caption if "leer" in c.value]
        assert not [s for s in app.selectbox if s.label == "Encabezado"]
    upload(app, "sin_encabezado.csv")
    assert said(app).startswith("Así no se pudo leer")


@pytest.mark.slow
def test_a_refused_file_can_be_read_otherwise(app: AppTest) -> None:
    upload(app, "sin_encabezado.csv")
    assert "no le encontré encabezado" in app.error[0].value
    choose(app, "Encabezado", 0)
    assert "sin encabezado" in said(app)
    assert [b.label for b in app.button if b.label.startswith("Importar ")] == [
        "Importar 3 certificados"
    ]


@pytest.mark.slow
def test_several_files_go_in_one_after_another(app: AppTest, desk: Desk) -> None:
    upload(app, "windows_1252.csv", "titulos_arriba.csv")
    assert "Windows-1252" in said(app)
    confirm(app)
    assert "2 líneas de título" in said(app)
    assert [m.value for m in app.metric] == ["0", "0", "3", "0"]
    chosen = next(s for s in app.selectbox if s.label == "Archivo en revisión, de 2")
    assert chosen.options == ["windows_1252.csv · importado", "titulos_arriba.csv"]
    assert len(logged(desk, Action.CERTIFICATES_IMPORTED)) == 1


@pytest.mark.slow
def test_pasted_rows_go_in(app: AppTest, desk: Desk) -> None:
    app.segmented_control[0].set_value("Pegar filas").run()
    app.text_area[0].set_value("F1\t0001\tSAE\t9.0\t1\t01/02/2020\tAna\t\t\n").run()
    assert said(app) == "Filas pegadas · separado por tabulador · sin encabezado"
    confirm(app)
    (row,) = logged(desk, Action.CERTIFICATES_IMPORTED)
    assert row["detail"]["file"] == "Filas pegadas"


def test_every_way_of_reading_has_its_words() -> None:
    assert set(reading_words.KINDS) == set(FileKind)
    assert set(reading_words.ENCODINGS) == set(ENCODINGS)
    book = Reading(FileKind.XLSX, heading_line=3, titles=1, sheet="Hoja1", sheets=("Hoja1",))
    assert reading_words.sentence(book) == (
        "Excel · hoja «Hoja1» · encabezado en la línea 3 · 1 línea de título sin contar"
    )


@pytest.mark.slow
def test_columns_nobody_knows_are_chosen_and_remembered(app: AppTest, desk: Desk) -> None:
    upload(app, "encabezados_ajenos.csv")
    assert "Folio, No. Serie" in unescaped(app.error[0].value)
    assert not [b for b in app.button if b.label.startswith("Importar ")]
    choose(app, "Folio \\*", 0)
    choose(app, "No. Serie \\*", 1)
    assert any("no vienen en el archivo" in i.value for i in app.info)
    confirm(app)
    assert len(logged(desk, Action.CERTIFICATES_IMPORTED)) == 1

    upload(app, "encabezados_ajenos.csv")
    assert any("Columnas como las eligió gerente" in c.value for c in app.caption)
    next(b for b in app.button if b.label == "Volver a lo automático").click().run()
    assert "Folio, No. Serie" in unescaped(app.error[0].value)


@pytest.mark.slow
def test_a_column_chosen_for_another_leaves_its_place(app: AppTest) -> None:
    upload(app, "otros_encabezados.csv")
    choose(app, "No. Cuenta", 7)  # the holder's
    chosen = {s.label: s.value for s in app.selectbox}
    assert (chosen["No. Cuenta"], chosen["Titular"]) == (7, -1)
    assert any("Columnas elegidas a mano" in c.value for c in app.caption)
    choose(app, "No. Cuenta", 9)
    choose(app, "Titular", 7)  # as they were found
    assert not any("Columnas elegidas a mano" in c.value for c in app.caption)


def test_overtaken_it_is_checked_again_at_once(app: AppTest, desk: Desk) -> None:
    upload(app, "windows_1252.csv")
    actor = Actor("admin", "Adela", Role.ADMIN)
    with (SAMPLES / "windows_1252.csv").open("rb") as content:
        committing.commit(desk, actor, previewing.preview(desk, actor, "antes.csv", content))
    confirm(app)
    assert "no entró nada" in app.error[0].value
    # The page is long and the button looks as before: what is said above its title nobody reads.
    order = [e.type for e in app.main]
    assert order.index("error") > order.index("metric")
    assert [m.value for m in app.metric] == ["0", "0", "3", "0"]
    assert len(logged(desk, Action.CERTIFICATES_IMPORTED)) == 1
