"""One certificate by hand: the import's own checks, its batch and its row in the log."""

from typing import Any

import pytest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.services.desk import Desk
from lib.services.imports import registering
from lib.services.imports.registering import FIELDS, FolioRegisteredError, Saved
from lib.services.loads import history, undoing
from lib.services.records import linking
from lib.store.records import certificates
from tests.services.log_rows import logged

TYPED = {
    "folio": "F0000101",
    "serial": "00123456789",
    "product": "Aspel SAE",
    "version": "9.0",
    "seats": "2",
    "purchased_on": "16/05/2018",
    "holder": "  Maquiladora   Peña; «Norte» ",
    "rfc": "",
    "account_no": "00000001",
}


def register(desk: Desk, actor: Actor, **changes: str) -> Saved:
    return registering.register(desk, actor, TYPED | changes)


def refused(desk: Desk, actor: Actor, **changes: str) -> dict[str, Any]:
    before = len(logged(desk))
    with pytest.raises(AppError) as refusal:
        register(desk, actor, **changes)
    assert len(logged(desk)) == before
    assert list((desk.settings.data / "incoming").glob("*")) == []
    return {"reason": refusal.value.reason, **refusal.value.facts}


@pytest.mark.slow
def test_it_goes_in_as_from_a_file_and_is_logged(desk: Desk, manager: Actor) -> None:
    saved = register(desk, manager)
    found = certificates.find(desk.store, "F0000101")
    assert found is not None
    assert (found.serial, found.product, found.seats) == ("00123456789", "SAE", 2)
    assert found.holder == "Maquiladora Peña; «Norte»"
    [row] = logged(desk, Action.CERTIFICATES_IMPORTED)
    assert (row["actor"], row["subject"]) == ("gerente", saved.batch_id)
    assert row["detail"]["file"] == "Registro a mano"
    assert row["detail"]["new"] == 1
    ((field, why),) = saved.warnings
    assert field == "holder"
    assert why.startswith("el titular no es el nombre de la cuenta: «Maquiladora Peña; «Norte»»")


@pytest.mark.slow
def test_a_serial_that_is_held_under_another_folio_is_told(desk: Desk, manager: Actor) -> None:
    register(desk, manager, account_no="")
    again = register(desk, manager, account_no="", folio="F0000102")
    why = "la misma serie está en otro folio: «00123456789», el F0000101"
    assert again.warnings == (("serial", why),)


@pytest.mark.slow
def test_nothing_odd_is_nothing_told(desk: Desk, manager: Actor) -> None:
    assert register(desk, manager, account_no="").warnings == ()


@pytest.mark.slow
def test_what_is_odd_goes_in_and_is_told(desk: Desk, manager: Actor) -> None:
    saved = register(desk, manager, account_no="99999999", rfc="GODE561231GR9")
    assert {field for field, _ in saved.warnings} == {"account_no", "rfc"}


def test_each_problem_is_beside_its_field(desk: Desk, manager: Actor) -> None:
    said = refused(
        desk,
        manager,
        folio="",
        serial="1.23E+11",
        product="XAE",
        seats="0",
        purchased_on="31/02/20",
    )
    assert said["reason"] is Reason.BAD_CERTIFICATE
    assert set(said["problems"]) == {"folio", "serial", "product", "seats", "purchased_on"}
    assert said["problems"]["folio"] == "falta Folio"
    assert "sistema desconocido" in said["problems"]["product"]


def test_nothing_at_all_is_refused(desk: Desk, manager: Actor) -> None:
    said = refused(desk, manager, **dict.fromkeys(FIELDS, ""))
    assert said["problems"] == {"folio": "falta Folio"}


@pytest.mark.slow
def test_a_folio_that_is_there_stays_as_it_is(desk: Desk, manager: Actor) -> None:
    register(desk, manager)
    said = refused(desk, manager)
    assert (said["reason"], said["same"]) == (Reason.FOLIO_REGISTERED, True)
    said = refused(desk, manager, holder="Otra")
    assert (said["folio"], said["same"]) == ("F0000101", False)
    found = certificates.find(desk.store, "F0000101")
    assert found is not None
    assert found.holder.startswith("Maquiladora")


@pytest.mark.slow
def test_the_history_stays_calm(desk: Desk, manager: Actor) -> None:
    before = history.loads_and_imports(desk, manager)
    saved = register(desk, manager)
    assert history.loads_and_imports(desk, manager) == before
    assert undoing.see(desk, manager, saved.batch_id).batch.source == "Registro a mano"


@pytest.mark.slow
def test_the_last_five_of_one_s_own(desk: Desk, manager: Actor, admin: Actor) -> None:
    for n in range(6):
        register(desk, manager, folio=f"F{n}", serial=f"S{n}X")
    register(desk, admin, folio="G1", serial="S9X")
    assert [r.folio for r in registering.last(desk, manager)] == ["F5", "F4", "F3", "F2", "F1"]
    assert [r.folio for r in registering.last(desk, admin)] == ["G1"]


def test_only_who_imports_registers(desk: Desk, agent: Actor) -> None:
    assert refused(desk, agent)["reason"] is Reason.FORBIDDEN
    with pytest.raises(AppError) as refusal:
        registering.last(desk, agent)
    assert refusal.value.reason is Reason.FORBIDDEN


def held(desk: Desk, actor: Actor, **changes: str) -> FolioRegisteredError:
    with pytest.raises(FolioRegisteredError) as refusal:
        register(desk, actor, **changes)
    return refusal.value


@pytest.mark.slow
def test_a_correction_is_made_knowingly_logged_and_undone(desk: Desk, manager: Actor) -> None:
    register(desk, manager)
    seen = held(desk, manager, holder="Otra", seats="3")
    assert (seen.held.holder, seen.typed.holder) == ("Maquiladora Peña; «Norte»", "Otra")
    changed = TYPED | {"holder": "Otra", "seats": "3"}
    saved = registering.register(desk, manager, changed, seen.held)
    assert saved.corrected
    assert certificates.find(desk.store, "F0000101") == seen.typed
    [row] = logged(desk, Action.CERTIFICATE_CORRECTED)
    assert (row["subject"], row["serial"]) == ("F0000101", "00123456789")
    assert row["detail"] == {
        "old": {"seats": 2, "holder": "Maquiladora Peña; «Norte»"},
        "new": {"seats": 3, "holder": "Otra"},
    }
    would = undoing.see(desk, manager, saved.batch_id).would
    assert would
    undoing.undo(desk, manager, saved.batch_id, "era el de antes", would)
    assert certificates.find(desk.store, "F0000101") == seen.held


@pytest.mark.slow
def test_what_changed_since_it_was_seen_is_shown_again(desk: Desk, manager: Actor) -> None:
    register(desk, manager)
    first = held(desk, manager, holder="Otra").held
    registering.register(desk, manager, TYPED | {"holder": "Una tercera"}, first)
    with pytest.raises(FolioRegisteredError) as refusal:
        registering.register(desk, manager, TYPED | {"holder": "Otra"}, first)
    assert refusal.value.held.holder == "Una tercera"
    assert len(logged(desk, Action.CERTIFICATE_CORRECTED)) == 1


@pytest.mark.slow
def test_a_link_by_hand_stays_where_nothing_was_typed(desk: Desk, manager: Actor) -> None:
    register(desk, manager, account_no="")
    linking.link(desk, "F0000101", "00000001", "", actor=manager)
    seen = held(desk, manager, account_no="", holder="Otra")
    assert seen.typed.account_no == "00000001"
    registering.register(desk, manager, TYPED | {"account_no": "", "holder": "Otra"}, seen.held)
    assert certificates.find(desk.store, "F0000101") == seen.typed
    [row] = logged(desk, Action.CERTIFICATE_CORRECTED)
    assert set(row["detail"]["new"]) == {"holder"}
