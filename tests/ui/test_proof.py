"""The log's proof on screen: the button in Bitácora, and what Inicio says until it is clean."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.proof import Finding, Problem
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.log import alerts, archiving, proof
from lib.ui.log import proof_words
from tests import segmented
from tests.services.log_rows import logged
from tests.tampering import proved_log
from tests.ui.one_page import PASSWORD, entered


@pytest.fixture
def proved(desk: Desk, cheap_passwords: None) -> Desk:
    """With a manager, and an agent."""
    for name, role in (("gerente", Role.MANAGER), ("agente", Role.AGENT)):
        access.add_staff(desk, SYSTEM, name, name.title(), "", role, PASSWORD)
    proved_log(desk, 3)
    return desk


def alter(desk: Desk) -> None:
    desk.store.rows("UPDATE ops.audit SET ticket = 'x' || ticket WHERE seq = 4")


def captions(app: AppTest) -> str:
    return " ".join(each.value for each in app.caption)


def errors(app: AppTest) -> str:
    return " ".join(each.value for each in app.error)


@pytest.mark.slow
def test_the_button_verifies_and_says_what_it_found(proved: Desk, tmp_path: Path) -> None:
    with entered("Bitacora.py", proved, tmp_path, "gerente") as app:
        assert "se comprueba cada noche" in captions(app)
        (button,) = [each for each in app.button if each.label == "Comprobar ahora"]
        button.click().run()
        assert "La bitácora está completa: " in captions(app)
        assert errors(app) == ""
        (row,) = logged(proved, Action.LOG_VERIFIED)
        assert (row["actor"], row["role"]) == ("gerente", "gerente")
        alter(proved)
        (button,) = [each for each in app.button if each.label == "Comprobar ahora"]
        button.click().run()
        assert "el renglón 4 fue alterado" in errors(app)
        assert not app.exception


def test_a_second_button_waits_and_the_last_verdict_stands(proved: Desk, tmp_path: Path) -> None:
    """The refusal above the rows: below them it lies under the window's edge."""
    with entered("Bitacora.py", proved, tmp_path, "gerente") as app:
        (button,) = [each for each in app.button if each.label == "Comprobar ahora"]
        with proved.verifying:
            button.click().run()
        assert "se comprueba cada noche" in captions(app)
        order = [each.type for each in app.main]
        assert "ya se está comprobando" in errors(app)
        assert order.index("error") < order.index("button"), order


@pytest.mark.slow
@pytest.mark.parametrize(("username", "told"), [("gerente", True), ("agente", False)])
def test_a_finding_stands_on_a_manager_s_home(
    proved: Desk, tmp_path: Path, username: str, told: bool
) -> None:
    alter(proved)
    proof.verify(proved, SYSTEM, lambda _: None)
    with entered("../Home.py", proved, tmp_path, username) as app:
        assert ("el renglón 4 fue alterado" in errors(app)) is told
        proved.store.rows("UPDATE ops.audit SET ticket = ticket[2:] WHERE seq = 4")
        proof.verify(proved, SYSTEM, lambda _: None)
        app.run()
        assert errors(app) == ""


@pytest.mark.parametrize("problem", Problem)
def test_each_problem_has_its_words(problem: Problem) -> None:
    said = proof_words.finding(Finding(12, problem))
    assert "12" in said
    assert " de el " not in said
    assert said[0].islower()
    assert problem in proof_words.PROBLEM_NAMES


def test_a_row_that_is_only_bounded() -> None:
    said = proof_words.finding(Finding(1_001, Problem.ALTERED, 2_000))
    assert said == "un renglón entre el 1,001 y el 2,000 fue alterado"


@pytest.mark.parametrize(("count", "rest"), [(1, ""), (2, "; y en 1 tramo más")])
def test_how_many_more(count: int, rest: str) -> None:
    found = [Finding(12, Problem.ALTERED)] * count
    assert proof_words.findings(found, 1) == f"el renglón 12 fue alterado{rest}"


@pytest.mark.slow
def test_a_finding_that_somebody_took_stands_as_a_calm_line(
    proved: Desk, tmp_path: Path, manager: Actor
) -> None:
    """It lies behind, in a closed segment; what comes after is red again."""
    alter(proved)
    proof.verify(proved, SYSTEM, lambda _: None)
    alerts.attend(proved, 0)
    (alert,) = alerts.standing(proved, manager)
    alerts.take(proved, manager, alert.id)
    with entered("../Home.py", proved, tmp_path, "gerente") as app:
        assert errors(app) == ""
        assert "1 problema en tramos cerrados, que ya alguien atendió" in captions(app)
        assert "el renglón 4 fue alterado" in captions(app)
        newest = proved.store.rows("SELECT max(seq) FROM ops.audit")[0][0]
        proved.store.rows("UPDATE ops.audit SET actor = 'otra' WHERE seq = ?", [newest])
        proof.verify(proved, SYSTEM, lambda _: None)
        app.run()
        assert f"el renglón 4 fue alterado; el renglón {newest} fue alterado" in errors(app)


@pytest.mark.slow
def test_bitacora_lists_the_segments(proved: Desk, tmp_path: Path) -> None:
    segmented.begin(proved)
    assert archiving.archive(proved, SYSTEM) == 1
    with entered("Bitacora.py", proved, tmp_path, "gerente") as app:
        assert not app.table
        app.session_state["segments.open"] = True
        app.run()
        (table,) = app.table
        assert list(table.value["Estado"]) == ["En uso", "Archivado"]
        assert not app.exception
