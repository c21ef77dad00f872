"""What a file would do, under AppTest: totals, problems by kind, changes by field, same file."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.services.desk import Desk
from lib.services.loads import undoing
from tests.services.log_rows import logged
from tests.ui.one_page import entered
from tests.ui.test_batch_page import APRIL, HEADING, MARCH, bring

pytestmark = pytest.mark.slow  # a desk with a load, and a page drawn many times

PAYLOAD = "<img src=x onerror=alert(1)> \u202egnp.exe **Ruiz** [x](javascript:alert(1))"
BAD = (
    "F1;001;NOY;9.0;1;;Ana;;\nF2;1.23E+11;COI;9.0;5 usuarios;31/02/2020;Beto;;\n"
    f"F3;003;XOI;9.0;1;;{PAYLOAD};;\nF4;004;SAE;9.0;1;;{PAYLOAD};;\n;;;;;;;;\n"
)


@pytest.fixture
def app(served: Desk, tmp_path: Path) -> Iterator[AppTest]:
    with entered("Importar.py", served, tmp_path, "gerente") as app:
        yield app


def upload(app: AppTest, rows: str, name: str = "mayo.csv") -> None:
    app.file_uploader[0].set_value([(name, (HEADING + rows).encode(), "text/csv")]).run()
    assert not app.exception


def choose(app: AppTest, key: str, option: str | None) -> None:
    next(g for g in app.button_group if g.key == key).set_value(option).run()
    assert not app.exception


def labels(app: AppTest, key: str) -> list[str]:
    return list(next(g for g in app.button_group if g.key == key).options)


def table(app: AppTest, column: str) -> pd.DataFrame:
    """The one that has this column."""
    return next(t.value for t in app.dataframe if column in t.value.columns)


def said(app: AppTest) -> str:
    found = [*app.caption, *app.markdown, *app.info, *app.error]
    return "\n".join(str(text.value).replace("\\", "") for text in found)


def test_problems_are_filtered_by_kind_and_say_what_to_type(app: AppTest) -> None:
    upload(app, BAD)
    assert "5 filas leídas = 1 nueva + 0 cambiadas + 0 iguales + 3 apartadas + 1 en blanco" in said(
        app
    )
    assert labels(app, "checking.part") == ["Errores · 3", "Avisos · 1", "Válidas · 1"]
    assert labels(app, "checking.True.kind")[0] == "Sistema: sistema desconocido · 2"
    errors = table(app, "Valor")
    assert list(errors["Línea"]) == [2, 3, 3, 3, 4]
    choose(app, "checking.True.kind", "/Sistema/sistema desconocido")
    errors = table(app, "Valor")
    assert list(zip(errors["Línea"], errors["Valor"], errors["Sugerencia"], strict=True)) == [
        (2, "NOY", "¿NOI en vez de NOY?"),
        (4, "XOI", ""),
    ]
    choose(app, "checking.part", "warnings")
    warned = table(app, "Valor")
    assert set(warned["Motivo"]) >= {"parece código HTML, se guarda como texto"}
    assert PAYLOAD[:80] in set(warned["Valor"])


def test_each_change_is_shown_cell_by_cell_and_by_field(
    served: Desk, manager: Actor, app: AppTest
) -> None:
    bring(served, manager, MARCH, "marzo.csv")
    upload(app, "F1;001;SAE;9.0;3;;Ana Ruiz;;\nF2;002;SAE;9.0;1;01/02/2020;Beto;;\n")
    assert labels(app, "checking.part")[0] == "Cambios · 2"
    assert table(app, "Antes").to_numpy().tolist() == [
        ["F1", "Usuarios", "1", "3"],
        ["F1", "Titular", "Ana", "Ana Ruiz"],
        ["F2", "Fecha Compra", "", "01/02/2020"],
    ]
    assert labels(app, "checking.field") == ["Usuarios · 1", "Fecha Compra · 1", "Titular · 1"]
    choose(app, "checking.field", "holder")
    assert table(app, "Antes").to_numpy().tolist() == [["F1", "Titular", "Ana", "Ana Ruiz"]]


def test_a_serial_held_under_another_folio_is_said(
    served: Desk, manager: Actor, app: AppTest
) -> None:
    bring(served, manager, MARCH, "marzo.csv")
    upload(app, "F9;001;SAE;9.0;1;;Ana;;\nF2;002;SAE;9.0;1;;Beto;;\n")
    assert "Series en otro folio · 1" in labels(app, "checking.part")
    choose(app, "checking.part", "twins")
    assert table(app, "Folio en la mesa").to_numpy().tolist() == [["F9", "001", "F1"]]
    upload(app, "F9;001;SAE;9.0;1;;Ana;;\nF1;00X;SAE;9.0;1;;Ana;;\n", "corrige.csv")
    assert labels(app, "checking.part") == ["Cambios · 1", "Válidas · 2"]


def test_the_same_file_is_said_until_it_is_undone(
    served: Desk, manager: Actor, app: AppTest
) -> None:
    april = bring(served, manager, APRIL, "abril.csv")
    upload(app, APRIL, "otro nombre.csv")
    assert "Este mismo archivo ya lo importó gerente" in said(app)
    assert any(f"lote={april}" in link.proto.query_string for link in app.get("page_link"))
    assert "No hay nada nuevo que importar" in said(app)
    undoing.undo(served, manager, april, "error")
    upload(app, APRIL, "de nuevo.csv")
    assert "Este mismo archivo" not in said(app)
    assert len(logged(served, Action.BATCH_UNDONE)) == 1


def test_all_bad_for_one_reason_asks_how_it_is_read(app: AppTest) -> None:
    upload(app, "F1;001;1;9.0;1;;;;\nF2;002;2;9.0;1;;;;\n")
    assert "Ninguna fila se puede importar. Todas tienen el mismo problema" in said(app)
    assert "nada nuevo" not in said(app)
    assert labels(app, "checking.part") == ["Errores · 2"]
    assert not [b for b in app.button if b.label.startswith("Importar ")]
    upload(app, "", "vacio.csv")
    assert "El archivo trae encabezado y ninguna fila debajo" in said(app)


def test_nothing_wrong_is_said_and_few_things_are_shown(app: AppTest) -> None:
    upload(app, "F1;001;SAE;9.0;1;01/02/2020;Ana;;\n")
    assert "Todas las filas se pueden importar." in said(app)
    assert labels(app, "checking.part") == ["Válidas · 1"]
