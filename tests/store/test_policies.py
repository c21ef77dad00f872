"""The policy's versions as they are stored, and what its rules count."""

import dataclasses
import datetime as dt

import pytest

from lib.model.errors import AppError, Reason
from lib.model.outbox import MailKind, Request
from lib.model.policy import PLAIN
from lib.store.database import Store
from lib.store.mail import outbox, policies

LONG_AGO, FAR_AHEAD = map(dt.datetime.fromisoformat, ("2000-01-01", "2999-01-01"))


def mail(mail_id: str, serials: tuple[str, ...], **values: object) -> Request:
    alone = len(serials) == 1
    plain = {
        "id": mail_id,
        "key": mail_id,
        "serial": serials[0] if alone else "",
        "account_no": "1",
        "recipient": "ana@example.com",
        "recipient_name": "Ana",
        "message_id": f"<{mail_id}@x>",
        "requested_by": "agente",
        "reason": "other",
        "ticket": "",
        "kind": MailKind.RESEND if alone else MailKind.RESEND_MANY,
        "serials": () if alone else serials,
    }
    return Request(**plain | values)  # type: ignore[arg-type]


def insert(store: Store, *mails: Request) -> None:
    for each in mails:
        store.write(lambda t, each=each: outbox.insert(t, each))


def test_the_newest_version_is_in_force_and_none_is_lost(store: Store) -> None:
    assert policies.in_force(store) == PLAIN
    assert policies.versions(store, 5) == []
    for version in (1, 2, 3):
        new = dataclasses.replace(PLAIN, quota_per_hour=version, version=version)
        store.write(lambda t, new=new: policies.add(t, new, "admin"))
    assert policies.in_force(store).quota_per_hour == 3
    assert [v.policy.version for v in policies.versions(store, 2)] == [3, 2]


def test_a_version_is_stored_once(store: Store) -> None:
    first = dataclasses.replace(PLAIN, version=1)
    store.write(lambda t: policies.add(t, first, "admin"))
    with pytest.raises(AppError) as refused:
        store.write(lambda t: policies.add(t, first, "other"))
    assert refused.value.reason is Reason.STORAGE_FAILED
    assert [v.changed_by for v in policies.versions(store, 5)] == ["admin"]


def test_each_cda_that_was_asked_for_counts(store: Store) -> None:
    assert policies.asked(store, "agente", LONG_AGO) == 0
    insert(
        store,
        mail("a", ("S1",)),
        mail("b", ("S2", "S3", "S4")),
        mail("c", ("S5",), requested_by="otra"),
        mail("d", ("S6",), kind=MailKind.ADDRESS_CHANGED),
        mail("e", ("S7",), held=True),
    )
    assert policies.asked(store, "agente", LONG_AGO) == 5
    assert policies.asked(store, "agente", FAR_AHEAD) == 0


def test_a_mail_of_before_there_were_kinds_counts(store: Store) -> None:
    insert(store, mail("a", ("S1",)))
    store.write(lambda t: t.run("UPDATE ops.outbox SET kind = NULL"))
    assert policies.asked(store, "agente", LONG_AGO) == 1


def test_the_accounts_that_share_an_address_are_counted(store: Store) -> None:
    insert(
        store,
        mail("a", ("S1",)),
        mail("b", ("S2",), account_no="2", recipient="ANA@example.com"),
        mail("c", ("S3",), account_no="2"),
        mail("d", ("S4", "S5"), account_no="3"),
        mail("e", ("S6",), account_no="4", recipient="otra@example.com"),
        mail("f", ("S7",), account_no="5"),
    )
    store.write(lambda t: t.run("UPDATE ops.outbox SET state = 'failed' WHERE id = 'f'"))
    ana = dict.fromkeys(["1", "2", "6"], "ana@example.com")
    counts = {"1": 2, "2": 2, "6": 3}
    assert policies.other_accounts(store, ana, LONG_AGO) == counts
    assert policies.other_accounts(store, ana | {"4": "otra@example.com"}, LONG_AGO) == counts
    assert policies.other_accounts(store, ana, FAR_AHEAD) == {}


def test_a_turn_is_taken_as_often_as_one_likes(store: Store) -> None:
    for _ in range(3):
        store.write(lambda t: policies.take_turn(t, "agente"))
    assert store.one("SELECT turns FROM ops.quota_turn WHERE username = 'agente'") == (3,)


def test_a_mail_taken_back_before_it_left_does_not_count(store: Store) -> None:
    insert(store, mail("a", ("S1",)), mail("b", ("S2", "S3")))
    assert store.write(lambda t: outbox.cancel(t, "b"))
    assert policies.asked(store, "agente", LONG_AGO) == 1


def test_no_serials_are_not_unlocked(store: Store) -> None:
    assert policies.unlocked_on(store, [], dt.date(2026, 1, 1)) == {}
