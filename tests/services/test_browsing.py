"""Who may see which list."""

import pytest

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.selection import Selection
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.records import browsing
from lib.store.grid.sources import ACCOUNTS, AUDIT, CERTIFICATES, SUBSCRIPTIONS
from lib.store.grid.tree import Record


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
        for asked in (
            lambda s=source: browsing.row(desk, s, "1", actor=agent),
            lambda s=source: browsing.count(desk, s, View(), actor=agent),
            lambda s=source: browsing.facet(desk, s, View(), "actor", actor=agent),
            lambda s=source: browsing.selected(desk, s, View(), Selection(("1",)), 9, actor=agent),
        ):
            with pytest.raises(AppError):
                asked()
        browsing.browse(desk, source, View(), actor=manager)


def test_how_many_a_view_selects(desk: Desk, agent: Actor) -> None:
    assert browsing.count(desk, SUBSCRIPTIONS, View(), actor=agent) == 4
    view = View(filters={"product": "SAE"})
    assert browsing.count(desk, SUBSCRIPTIONS, view, actor=agent) == 2


def test_a_filters_list_and_what_is_ticked(desk: Desk, agent: Actor) -> None:
    listed = browsing.facet(desk, SUBSCRIPTIONS, View(), "product", actor=agent)
    assert dict(listed.values) == {"SAE": 2, "COI": 1, "NOI": 1}
    ticked = Selection(ids=("S0000000002", "S9"), paths=(("SAE",),))
    view = View(group=("product",))
    found = browsing.selected(desk, SUBSCRIPTIONS, view, ticked, 2, actor=agent)
    assert [row["id"] for row in found.rows] == ["S0000000002", "S0000000001"]
    assert (found.total, found.gone) == (3, 1)


def test_an_agent_reads_their_own_log_and_an_accounts_history(desk: Desk, agent: Actor) -> None:
    browsing.browse(desk, AUDIT.narrowed("actor", agent.username), View(), actor=agent)
    browsing.browse(desk, AUDIT.narrowed("account_no", "00000001"), View(), actor=agent)


def test_a_list_shows_persons_data_masked_and_finds_it_by_the_whole(
    desk: Desk, agent: Actor, admin: Actor
) -> None:
    whole = "hector.villasenor@example.com"
    for person in (agent, admin):  # nobody needs the whole of many at once
        for view in (View(q=whole), View(filters={"email": f"={whole}"}), View(q="4424614158")):
            (row,) = browsing.browse(desk, ACCOUNTS, view, actor=person).rows
            assert isinstance(row, Record)
            shown = dict(zip((c.id for c in ACCOUNTS.columns), row.cells, strict=True))
            assert shown["email"] == "h***************r@example.com"
            assert shown["phone"] == "******4158"
            assert shown["name"] == "Héctor Villaseñor Muñoz"
    row_again = browsing.row(desk, ACCOUNTS, "00000001", actor=agent)
    assert row_again is not None
    assert row_again["email"] == "h***************r@example.com"


def test_no_group_and_no_filter_s_list_says_what_is_masked(desk: Desk, agent: Actor) -> None:
    for source, column in ((ACCOUNTS, "email"), (ACCOUNTS, "phone"), (CERTIFICATES, "rfc")):
        assert browsing.facet(desk, source, View(), column, actor=agent).values == ()
        grouped = browsing.browse(desk, source, View(group=(column,)), actor=agent)
        assert grouped.view.group == ()
