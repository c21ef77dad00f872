"""What each kind of mail says when it leaves, in whose language, and from which version."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from lib.mail.originals import original
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.outbox import MailKind, MailState, Request
from lib.model.template import Draft, Language
from lib.services.desk import Desk
from lib.services.outgoing import languages, letters, templates
from lib.services.outgoing.delivery import Worker
from lib.services.resends import resending
from lib.store.mail import outbox
from tests.mail.letters import body
from tests.mail.server import Behaviour
from tests.services.conftest import mailing, settled
from tests.services.log_rows import logged

Served = tuple[Behaviour, int]
Work = Callable[..., Worker]
ACCOUNT = "00000001"
SERIAL = "S0000000001"


def queue(
    desk: Desk,
    kind: MailKind,
    payload: Mapping[str, Any],
    serials: tuple[str, ...] = (),
    name: str = "Héctor Villaseñor Muñoz",
) -> str:
    asked = Request(
        id=f"m-{kind.value}",
        key=f"k-{kind.value}",
        serial="",
        account_no=ACCOUNT,
        recipient="alguien@example.com",
        recipient_name=name,
        message_id=f"<{kind.value}@avisos.aspel.com.mx>",
        requested_by="agente",
        reason="",
        ticket="",
        kind=kind,
        serials=serials,
        payload=payload,
    )
    desk.store.write(lambda t: outbox.insert(t, asked))
    desk.mail_waiting.set()
    return asked.id


def made_from(desk: Desk, mail_id: str) -> str:
    row = desk.store.one("SELECT template FROM ops.outbox WHERE id = ?", [mail_id])
    assert row is not None
    return str(row[0])


def test_a_resend_notes_the_version_it_was_made_from(
    mail_desk: Desk, agent: Actor, admin: Actor, smtp: Served, work: Work
) -> None:
    own = original(MailKind.RESEND, Language.ES)
    work(mail_desk)
    first = resending.resend(mail_desk, agent, SERIAL, "other", "", "k1")
    settled(mail_desk, first.id)
    friendly = replace(own, text=own.text.replace("Estimado", "Hola"))
    templates.save(mail_desk, admin, MailKind.RESEND, Language.ES, friendly, 0)
    second = resending.resend(mail_desk, agent, "L0000000001", "other", "", "k2")
    settled(mail_desk, second.id)
    assert [made_from(mail_desk, d.id) for d in (first, second)] == ["resend/es@0", "resend/es@1"]
    rows = logged(mail_desk, Action.MAIL_ACCEPTED)
    assert [row["versions"] for row in rows] == ["resend/es 0", "resend/es 1"]
    texts = [body(mail, "plain") for mail in smtp[0].mails]
    assert [text.split()[5] for text in texts] == ["Estimado", "Hola"]


def test_an_account_is_written_in_its_language(
    mail_desk: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    languages.choose(mail_desk, agent, ACCOUNT, Language.EN)
    work(mail_desk)
    asked = resending.resend(mail_desk, agent, SERIAL, "other", "", "k1")
    settled(mail_desk, asked.id)
    [mail] = smtp[0].mails
    assert mail["Subject"] == "Notice from aspel.com - Your activation code (CDA)"
    assert "Dear Héctor Villaseñor Muñoz," in body(mail, "plain")
    assert "LIVE1-AAAAA-BBBBB-CCCCC" in body(mail, "html")
    assert made_from(mail_desk, asked.id) == "resend/en@0"


def test_the_subject_of_the_settings_is_the_default(
    desk: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    ours = mailing(desk, smtp[1], subject="Aviso nuestro {{ cda }}")
    work(ours)
    settled(ours, resending.resend(ours, agent, SERIAL, "other", "", "k1").id)
    assert smtp[0].mails[0]["Subject"] == "Aviso nuestro {{ cda }}"
    assert "<title>Aviso nuestro {{ cda }}</title>" in body(smtp[0].mails[0], "html")


def test_several_systems_each_with_its_newest_code(
    mail_desk: Desk, smtp: Served, work: Work
) -> None:
    work(mail_desk)
    sent = settled(mail_desk, queue(mail_desk, MailKind.RESEND_MANY, {}, (SERIAL, "L0000000001")))
    assert sent.state is MailState.ACCEPTED
    for kind in ("plain", "html"):
        text = body(smtp[0].mails[0], kind)
        assert text.index("L0000000001") < text.index("LIVE5") < text.index(SERIAL)
        assert text.index(SERIAL) < text.index("LIVE1-AAAAA-BBBBB-CCCCC")
        assert "DEAD1" not in text
    assert smtp[0].mails[0]["Subject"] == "Aviso de aspel.com - Reenvío de CDA"
    assert made_from(mail_desk, sent.id) == "resend_many/es@0"


def test_of_several_systems_none_goes_without_its_code(
    mail_desk: Desk, smtp: Served, work: Work
) -> None:
    work(mail_desk)
    serials = (SERIAL, "L0000000002")  # no CDA was ever issued for the second
    sent = settled(mail_desk, queue(mail_desk, MailKind.RESEND_MANY, {}, serials))
    assert (sent.state, sent.problem) == (MailState.FAILED, "no_code")
    assert smtp[0].mails == []


def test_the_old_address_is_told_with_a_reference(
    mail_desk: Desk, smtp: Served, work: Work
) -> None:
    payload = {
        "masked_old": "h****r@example.com",
        "masked_new": "x****x@example.net",
        "reference": "REF-77",
    }
    work(mail_desk)
    settled(mail_desk, queue(mail_desk, MailKind.ADDRESS_CHANGED, payload))
    [mail] = smtp[0].mails
    assert mail["Subject"] == "Aviso de aspel.com - Cambió el correo de tu cuenta"
    for kind in ("plain", "html"):
        for said in payload.values():
            assert said in body(mail, kind)
        assert "llama cuanto antes" in body(mail, kind)


def test_the_managers_are_told_in_spanish_whatever_the_account_s_language(
    mail_desk: Desk, agent: Actor, smtp: Served, work: Work
) -> None:
    languages.choose(mail_desk, agent, ACCOUNT, Language.EN)
    payload = {
        "serials": [SERIAL, "L0000000001"],
        "account_no": ACCOUNT,
        "asked_by_name": "Agustina <b>",
        "why": ["El correo cambió hace 3 horas.", "Hay 6 cuentas con el mismo correo."],
    }
    work(mail_desk)
    queued = queue(mail_desk, MailKind.APPROVAL_WAITING, payload, name="Gerardo Gerente")
    settled(mail_desk, queued)
    [mail] = smtp[0].mails
    assert mail["Subject"] == f"Mesa CDA - Un reenvío espera tu aprobación (cuenta {ACCOUNT})"
    text, html = body(mail, "plain"), body(mail, "html")
    assert "Hola, Gerardo Gerente:" in text
    assert "Lo pidió: Agustina <b>" in text
    assert "<bdi>Agustina &lt;b&gt;</bdi>" in html
    for said in [*payload["serials"], *payload["why"]]:
        assert said in text
        assert said in html
    assert "LIVE" not in text + html
    assert made_from(mail_desk, queued) == "approval_waiting/es@0"


def test_a_mail_keeps_its_version_while_it_is_in_hand(
    mail_desk: Desk, agent: Actor, admin: Actor
) -> None:
    """What was noted is what is written, though another is saved between the two."""
    resending.resend(mail_desk, agent, SERIAL, "other", "", "k1")

    def taken(transaction: outbox.Transaction) -> outbox.Claim:
        claim = outbox.claim(transaction, template=lambda c: letters.template_of(transaction, c))
        assert claim is not None
        return claim

    claim = mail_desk.store.write(taken)
    own = original(MailKind.RESEND, Language.ES)
    late = Draft("Tarde", own.text, own.html)
    templates.save(mail_desk, admin, MailKind.RESEND, Language.ES, late, 0)
    assert letters.written(mail_desk, claim).words.subject != "Tarde"
    assert claim.template == made_from(mail_desk, claim.id) == "resend/es@0"


@pytest.mark.parametrize("kind", [MailKind.ADDRESS_CHANGED, MailKind.RESEND_MANY])
def test_nobody_s_name_is_still_greeted(
    mail_desk: Desk, smtp: Served, work: Work, kind: MailKind
) -> None:
    payload = {"masked_old": "a*@x.mx", "masked_new": "b*@x.mx", "reference": "R"}
    work(mail_desk)
    serials = (SERIAL,) if kind is MailKind.RESEND_MANY else ()
    settled(mail_desk, queue(mail_desk, kind, payload, serials, name=" \u200b"))
    assert "Estimado cliente," in body(smtp[0].mails[0], "plain")
