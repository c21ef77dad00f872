"""Bitácora's grid in words: people by their names, versions by what they are of, rows by number."""

from dataclasses import replace

import pytest

from lib.model import versions
from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM, Actor
from lib.model.outbox import OWN_WORDS, MailKind
from lib.model.policy import PLAIN
from lib.model.roles import Role
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.log import entries
from lib.services.records import browsing
from lib.services.resends import policies, resending
from lib.store.grid.engine import Window
from lib.store.grid.sources import AUDIT, SUBSCRIPTIONS
from lib.ui.grid import payload
from lib.ui.log import log_entry, log_names, version_words

PASSWORD = "una frase larga y propia"


@pytest.fixture
def desk(desk: Desk, agent: Actor, admin: Actor, cheap_passwords: None) -> Desk:
    """The agent's resend by the policy's first version, and an act of somebody who isn't staff."""
    access.add_staff(desk, SYSTEM, "agente", "Agustina Agente", "", Role.AGENT, PASSWORD)
    policies.change(desk, admin, replace(PLAIN, quota_per_hour=30))
    resending.resend(desk, agent, "S0000000001", "other", "", "k1")
    outside = Actor("cli:ana", "ana", Role.ADMIN)
    desk.store.write(lambda t: t.log(outside, Entry(Action.PACK_LOADED)))
    return desk


def shown(desk: Desk, who: Actor, **filters: str) -> Window:
    source = log_names.labelled(AUDIT, desk, who)
    return browsing.browse(desk, source, View(filters=filters), actor=who)


def cells(desk: Desk, who: Actor, name: str, **filters: str) -> list[str]:
    source = log_names.labelled(AUDIT, desk, who)
    at, column = next((i, c) for i, c in enumerate(source.columns) if c.id == name)
    found = shown(desk, who, **filters).rows
    return [payload.shown(column, row.cells[at]) for row in found]  # type: ignore[union-attr]


def test_people_are_called_by_their_names(desk: Desk, manager: Actor) -> None:
    assert cells(desk, manager, "actor") == ["cli:ana", "Agustina Agente", "admin", "La mesa"]


@pytest.mark.parametrize("typed", ["agente", "=agente", "Agustina Agente", "agustina agente"])
def test_one_s_acts_are_found_by_name_and_by_username(
    desk: Desk, manager: Actor, typed: str
) -> None:
    assert cells(desk, manager, "serial", actor=typed) == ["S0000000001"]


def test_the_search_reads_what_is_on_screen(desk: Desk, manager: Actor) -> None:
    """A person's name and a reason's words, though the log has codes."""
    source = log_names.labelled(AUDIT, desk, manager)

    def found(typed: str) -> int:
        return browsing.count(desk, source, View(q=typed), actor=manager)

    assert (found("agustina"), found("agúst agente"), found("OTRO"), found("nadie")) == (
        1, 1, 1, 0,
    )  # fmt: skip


def test_who_is_no_staff_is_found_too(desk: Desk, manager: Actor) -> None:
    """A link to their acts, and the list in the filter's window."""
    assert cells(desk, manager, "actor", actor="=cli:ana") == ["cli:ana"]
    assert cells(desk, manager, "actor", actor="cli:ana|agente") == ["cli:ana", "Agustina Agente"]
    source = log_names.labelled(AUDIT, desk, manager)
    listed = browsing.facet(desk, source, View(), "actor", actor=manager)
    assert ("cli:ana", 1) in listed.values


def test_the_list_of_people_is_all_staff(desk: Desk, manager: Actor) -> None:
    assert shown(desk, manager).choices["actor"] == ("agente", "sistema")


def test_versions_read_and_are_filtered_by(desk: Desk, manager: Actor) -> None:
    said = "Política, versión 1"
    assert cells(desk, manager, "versions")[1:3] == [said, said]  # the resend and the change
    assert cells(desk, manager, "serial", versions=said) == ["S0000000001", ""]
    choices = shown(desk, manager).choices["versions"]
    assert {"policy 0", "policy 1", "resend/es 0", "resend/es 0+"} <= set(choices)


def test_rows_by_their_numbers(desk: Desk, manager: Actor) -> None:
    newest = shown(desk, manager).rows[0].id  # type: ignore[union-attr]
    assert cells(desk, manager, "seq", seq=f"1|{newest}") == [newest, "1"]


def test_other_lists_and_other_people_are_as_they_were(desk: Desk, agent: Actor) -> None:
    actor = log_names.labelled(AUDIT, desk, agent).column("actor")
    assert actor is not None
    assert actor.labels == {}
    assert log_names.labelled(SUBSCRIPTIONS, desk, agent).id == "subscriptions"


def test_an_entry_says_who_in_full(desk: Desk, manager: Actor) -> None:
    seq = int(shown(desk, manager, serial="S0000000001").rows[0].id)  # type: ignore[union-attr]
    said = log_entry.known(entries.entry(desk, manager, seq))
    assert said["Quién"] == "Agustina Agente (agente)"
    assert (said["Perfil"], said["Sesión"]) == ("Agente", "s-agente")
    assert said["Versiones"] == "Política, versión 1"


@pytest.mark.parametrize("kind", sorted(OWN_WORDS))
def test_what_the_desk_writes_in_its_own_words_has_a_name(kind: MailKind) -> None:
    said = version_words.said(versions.template(f"{kind.value}/es@0"))
    assert kind.value not in said
    assert said.endswith(", la original")


def test_a_template_that_is_no_more_is_named_as_it_was_logged() -> None:
    assert version_words.said("old_kind/fr 4") == "old_kind/fr, versión 4"
    assert version_words.said("") == ""


@pytest.mark.parametrize("descending", [False, True])
def test_the_log_is_sorted_and_grouped_by_name_whoever_is_in_it(
    desk: Desk, manager: Actor, descending: bool
) -> None:
    """Also by who isn't staff, and so isn't in the list."""
    source = log_names.labelled(AUDIT, desk, manager)
    view = View(sort=(("actor", descending),))
    assert len(browsing.browse(desk, source, view, actor=manager).rows) == 4
    groups = browsing.browse(desk, source, replace(view, group=("actor",)), actor=manager).rows
    assert {group.path for group in groups} == {("agente",), ("sistema",), ("admin",), ("cli:ana",)}
    assert sum(group.count for group in groups) == 4  # type: ignore[union-attr]
    for path in (("cli:ana",), ("agente",)):
        opened = replace(view, group=("actor",), expanded=(path,))
        assert len(browsing.browse(desk, source, opened, actor=manager).rows) == 5
