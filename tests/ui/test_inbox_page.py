"""Cargar and Mi perfil under AppTest: the watched folder, and who has its reports mailed."""

import dataclasses
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.action import Action
from lib.model.errors import AppError, Reason
from lib.model.inbox import Now, Waiting
from lib.model.load import Stage
from lib.services.desk import Desk
from lib.services.loads.in_hand import Pace
from lib.services.loads.inbox import InboxWatch
from lib.store.records import batches
from lib.ui import messages
from tests import packs
from tests.services.log_rows import logged
from tests.ui.one_page import entered


@pytest.fixture
def watching(served: Desk, tmp_path: Path) -> Desk:
    folder = tmp_path / "entregas"
    folder.mkdir()
    return dataclasses.replace(served, settings=dataclasses.replace(served.settings, inbox=folder))


def said(app: AppTest) -> str:
    texts = [*app.markdown, *app.caption, *app.warning, *app.error]
    return "\n".join(t.value.replace("\\", "").replace("\u2060", "") for t in texts)


def test_without_a_folder_it_says_how_to_have_one(served: Desk, tmp_path: Path) -> None:
    with entered("Cargar.py", served, tmp_path, "admin") as app:
        assert "pon su ruta completa en `MESA_INBOX`" in said(app)


def test_what_waits_and_what_is_missing(watching: Desk, tmp_path: Path) -> None:
    watching.inbox.now = Now(
        waiting=(
            Waiting("", ("cuentas.csv",), ("cda.csv", "licencias.csv")),
            Waiting("<b>a", ("cuentas.csv",), (), ("cda.csv.filepart",)),
            Waiting("lista", ("cuentas.csv",), ("cda.csv",), (), marked=True),
        ),
        strangers=("notas.txt",),
    )
    with entered("Cargar.py", watching, tmp_path, "admin") as app:
        shown = said(app)
    assert "1 archivo; faltan cda.csv, licencias.csv." in shown
    assert "**<b>a**: 1 archivo; aún llega cda.csv.filepart." in shown
    assert "**lista**: 1 archivo: se carga en cuanto deje de cambiar." in shown
    assert "No son de ningún paquete y se quedan donde están: notas.txt." in shown


def test_a_load_under_way_and_trouble(watching: Desk, tmp_path: Path) -> None:
    watching.inbox.now = Now(
        in_hand="entregas",
        loading=(Stage.WRITING, 0.7),
        trouble=AppError(Reason.INBOX_GONE, folder="/srv/entregas", why="no existe"),
    )
    with entered("Cargar.py", watching, tmp_path, "admin") as app:
        assert "La carpeta vigilada /srv/entregas no se puede abrir (no existe)" in said(app)
        assert "No hay nada esperando" not in said(app)


@pytest.mark.slow
def test_a_folder_that_is_gone_is_said_on_every_page_of_administrators(
    watching: Desk, tmp_path: Path
) -> None:
    gone = AppError(Reason.INBOX_GONE, folder="/srv/entregas", why="no existe")
    watching.inbox.now = Now(trouble=gone)
    with entered("Mi_perfil.py", watching, tmp_path, "admin") as app:
        assert "La carpeta vigilada /srv/entregas no se puede abrir" in said(app)
        watching.inbox.now = Now(trouble=AppError(Reason.LOAD_IN_PROGRESS))
        app.run()
        assert not app.warning


@pytest.mark.slow
def test_how_the_last_one_ended(watching: Desk, tmp_path: Path) -> None:
    folder = watching.settings.inbox
    assert folder
    watch = InboxWatch(watching, messages.sentence, Pace(settle_s=0), apart=False)
    packs.whole(folder)
    watch.look()
    with entered("Cargar.py", watching, tmp_path, "admin") as app:
        assert "No hay nada esperando." in said(app)
        [link] = [
            e.proto for e in app.main if e.type == "page_link" and "La última" in e.proto.label
        ]
        assert batches.newest(watching.store)[0].id in link.query_string
        (folder / "enlace").symlink_to(folder)
        watch.look()
        app.run()
        assert "no se cargó y está en `rechazados`. No pude leer enlace" in said(app)


@pytest.mark.slow
def test_a_manager_asks_for_the_reports_in_mi_perfil(watching: Desk, tmp_path: Path) -> None:
    watching.store.rows("UPDATE ops.staff SET email = 'g@example.com' WHERE username = 'gerente'")
    with entered("Mi_perfil.py", watching, tmp_path, "gerente") as app:
        [toggle] = app.toggle
        assert not toggle.value
        toggle.set_value(True).run()
        assert app.toggle[0].value
    [row] = logged(watching, Action.LOAD_MAIL_WANTED)
    assert row["subject"] == "gerente"


def test_an_agent_isn_t_asked(watching: Desk, tmp_path: Path) -> None:
    with entered("Mi_perfil.py", watching, tmp_path, "agente") as app:
        assert not app.toggle
