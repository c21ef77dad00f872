"""Who may see which list."""

import pytest

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.view import View
from lib.services import browsing
from lib.services.desk import Desk
from lib.store.grid.sources import AUDIT, SUBSCRIPTIONS


def test_everybody_finds_systems(desk: Desk, agent: Actor) -> None:
    assert browsing.browse(desk, SUBSCRIPTIONS, View(q="zoe"), actor=agent).records == 1
    found = browsing.row(desk, SUBSCRIPTIONS, "S0000000002", actor=agent)
    assert found is not None
    assert found["account_no"] == "00000002"
    assert browsing.row(desk, SUBSCRIPTIONS, "L0000000001", actor=agent) is None


def test_only_managers_read_the_whole_log(desk: Desk, agent: Actor, manager: Actor) -> None:
    for source in (AUDIT, AUDIT.narrowed("actor", "gerente"), AUDIT.narrowed("serial", "S1")):
        with pytest.raises(AppError) as refusal:
            browsing.browse(desk, source, View(), actor=agent)
        assert refusal.value.reason is Reason.FORBIDDEN
        with pytest.raises(AppError):
            browsing.row(desk, source, "1", actor=agent)
        browsing.browse(desk, source, View(), actor=manager)


def test_an_agent_reads_their_own_log_and_an_accounts_history(desk: Desk, agent: Actor) -> None:
    browsing.browse(desk, AUDIT.narrowed("actor", agent.username), View(), actor=agent)
    browsing.browse(desk, AUDIT.narrowed("account_no", "00000001"), View(), actor=agent)
