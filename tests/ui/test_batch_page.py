"""One import's page: who, when, its file, what it did, and its undoing."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.imports import committing, previewing
from lib.services.loads import undoing
from lib.store.records import batches
from tests.services.log_rows import logged
from tests.ui.one_page import entered

HEADING = "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\n"
MARCH = "F1;001;SAE;9.0;1;;Ana;;\nF2;002;SAE;9.0;1;;Beto;;\n;003;SAE;9.0;1;;Sin folio;;\n"
APRIL = "F1;001;SAE;9.0;1;;Ana Ruiz;;\nF3;003;SAE;9.0;1;;Carla;;\n"


def bring(desk: Desk, actor: Actor, rows: str, name: str) -> str:
    batch_id = batches.new_id()
    content = io.BytesIO((HEADING + rows).encode())
    committing.commit(desk, actor, previewing.preview(desk, actor, name, content), batch_id)
    return batch_id


@contextmanager
def page_of(desk: Desk, folder: Path, batch_id: str, who: str = "gerente") -> Iterator[AppTest]:
    """The page of one batch, with a manager in it."""
    folder = folder / who
    folder.mkdir()
    with entered("Importar.py", desk, folder, who, {"lote": batch_id}) as app:
        yield app


def said(app: AppTest) -> str:
    texts = [*app.markdown, *app.caption, *app.info, *app.success, *app.text, *app.title]
    return "\n".join(str(text.value) for text in texts)


def cells(app: AppTest) -> str:
    return "\n".join(table.value.to_csv() for table in app.dataframe)


def undo(app: AppTest, reason: str) -> None:
    app.text_input(key="batch.reason").set_value(reason).run()
    next(b for b in app.button if b.label == "Deshacer importación").click().run()
    assert not app.exception


@pytest.mark.slow
def test_a_batch_says_what_it_did_and_is_undone(
    served: Desk, manager: Actor, tmp_path: Path
) -> None:
    bring(served, manager, MARCH, "marzo.csv")
    april = bring(served, manager, APRIL, "abril.csv")
    with page_of(served, tmp_path, april) as app:
        assert "abril" in app.title[0].value
        assert batches.origin(served.store, april).sha256 in said(app)
        assert "F1,Titular,Ana,Ana Ruiz" in cells(app)
        assert "1 certificado sale; 1 vuelve a lo que era." in said(app)
        (way,) = [e.proto for e in app.get("page_link") if "Ver en" in e.proto.label]
        asked = parse_qs(way.query_string)["vista"][0]
        view = View.from_query(asked)
        assert (way.page, view and view.filters) == ("Certificados", {"batch": f"={april}"})
        undo(app, "era de prueba")
        assert "Deshecha. 1 certificado salió; 1 vuelve a lo que era." in said(app)
        assert "era de prueba" in app.info[0].value
        assert not [b for b in app.button if b.label == "Deshacer importación"]
    (entry,) = logged(served, Action.BATCH_UNDONE)
    assert (entry["actor"], entry["subject"]) == ("gerente", april)


@pytest.mark.slow
def test_rows_set_aside_stay_with_their_batch(served: Desk, manager: Actor, tmp_path: Path) -> None:
    march = bring(served, manager, MARCH, "marzo.csv")
    bring(served, manager, APRIL, "abril.csv")
    with page_of(served, tmp_path, march) as app:
        assert "4,Folio" in cells(app)
        assert "1 se editó después y se queda" in said(app)
        assert "abril.csv" in cells(app)


@pytest.mark.slow
def test_an_undo_without_a_reason_is_refused(served: Desk, manager: Actor, tmp_path: Path) -> None:
    march = bring(served, manager, MARCH, "marzo.csv")
    with page_of(served, tmp_path, march) as app:
        undo(app, "  ")
        assert "Escribe por qué se deshace" in app.error[0].value
    assert logged(served, Action.BATCH_UNDONE) == []


def test_what_was_all_edited_since_is_named(served: Desk, manager: Actor, tmp_path: Path) -> None:
    row = MARCH.split("\n", maxsplit=1)[0]
    first = bring(served, manager, row, "marzo.csv")
    bring(served, manager, row.replace("Ana", "Ana Paz"), "abril.csv")
    with page_of(served, tmp_path, first) as app:
        assert "Todo lo suyo se editó después y se conserva" in said(app)
        assert ("F1" in cells(app), "abril.csv" in cells(app)) == (True, True)
        assert not [b for b in app.button if b.label == "Deshacer importación"]


@pytest.mark.slow
def test_the_list_leads_to_each_and_says_which_are_undone(
    served: Desk, manager: Actor, tmp_path: Path
) -> None:
    march = bring(served, manager, MARCH, "marzo.csv")
    undoing.undo(served, manager, march, "error")
    with entered("Importar.py", served, tmp_path, "gerente") as app:
        links = [link.proto for link in app.get("page_link")]
        label = next(link.label for link in links if "marzo" in link.label)
        assert label.endswith("2 nuevas, 1 apartada · deshecha")
        assert any(f"lote={march}" in link.query_string for link in links)
    assert len(logged(served, Action.BATCH_UNDONE)) == 1


def test_a_load_s_page_says_who_may_undo_it(served: Desk, tmp_path: Path) -> None:
    ((load,),) = served.store.rows("SELECT id FROM ops.batch WHERE kind = 'pack'")
    with page_of(served, tmp_path, load) as app:
        assert "Solo un administrador" in said(app)
    with page_of(served, tmp_path, load, "admin") as app:
        assert "no hay datos anteriores" in said(app)
