"""The demonstration's mails are read in a demonstration only."""

import dataclasses

import pytest

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.services.desk import Desk
from lib.services.outgoing import demo_mailbox

MAIL = b"From: avisos@example.com\r\nTo: ana@example.com\r\nSubject: Aviso\r\n\r\nHola\r\n"


def with_a_mail(desk: Desk, *, demo: bool) -> Desk:
    changed = dataclasses.replace(desk, settings=dataclasses.replace(desk.settings, demo=demo))
    changed.settings.mailbox.mkdir()
    (changed.settings.mailbox / "1.eml").write_bytes(MAIL)
    return changed


def test_everybody_reads_them_in_a_demonstration(desk: Desk, agent: Actor) -> None:
    found = demo_mailbox.newest(with_a_mail(desk, demo=True), agent)
    assert [mail.recipient for mail in found.mails] == ["ana@example.com"]


def test_nobody_does_elsewhere(desk: Desk, admin: Actor) -> None:
    with pytest.raises(AppError) as refused:
        demo_mailbox.newest(with_a_mail(desk, demo=False), admin)
    assert refused.value.reason is Reason.DEMO_ONLY
