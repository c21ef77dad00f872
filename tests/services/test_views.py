"""Views by name: whose they are, who may change them, what the log keeps; one's own columns."""

import dataclasses
import threading
from typing import Any

import pytest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.model.saved_view import MOST_PINS, MOST_VIEWS, SavedView
from lib.model.view import Layout, View
from lib.services.desk import Desk
from lib.services.records import views
from lib.store.grid.sources import AUDIT, SUBSCRIPTIONS
from tests.services.log_rows import logged

LIST = SUBSCRIPTIONS.id
WRITES = (Action.VIEW_SAVED, Action.VIEW_CHANGED, Action.VIEW_DELETED)
OVERDUE = View(
    q="ordonez",
    filters={"next_payment_on": "vencidas"},
    sort=(("seats", True),),
    group=("product",),
    unfolded=True,
    layout=Layout(("serial", "product"), {"serial": 9.0}, 1, dense=True),
)


@pytest.fixture
def another(agent: Actor) -> Actor:
    return dataclasses.replace(agent, username="otra", name="Otra Agente")


def refused(act: Any, *args: Any, **named: Any) -> AppError:
    with pytest.raises(AppError) as error:
        act(*args, **named)
    return error.value


def names(desk: Desk, actor: Actor, name: str = LIST) -> list[str]:
    return [view.name for view in views.offered(desk, name, actor=actor)]


def test_a_view_is_kept_as_it_was_saved_and_logged(desk: Desk, agent: Actor) -> None:
    saved = views.save(desk, LIST, "  Vencidas   de SAE ", OVERDUE, actor=agent)
    assert views.offered(desk, LIST, actor=agent) == [saved]
    assert (saved.name, saved.owner, saved.shared, saved.version) == (
        "Vencidas de SAE",
        "agente",
        False,
        1,
    )
    assert saved.view == OVERDUE
    (row,) = logged(desk, *WRITES)
    assert (row["action"], row["actor"], row["subject"]) == ("view_saved", "agente", saved.id)
    assert row["detail"]["view_name"] == "Vencidas de SAE"
    assert row["detail"]["list"] == LIST
    assert "ordonez" in row["detail"]["view"]


def test_what_a_view_searches_for_can_be_erased_from_the_log(desk: Desk, agent: Actor) -> None:
    view = views.save(desk, LIST, "Zoe Ordóñez", OVERDUE, actor=agent)
    views.change(desk, view.id, 1, title="Ordóñez", actor=agent)
    views.delete(desk, view.id, 2, actor=agent)
    for row in logged(desk, *WRITES):
        said = {name: value for name, value in row.items() if name != "detail"}
        assert "rd" not in str(said["subject"]) + said["reason"] + said["ticket"]
        assert "ordonez" not in str(said).lower()
        assert "Ordóñez" not in str(said)


def test_where_somebody_was_in_it_is_no_part_of_a_view(desk: Desk, agent: Actor) -> None:
    there = dataclasses.replace(
        OVERDUE, offset=150, limit=25, seq=9, expanded=(("SAE",),), collapsed=(("COI",),)
    )
    assert views.save(desk, LIST, "Aquí", there, actor=agent).view == OVERDUE


@pytest.mark.parametrize("typed", ["", "   ", "x" * 61, "a\x00b"])
def test_a_name_is_one_to_sixty_characters(desk: Desk, agent: Actor, typed: str) -> None:
    error = refused(views.save, desk, LIST, typed, OVERDUE, actor=agent)
    assert error.reason is Reason.BAD_VIEW_NAME
    assert logged(desk, *WRITES) == []


def test_one_person_s_names_differ_in_a_list(desk: Desk, agent: Actor, another: Actor) -> None:
    views.save(desk, LIST, "Próximas", OVERDUE, actor=agent)
    error = refused(views.save, desk, LIST, "PROXIMAS", OVERDUE, actor=agent)
    assert (error.reason, error.facts["name"]) == (Reason.VIEW_NAME_TAKEN, "PROXIMAS")
    assert names(desk, agent) == ["Próximas"]
    views.save(desk, LIST, "Próximas", OVERDUE, actor=another)
    views.save(desk, "licences", "Próximas", View(), actor=agent)
    assert len(logged(desk, *WRITES)) == 3


def test_a_name_is_free_again_after_a_rename_and_after_a_delete(desk: Desk, agent: Actor) -> None:
    first = views.save(desk, LIST, "Una", OVERDUE, actor=agent)
    first = views.change(desk, first.id, 1, title="Otra", actor=agent)
    second = views.save(desk, LIST, "Una", OVERDUE, actor=agent)
    error = refused(views.change, desk, second.id, 1, title="otra", actor=agent)
    assert error.reason is Reason.VIEW_NAME_TAKEN
    views.delete(desk, first.id, first.version, actor=agent)
    assert views.change(desk, second.id, 1, title="otra", actor=agent).name == "otra"


def test_ten_at_once_save_one_name(desk: Desk, agent: Actor) -> None:
    outcomes: list[object] = []

    def save() -> None:
        try:
            outcomes.append(views.save(desk, LIST, "Una", OVERDUE, actor=agent))
        except AppError as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=save) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(one, SavedView) for one in outcomes) == 1
    assert outcomes.count(Reason.VIEW_NAME_TAKEN) == 9


def test_one_s_own_are_nobody_else_s(
    desk: Desk, agent: Actor, another: Actor, manager: Actor
) -> None:
    mine = views.save(desk, LIST, "Mía", OVERDUE, actor=agent)
    for other in (another, manager):
        assert names(desk, other) == []
        error = refused(views.change, desk, mine.id, 1, title="Suya", actor=other)
        assert error.reason is Reason.UNKNOWN_VIEW
        assert refused(views.pin, desk, mine.id, on=True, actor=other).reason is Reason.UNKNOWN_VIEW


def test_only_managers_share(desk: Desk, agent: Actor, manager: Actor) -> None:
    error = refused(views.save, desk, LIST, "Todos", OVERDUE, shared=True, actor=agent)
    assert error.reason is Reason.FORBIDDEN
    mine = views.save(desk, LIST, "Mía", OVERDUE, actor=agent)
    error = refused(views.change, desk, mine.id, 1, shared=True, actor=agent)
    assert error.reason is Reason.FORBIDDEN
    views.save(desk, LIST, "Equipo", OVERDUE, shared=True, actor=manager)
    assert names(desk, agent) == ["Equipo", "Mía"]


def test_everybody_s_are_changed_by_any_manager_and_by_no_agent(
    desk: Desk, agent: Actor, manager: Actor, admin: Actor
) -> None:
    shared = views.save(desk, LIST, "Equipo", OVERDUE, shared=True, actor=manager)
    for act, named in ((views.change, {"title": "Mía"}), (views.delete, {})):
        error = refused(act, desk, shared.id, 1, **named, actor=agent)
        assert error.reason is Reason.FORBIDDEN
    changed = views.change(desk, shared.id, 1, title="Para todos", view=View(q="x"), actor=admin)
    assert views.offered(desk, LIST, actor=agent) == [changed]
    row = logged(desk, Action.VIEW_CHANGED)[0]
    assert row["actor"] == "admin"
    assert (row["detail"]["old"]["view_name"], row["detail"]["new"]["view_name"]) == (
        "Equipo",
        "Para todos",
    )
    assert row["detail"]["new"]["view"] == '{"q": "x"}'
    assert "shared" not in row["detail"]["new"]


def test_one_that_is_no_longer_shared_is_its_owner_s_again(
    desk: Desk, agent: Actor, manager: Actor, admin: Actor
) -> None:
    shared = views.save(desk, LIST, "Equipo", OVERDUE, shared=True, actor=manager)
    views.pin(desk, shared.id, on=True, actor=agent)
    views.change(desk, shared.id, 1, shared=False, actor=admin)
    assert names(desk, agent) == []
    assert views.pinned(desk, actor=agent) == []
    assert names(desk, manager) == ["Equipo"]
    assert logged(desk, Action.VIEW_CHANGED)[0]["detail"]["new"] == {"shared": "no"}


def test_the_second_of_two_who_change_one_is_told(desk: Desk, manager: Actor, admin: Actor) -> None:
    shared = views.save(desk, LIST, "Equipo", OVERDUE, shared=True, actor=manager)
    views.change(desk, shared.id, 1, title="Uno", actor=manager)
    for act, named in ((views.change, {"title": "Dos"}), (views.delete, {})):
        error = refused(act, desk, shared.id, 1, **named, actor=admin)
        assert error.reason is Reason.VIEW_CHANGED_MEANWHILE
    assert names(desk, admin) == ["Uno"]
    assert len(logged(desk, *WRITES)) == 2


def test_saving_nothing_new_writes_nothing(desk: Desk, agent: Actor) -> None:
    mine = views.save(desk, LIST, "Mía", OVERDUE, actor=agent)
    error = refused(views.change, desk, mine.id, 1, title="Mía", view=OVERDUE, actor=agent)
    assert error.reason is Reason.NOTHING_CHANGED
    assert len(logged(desk, *WRITES)) == 1


def test_a_deleted_view_is_gone_for_everybody(desk: Desk, agent: Actor, manager: Actor) -> None:
    shared = views.save(desk, LIST, "Equipo", OVERDUE, shared=True, actor=manager)
    views.pin(desk, shared.id, on=True, actor=agent)
    views.delete(desk, shared.id, 1, actor=manager)
    assert names(desk, agent) == names(desk, manager) == []
    assert views.pinned(desk, actor=agent) == []
    error = refused(views.delete, desk, shared.id, 2, actor=manager)
    assert error.reason is Reason.UNKNOWN_VIEW
    (row,) = logged(desk, Action.VIEW_DELETED)
    assert (row["subject"], row["detail"]["view_name"]) == (shared.id, "Equipo")


def test_the_log_s_views_are_for_those_who_read_it(
    desk: Desk, agent: Actor, manager: Actor
) -> None:
    view = views.save(desk, AUDIT.id, "Hoy", View(), shared=True, actor=manager)
    views.pin(desk, view.id, on=True, actor=manager)
    assert [v.name for v in views.pinned(desk, actor=manager)] == ["Hoy"]
    assert refused(views.offered, desk, AUDIT.id, actor=agent).reason is Reason.FORBIDDEN
    error = refused(views.pin, desk, view.id, on=True, actor=agent)
    assert error.reason is Reason.FORBIDDEN
    demoted = dataclasses.replace(manager, role=Role.AGENT)
    assert views.pinned(desk, actor=demoted) == []


def test_a_list_that_isn_t_there_has_no_views(desk: Desk, admin: Actor) -> None:
    error = refused(views.save, desk, "staff; DROP TABLE ops.staff", "X", View(), actor=admin)
    assert error.reason is Reason.UNKNOWN_VIEW


@pytest.mark.slow
def test_there_is_an_end_to_one_person_s_views(desk: Desk, agent: Actor) -> None:
    saved = [views.save(desk, LIST, f"V{i}", View(), actor=agent) for i in range(MOST_VIEWS)]
    error = refused(views.save, desk, LIST, "Una más", View(), actor=agent)
    assert error.reason is Reason.TOO_MANY_VIEWS
    for view in saved[:MOST_PINS]:
        views.pin(desk, view.id, on=True, actor=agent)
    error = refused(views.pin, desk, saved[-1].id, on=True, actor=agent)
    assert error.reason is Reason.TOO_MANY_PINS
    views.pin(desk, saved[0].id, on=True, actor=agent)  # it is there already
    views.pin(desk, saved[0].id, on=False, actor=agent)
    views.pin(desk, saved[-1].id, on=True, actor=agent)
    pinned = [view.name for view in views.pinned(desk, actor=agent)]
    assert pinned == [*(f"V{i}" for i in range(1, MOST_PINS)), f"V{MOST_VIEWS - 1}"]


def test_pins_and_columns_are_one_s_own_and_leave_no_trace_in_the_log(
    desk: Desk, agent: Actor, another: Actor
) -> None:
    mine = views.save(desk, LIST, "Mía", OVERDUE, actor=agent)
    before = len(logged(desk))
    views.pin(desk, mine.id, on=True, actor=agent)
    views.keep_columns(desk, LIST, dataclasses.replace(OVERDUE, limit=25), actor=agent)
    assert len(logged(desk)) == before
    left = views.own_columns(desk, LIST, actor=agent)
    assert left == View(layout=OVERDUE.layout, limit=25)
    assert views.own_columns(desk, LIST, actor=another) == View()
    assert views.own_columns(desk, "licences", actor=agent) == View()
    views.keep_columns(desk, LIST, View(), actor=agent)
    assert views.own_columns(desk, LIST, actor=agent) == View()
