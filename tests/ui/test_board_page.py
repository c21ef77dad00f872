"""Tablero drawn by AppTest: what it says of little, of much, of what an address asks for."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.actor import SYSTEM
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.log.board import Count
from lib.ui.board import board_words
from tests.services.board_rows import COI, SAE, at
from tests.services.board_rows import ask as ask_at
from tests.ui.one_page import PASSWORD, entered


@pytest.fixture
def staffed(desk: Desk, cheap_passwords: None) -> Desk:
    access.add_staff(desk, SYSTEM, "gerente", "Gerardo", "", Role.MANAGER, PASSWORD)
    access.add_staff(desk, SYSTEM, "agente", "Agustina", "", Role.AGENT, PASSWORD)
    return desk


def said(app: AppTest) -> str:
    return " ".join(e.value for e in (*app.markdown, *app.caption, *app.info, *app.error))


RANGE = {"periodo": "2026-11-16..2026-11-21"}


def test_an_agent_is_told_no(staffed: Desk, tmp_path: Path) -> None:
    with entered("Tablero.py", staffed, tmp_path, "agente") as app:
        assert len(app.error) == 1
        assert len(app.metric) == 0


def test_nothing_yet_is_said_in_words(staffed: Desk, tmp_path: Path) -> None:
    with entered("Tablero.py", staffed, tmp_path, "gerente", {"periodo": "hoy"}) as app:
        assert app.metric[0].value == "0"
        assert "Sin renglones en este periodo ni en el anterior." in said(app)
        assert "Ninguno: el último correo a cada dirección no ha regresado." in said(app)


@pytest.mark.slow
def test_figures_and_their_tables(staffed: Desk, tmp_path: Path) -> None:
    ask_at(staffed, at(12), SAE)
    ask_at(staffed, at(18), SAE)
    ask_at(staffed, at(19), COI)
    ask_at(staffed, at(20), "<b>*x*</b>")
    with entered("Tablero.py", staffed, tmp_path, "gerente", RANGE) as app:
        shown = {metric.label: (metric.value, metric.delta) for metric in app.metric}
        assert shown["Reenvíos"] == ("3", "+200 %")
        assert shown["Repetidos"] == ("1", "")
        app.toggle("board.table.product").set_value(True).run()
        assert not app.exception
        table = app.table[0].value
        assert list(table["Periodo"]) == ["1", "1", "1"]
        assert {text.partition("]")[0] for text in table["Sistema"]} == {
            "[COI",
            "[SAE",
            "[Ya no está en los datos",
        }


def test_the_rows_of_repeats(staffed: Desk, tmp_path: Path) -> None:
    ask_at(staffed, at(12), SAE)
    ask_at(staffed, at(18), SAE)
    with entered("Tablero.py", staffed, tmp_path, "gerente", RANGE | {"ver": "repetidos"}) as app:
        assert app.title[0].value == "Reenvíos repetidos"
        (row,) = app.table[0].value.to_dict("records")
        assert row["Agente"] == "ana"
        assert row["No. Serie"].startswith("[S0000000001](Bitacora?vista=")
        assert row["El anterior"].startswith("12/11/2026")


@pytest.mark.slow
def test_a_day_that_is_none_is_said_and_left(staffed: Desk, tmp_path: Path) -> None:
    with entered("Tablero.py", staffed, tmp_path, "gerente", RANGE) as app:
        app.text_input("board.first").input("ayer por la tarde").run()
        assert "no es un día" in app.error[0].value
        assert app.query_params["periodo"] == RANGE["periodo"]
        app.text_input("board.first").input("10/2026").run()
        assert not app.error
        assert app.query_params["periodo"] == "2026-10-01..2026-11-21"


@pytest.mark.slow
def test_each_choice_goes_into_the_address(staffed: Desk, tmp_path: Path) -> None:
    with entered("Tablero.py", staffed, tmp_path, "gerente") as app:
        app.button_group("board.period").set_value("mes").run()
        assert app.query_params["periodo"] == "mes"
        assert len(app.text_input) == 0


def test_who_comes_back_finds_the_period_they_left(staffed: Desk, tmp_path: Path) -> None:
    """Back from a pressed bar's rows brings an address without one."""
    with entered("Tablero.py", staffed, tmp_path, "gerente", RANGE) as app:
        del app.query_params["periodo"]
        app.run()
        assert "16/11/2026 a 21/11/2026" in said(app)


def test_an_address_that_asks_for_nothing_known_is_the_tablero(
    staffed: Desk, tmp_path: Path
) -> None:
    with entered("Tablero.py", staffed, tmp_path, "gerente", RANGE | {"ver": "nada"}) as app:
        assert app.title[0].value == "Tablero"


def test_words_of_change_and_of_time() -> None:
    changes = [board_words.change(Count(*each)) for each in ((3, 2), (1, 2), (2, 2), (2, 0))]
    assert changes == ["+50 %", "-50 %", "0 %", ""]
    times = (None, 0.4, 4, 200, 7500, 180_000)
    assert [board_words.duration(each) for each in times] == [
        "—",
        "0.4 s",
        "4 s",
        "3 min 20 s",
        "2 h 5 min",
        "2 d 2 h",
    ]


@pytest.mark.slow
def test_the_period_can_be_taken_away(staffed: Desk, tmp_path: Path) -> None:
    with entered("Tablero.py", staffed, tmp_path, "gerente", RANGE) as app:
        app.session_state["board.download.open"] = True
        app.run()
        assert not app.exception
        assert [b.label for b in app.button if "download" in str(b.key)] == [
            "PDF (.pdf)", "Excel (.xlsx)", "Enviármelo por correo",
        ]  # fmt: skip
        assert "16/11/2026 a 21/11/2026" in said(app)
        app.button("board.download.pdf").click().run()
        assert not app.exception
        assert "La descarga empezó" in app.success[0].value
        app.button("board.download.mail").click().run()
        assert "Tu usuario no tiene correo" in app.error[0].value
