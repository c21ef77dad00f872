"""The table of docs/permissions.md, cell by cell: each act as each role, and as somebody who was
another a moment ago."""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import ALLOWED, Permission, Role
from lib.services.desk import Desk
from lib.services.doors import access, confirming, people
from lib.store.database import Store, Transaction
from lib.store.people import staff
from tests import desks, role_acts
from tests.conftest import cheap_hashes
from tests.services.log_rows import logged

OFFERED = role_acts.offered()
PLACED = role_acts.placed()
DOCUMENT = Path(__file__).parents[2] / "docs" / "permissions.md"
PASSWORD = "una frase larga y única"
LOG = {"audit", "audit_detail"}
# By role, and two who were managers or administrators when a page read them.
DISABLED, LOWERED = "was disabled", "was lowered"


class LetInError(Exception):
    """The act asked for all that its row says, and got it."""


class Nothing:
    """An argument that no act gets to look at before it has asked."""


@pytest.fixture(scope="module")
def staffed(shelf: desks.Shelf, small_data: Path) -> Iterator[Desk]:
    with shelf.lent(small_data) as store, cheap_hashes():
        desk = desks.desk_over(store)
        for role in Role:
            access.add_staff(desk, SYSTEM, role.value, role.value, "", role, PASSWORD)
        for was in (DISABLED, LOWERED):
            access.add_staff(desk, SYSTEM, name(was), was, "", Role.ADMIN, PASSWORD)
        boss = Actor(Role.ADMIN.value, "", Role.ADMIN)
        people.set_active(desk, boss, found(desk, DISABLED), active=False)
        people.change_role(desk, boss, found(desk, LOWERED), Role.AGENT)
        yield desk


def name(was: str) -> str:
    return was.replace(" ", "-")


def found(desk: Desk, was: str) -> staff.Staff:
    person = staff.find(desk.store, name(was))
    assert person
    return person


# ---- all of them are placed ----------------------------------------------------------------------


def test_every_act_has_its_place() -> None:
    """A new one fails here until somebody says in tests/role_acts.py who may."""
    steps = {act for act, function in OFFERED.items() if role_acts.is_step(function)}
    assert set(OFFERED) - steps == set(PLACED) | set(role_acts.STEPS)
    assert set(PLACED).isdisjoint(role_acts.STEPS)


def test_every_permission_is_one_of_an_act() -> None:
    named = {permission for row in role_acts.ROWS for permission in row.needs}
    assert set(Permission) - named == {Permission.SHARE_VIEWS}  # a condition of keeping views


@pytest.mark.parametrize(
    "held", sorted({test for row in role_acts.ROWS for test in row.tests}), ids=str
)
def test_each_condition_has_its_test(held: str) -> None:
    file, _, test = held.partition("::")
    assert f"def {test}(" in (Path(__file__).parent / file).read_text("utf-8")


def test_the_document_says_what_the_table_does() -> None:
    """python -m tests.role_acts > docs/permissions.md"""
    assert DOCUMENT.read_text("utf-8") == role_acts.document()


def test_a_role_may_what_the_one_below_it_may() -> None:
    """What a lowered role is held against (lib/store/people/rights.py)."""
    assert ALLOWED[Role.AGENT] < ALLOWED[Role.MANAGER] < ALLOWED[Role.ADMIN]


# ---- cell by cell --------------------------------------------------------------------------------


@pytest.mark.parametrize("act", sorted(PLACED))
def test_who_may(staffed: Desk, act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = watch(monkeypatch)
    asked = asking(PLACED[act].needs, monkeypatch)
    wanted = {role.value: PLACED[act].may(role) for role in Role}
    wanted |= {DISABLED: False, LOWERED: False}
    for who, may in wanted.items():
        asked.clear()
        stored.clear()
        rows = len(logged(staffed))
        assert let_in(staffed, act, who) is may, who
        assert may or set().union(*stored) <= LOG, who  # nothing but that it was tried
        said = logged(staffed)[rows:]
        assert [row["outcome"] for row in said] == ["refused"] * len(said), who
        assert {row["actor"] for row in said} <= {name(who)}
        assert may or bool(said) == (act in TRIES_LOGGED), who


# Acts a try at which is worth a row in the log.
TRIES_LOGGED = {
    "log.alerts.close",
    "log.alerts.take",
    "records.revealing.reveal",
    "resends.answering.approve",
    "resends.answering.reject",
    "resends.bulk.cancel",
    "resends.bulk.start",
    "resends.resending.resend",
    "resends.resending.retry",
}


def let_in(desk: Desk, act: str, who: str) -> bool:
    role = Role(who) if who in set(Role) else Role.ADMIN
    actor = Actor(name(who), who, role, session="s")
    with pytest.raises((LetInError, AppError)) as caught:
        begin(OFFERED[act], desk, actor)
    if isinstance(caught.value, AppError):
        assert caught.value.reason is Reason.FORBIDDEN
    return isinstance(caught.value, LetInError)


def begin(act: Callable[..., Any], desk: Desk, actor: Actor) -> None:
    """Call it with nothing that it could use, however far it gets."""
    arguments: dict[str, Any] = {"desk": desk, "actor": actor}
    for said in inspect.signature(act).parameters.values():
        if said.name not in arguments and said.default is said.empty:
            arguments[said.name] = "x" if said.annotation is str else Nothing()
    begun = act(**arguments)
    if inspect.isgenerator(begun):
        next(begun)
    elif hasattr(begun, "__enter__"):
        with begun:
            pass


def asking(needs: tuple[Permission, ...], monkeypatch: pytest.MonkeyPatch) -> list[Permission]:
    """What an act has asked for, and got; it goes no further than `needs`."""
    asked: list[Permission] = []
    require = Desk.require

    def stop(desk: Desk, actor: Actor, permission: Permission) -> None:
        require(desk, actor, permission)
        asked.append(permission)
        assert permission in needs
        if set(asked) == set(needs):
            raise LetInError

    monkeypatch.setattr(Desk, "require", stop)
    return asked


def watch(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """Which tables each transaction stored anything in."""
    stored: list[set[str]] = []
    commit = Transaction.commit

    def noted(transaction: Transaction) -> None:
        commit(transaction)
        stored.append(set(transaction.written))

    monkeypatch.setattr(Transaction, "commit", noted)
    return stored


# What a session left open must not do (ASVS 5.0, 7.5.1).
ASK_FIRST = {
    "doors.codes.renew",
    "doors.emergency.mark",
    "doors.factors.add_own",
    "doors.factors.remove_own",
    "doors.factors.reset",
    "doors.invitations.invite",
    "doors.invitations.send_link",
    "doors.own_factor.begin",
    "doors.own_factor.enrol",
    "doors.own_factor.remove",
    "doors.passkeys.begin_own",
    "doors.passkeys.enrol_own",
    "doors.passkeys.remove",
    "doors.people.change_email",
    "doors.people.change_role",
    "doors.people.end_all_of",
    "doors.people.end_others",
    "doors.people.end_session",
    "doors.people.set_active",
    "doors.single_sign_on.unlink",
    "log.erasing.erase",
    "privacy.handing_over.of_account",
    "privacy.handing_over.of_staff",
    "privacy.leaving.erase_staff",
}


def test_who_is_there_is_asked_again_before_what_is_dangerous(
    staffed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*_: object) -> None:
        raise LetInError

    monkeypatch.setattr(confirming, "require", ask)
    of_people = [act for act in PLACED if act.startswith(("doors.", "privacy.", "log.erasing."))]
    assert {act for act in of_people if asks_first(staffed, act)} == ASK_FIRST


def asks_first(desk: Desk, act: str) -> bool:
    """Whatever else it ends in, with nothing to work with, it hasn't asked."""
    try:
        begin(OFFERED[act], desk, Actor(Role.ADMIN.value, "", Role.ADMIN, session="s"))
    except LetInError:
        return True
    except Exception:
        return False
    return False


def test_what_is_stored_is_seen(staffed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch over what a refusal writes sees what is written."""
    stored = watch(monkeypatch)
    write: Callable[[Store], None] = lambda s: s.write(  # noqa: E731
        lambda t: staff.seen(t, Role.AGENT.value, t.now)
    )
    write(staffed.store)
    assert stored == [{"staff"}]
