"""Reading the log: managers see an entry whole, agents don't."""

from dataclasses import replace

import pytest

from lib.model.account import Section
from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.log import entries, people
from lib.services.records import customers
from lib.services.resends import resending

TYPED = {"name": "Nombre Nuevo", "email": "nuevo@example.com", "phone": "4424614158"}


def test_a_manager_sees_who_changed_what_from_and_to(
    desk: Desk, agent: Actor, manager: Actor
) -> None:
    customers.correct(desk, agent, "00000001", Section.CONTACT, TYPED, 0)
    entry = entries.entry(desk, manager, 1)
    assert (entry.actor, entry.action) == ("agente", Action.CONTACT_CHANGED)
    assert entry.detail["old"]["email"] == "hector.villasenor@example.com"
    assert entry.detail["new"]["email"] == "nuevo@example.com"


def test_people_are_named_by_their_full_names(
    desk: Desk, agent: Actor, manager: Actor, cheap_passwords: None
) -> None:
    """Also to agents, in an account's history; of two called alike the username tells."""
    for username, name in (("agente", "Agustina Agente"), ("otra", "Ana Dos"), ("ana", "Ana Dos")):
        access.add_staff(desk, SYSTEM, username, name, "", Role.AGENT, "una frase larga y propia")
    customers.correct(desk, agent, "00000001", Section.CONTACT, TYPED, 0)
    [entry] = entries.of_account(desk, agent, "00000001", 9)
    assert (entry.actor, entry.name) == ("agente", "Agustina Agente")
    assert dict(people.names(desk, agent)) == {
        "agente": "Agustina Agente",
        "ana": "Ana Dos (ana)",
        "otra": "Ana Dos (otra)",
    }


def test_a_manager_sees_from_where_and_by_which_version(
    desk: Desk, agent: Actor, manager: Actor
) -> None:
    there = replace(agent, address="203.0.113.7")
    resending.resend(desk, there, "S0000000001", "other", "", "k1")
    entry = entries.entry(desk, manager, 1)
    assert (entry.session, entry.address, entry.role) == ("s-agente", "203.0.113.7", "agente")
    assert entry.versions == "policy 0"
    [seen] = entries.of_account(desk, agent, "00000001", 1)
    assert (seen.session, seen.address, seen.versions, seen.detail) == ("", "", "", {})


def test_an_agent_does_not(desk: Desk, agent: Actor) -> None:
    with pytest.raises(AppError) as refused:
        entries.entry(desk, agent, 1)
    assert refused.value.reason is Reason.FORBIDDEN


@pytest.mark.parametrize("seq", [0, -1, 999])
def test_an_unknown_entry_is_said(desk: Desk, manager: Actor, seq: int) -> None:
    with pytest.raises(AppError) as refused:
        entries.entry(desk, manager, seq)
    assert refused.value.reason is Reason.UNKNOWN_ENTRY
