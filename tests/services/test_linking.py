"""Whose a certificate is: suggested, said by hand, taken back, and kept through imports."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.model.account import Section
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.imports import committing
from lib.services.records import customers, linking
from lib.services.records.linking import Why
from lib.store.grid import engine
from lib.store.grid.sources import CERTIFICATES
from lib.store.grid.tree import Record
from tests import desks
from tests.services.log_rows import logged
from tests.services.test_importing import preview

HECTOR, ZOE = "00000001", "00000002"
MANAGER = Actor("gerente", "Gerardo Gerente", Role.MANAGER, session="s-gerente")
PAPERS = (
    "F1;0001;SAE;9.0;1;01/01/2020;hector villasenor  MUÑOZ;;",
    "F2;0002;SAE;9.0;1;01/01/2020;Nadie Conocido;GODE561231GR8;99999999",
    f"F3;0003;COI;9.0;1;01/01/2020;Zoé Pérez Ordóñez;;{ZOE}",
)


@pytest.fixture(scope="module")
def papers_data(tmp_path_factory: pytest.TempPathFactory, small_data: Path) -> Path:
    def work(desk: Desk) -> None:
        committing.commit(desk, MANAGER, preview(desk, MANAGER, *PAPERS))

    return desks.template(tmp_path_factory.mktemp("papers"), small_data, work)


@pytest.fixture
def papers(shelf: desks.Shelf, papers_data: Path) -> Iterator[Desk]:
    """A desk that holds them."""
    with shelf.lent(papers_data) as store:
        yield desks.desk_over(store)


def refused(desk: Desk, actor: Actor, folio: str, account_no: str, seen: str) -> Reason:
    before = len(logged(desk))
    with pytest.raises(AppError) as refusal:
        linking.link(desk, folio, account_no, seen, actor=actor)
    assert len(logged(desk)) == before
    return refusal.value.reason


def held(desk: Desk, folio: str) -> str:
    [[account_no]] = desk.store.rows(
        "SELECT account_no FROM ops.certificate WHERE folio = ?", [folio]
    )
    return str(account_no)


def folios(desk: Desk, view: View) -> list[str]:
    rows = engine.window(desk.store, CERTIFICATES, view).rows
    return [row.id for row in rows if isinstance(row, Record)]


def typed_rfc(desk: Desk, actor: Actor, account_no: str, code: str) -> None:
    """An account with an RFC of its own: those of the small ref are everybody's."""
    account = customers.find(desk, actor, account_no)
    values = {f: getattr(account, f) for f in ("rfc", "legal_name", "tax_regime", "cfdi_use")}
    values |= {"postal_code": account.postal_code, "rfc": code, "tax_regime": "612"}
    customers.correct(desk, actor, account_no, Section.BILLING, values, account.version)


# ---- by hand -------------------------------------------------------------------------------


@pytest.mark.slow
def test_linking_by_hand_is_logged_with_what_was(papers: Desk, agent: Actor) -> None:
    linking.link(papers, "F2", HECTOR, "99999999", actor=agent)
    case = linking.look_at(papers, "F2", actor=agent)
    assert case.account is not None
    assert case.account.account_no == HECTOR
    assert case.by_hand is not None
    assert (case.by_hand.linked_by, case.by_hand.laid_over) == ("agente", "99999999")
    [row] = logged(papers, Action.CERTIFICATE_LINKED)
    said = (row["actor"], row["account_no"], row["serial"], row["subject"])
    assert said == ("agente", HECTOR, "0002", "F2")
    assert row["detail"] == {
        "old": {"account_no": "99999999"},
        "new": {"account_no": HECTOR},
    }


@pytest.mark.slow
def test_it_is_taken_back_and_linked_again(papers: Desk, agent: Actor) -> None:
    linking.link(papers, "F1", ZOE, "", actor=agent)
    linking.unlink(papers, "F1", ZOE, actor=agent)
    assert held(papers, "F1") == ""
    linking.link(papers, "F1", HECTOR, "", actor=agent)
    assert held(papers, "F1") == HECTOR
    acts = (Action.CERTIFICATE_LINKED, Action.CERTIFICATE_UNLINKED)
    assert [(r["action"], r["account_no"]) for r in logged(papers, *acts)] == [
        ("certificate_linked", ZOE),
        ("certificate_unlinked", ZOE),
        ("certificate_linked", HECTOR),
    ]


@pytest.mark.slow
def test_undoing_puts_it_back_under_a_number_that_nobody_has(papers: Desk, agent: Actor) -> None:
    linking.link(papers, "F2", HECTOR, "99999999", actor=agent)
    linking.link(papers, "F2", "99999999", HECTOR, actor=agent)
    case = linking.look_at(papers, "F2", actor=agent)
    assert (case.certificate.account_no, case.account) == ("99999999", None)


def test_of_two_at_once_the_second_is_told(papers: Desk, agent: Actor, manager: Actor) -> None:
    linking.link(papers, "F1", HECTOR, "", actor=agent)
    assert refused(papers, manager, "F1", ZOE, "") is Reason.LINK_CHANGED_MEANWHILE
    assert held(papers, "F1") == HECTOR


def test_what_can_t_be_linked_is_refused(papers: Desk, agent: Actor) -> None:
    assert refused(papers, agent, "F1", "12345678", "") is Reason.UNKNOWN_ACCOUNT
    assert refused(papers, agent, "F9", HECTOR, "") is Reason.UNKNOWN_FOLIO
    assert refused(papers, agent, "F3", ZOE, ZOE) is Reason.SAME_LINK
    with pytest.raises(AppError) as refusal:
        linking.unlink(papers, "F1", "", actor=agent)
    assert refusal.value.reason is Reason.SAME_LINK


def test_only_who_may_link_does(
    papers: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Actor, "may", lambda *_: False)
    for act in (
        lambda: linking.look_at(papers, "F1", actor=agent),
        lambda: linking.search(papers, "F1", "zoe", actor=agent),
        lambda: linking.link(papers, "F1", HECTOR, "", actor=agent),
        lambda: linking.unlink(papers, "F3", ZOE, actor=agent),
        lambda: linking.count(papers, agent),
        lambda: linking.following(papers, "F1", actor=agent),
    ):
        with pytest.raises(AppError) as refusal:
            act()
        assert refusal.value.reason is Reason.FORBIDDEN


# ---- what imports leave --------------------------------------------------------------------


def imported(desk: Desk, manager: Actor, *rows: str) -> tuple[int, int, int]:
    merge = committing.commit(desk, manager, preview(desk, manager, *rows))
    return merge.new, merge.changed, merge.unchanged


@pytest.mark.slow
def test_a_file_that_says_nothing_or_the_same_leaves_a_link(
    papers: Desk, agent: Actor, manager: Actor
) -> None:
    linking.link(papers, "F1", HECTOR, "", actor=agent)
    linking.link(papers, "F2", ZOE, "99999999", actor=agent)
    assert preview(papers, manager, *PAPERS).merge.unchanged == 3
    empty = PAPERS[1].replace("99999999", "").replace("Nadie", "Nadia")
    assert imported(papers, manager, PAPERS[0], empty) == (0, 1, 1)
    assert (held(papers, "F1"), held(papers, "F2")) == (HECTOR, ZOE)


@pytest.mark.slow
def test_a_file_that_names_another_account_is_a_change(
    papers: Desk, agent: Actor, manager: Actor
) -> None:
    linking.link(papers, "F1", HECTOR, "", actor=agent)
    assert imported(papers, manager, PAPERS[0] + ZOE) == (0, 1, 0)
    assert held(papers, "F1") == ZOE
    assert linking.look_at(papers, "F1", actor=agent).by_hand is None
    # What was by hand is over: an empty cell is the file's again.
    assert imported(papers, manager, PAPERS[0]) == (0, 1, 0)
    assert held(papers, "F1") == ""


def test_what_a_person_took_from_an_account_stays_so(
    papers: Desk, agent: Actor, manager: Actor
) -> None:
    linking.unlink(papers, "F3", ZOE, actor=agent)
    assert preview(papers, manager, PAPERS[2]).merge.unchanged == 1
    assert held(papers, "F3") == ""


# ---- what is suggested and found -----------------------------------------------------------


def test_the_holder_s_namesake_is_suggested(papers: Desk, agent: Actor) -> None:
    [only] = linking.look_at(papers, "F1", actor=agent).suggestions
    assert (only.account_no, only.why, only.other_rfc) == (HECTOR, (Why.NAME,), False)
    assert linking.look_at(papers, "F2", actor=agent).suggestions == ()
    assert linking.look_at(papers, "F3", actor=agent).suggestions == ()  # the one it has


@pytest.mark.slow
def test_an_rfc_says_more_than_a_name(papers: Desk, agent: Actor, manager: Actor) -> None:
    typed_rfc(papers, agent, ZOE, "GODE561231GR8")
    row = "F4;0004;SAE;9.0;1;;Héctor Villaseñor Muñoz;gode-561231-gr8;"
    committing.commit(papers, manager, preview(papers, manager, row))
    found = linking.look_at(papers, "F4", actor=agent).suggestions
    assert [(c.account_no, c.why) for c in found] == [(ZOE, (Why.RFC,)), (HECTOR, (Why.NAME,))]


@pytest.mark.slow
def test_a_namesake_with_another_rfc_is_told_apart(
    papers: Desk, agent: Actor, manager: Actor
) -> None:
    typed_rfc(papers, agent, ZOE, "GODE561231GR8")
    row = "F4;0004;SAE;9.0;1;;Zoé Pérez Ordóñez;CUPU800825569;"
    committing.commit(papers, manager, preview(papers, manager, row))
    [only] = linking.look_at(papers, "F4", actor=agent).suggestions
    assert (only.why, only.other_rfc) == ((Why.NAME,), True)


def test_a_corrected_name_is_suggested_too(papers: Desk, agent: Actor) -> None:
    account = customers.find(papers, agent, ZOE)
    typed = {"name": "Nadie CONOCIDO", "email": account.email, "phone": account.phone}
    customers.correct(papers, agent, ZOE, Section.CONTACT, typed, account.version)
    [only] = linking.look_at(papers, "F2", actor=agent).suggestions
    assert only.account_no == ZOE


def test_accounts_are_found_by_number_and_by_what_they_say(papers: Desk, agent: Actor) -> None:
    def found(typed: str) -> list[str]:
        return [c.account_no for c in linking.search(papers, "F1", typed, actor=agent)]

    assert found(f" {ZOE} ") == [ZOE]
    assert found("zoe perez") == [ZOE]
    assert found("no hay tal") == []


# ---- what waits ----------------------------------------------------------------------------


def test_the_worklist_goes_round(papers: Desk, agent: Actor) -> None:
    assert linking.count(papers, agent) == 2
    assert linking.following(papers, "", actor=agent) == "F1"
    assert linking.following(papers, "F1", actor=agent) == "F2"
    assert linking.following(papers, "F2", actor=agent) == "F1"
    linking.link(papers, "F1", HECTOR, "", actor=agent)
    assert linking.count(papers, agent) == 1
    assert linking.following(papers, "F2", actor=agent) == ""


def test_the_list_says_who_linked(papers: Desk, agent: Actor) -> None:
    linking.link(papers, "F1", HECTOR, "", actor=agent)

    def listed(value: str) -> list[str]:
        view = View(filters={"link": f"={value}"})
        return folios(papers, view)

    assert (listed("hand"), listed("none"), listed("file")) == (["F1"], ["F2"], ["F3"])


def test_a_search_finds_it_by_its_account_of_now(papers: Desk, agent: Actor) -> None:
    def found(q: str) -> list[str]:
        return folios(papers, View(q=q))

    assert found("99999999") == ["F2"]
    linking.link(papers, "F2", HECTOR, "99999999", actor=agent)
    assert found("99999999") == []
    assert found("villasenor") == ["F1", "F2"]
