"""Reading the log: managers see an entry whole, agents don't."""

import pytest

from lib.model.account import Section
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.services.desk import Desk
from lib.services.log import entries
from lib.services.records import customers

TYPED = {"name": "Nombre Nuevo", "email": "nuevo@example.com", "phone": "4424614158"}


def test_a_manager_sees_who_changed_what_from_and_to(
    desk: Desk, agent: Actor, manager: Actor
) -> None:
    customers.correct(desk, agent, "00000001", Section.CONTACT, TYPED, 0)
    entry = entries.entry(desk, manager, 1)
    assert (entry.actor, entry.action) == ("agente", Action.CONTACT_CHANGED)
    assert entry.detail["old"]["email"] == "hector.villasenor@example.com"
    assert entry.detail["new"]["email"] == "nuevo@example.com"


def test_an_agent_does_not(desk: Desk, agent: Actor) -> None:
    with pytest.raises(AppError) as refused:
        entries.entry(desk, agent, 1)
    assert refused.value.reason is Reason.FORBIDDEN


@pytest.mark.parametrize("seq", [0, -1, 999])
def test_an_unknown_entry_is_said(desk: Desk, manager: Actor, seq: int) -> None:
    with pytest.raises(AppError) as refused:
        entries.entry(desk, manager, seq)
    assert refused.value.reason is Reason.UNKNOWN_ENTRY
