"""Templates: edited with every version kept, tried on oneself, never broken."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lib.mail import samples
from lib.mail.originals import original
from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailKind, MailState
from lib.model.template import Draft, Language, Part, Wrong
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.outgoing import templates
from lib.services.outgoing.delivery import Worker
from tests.mail.letters import body
from tests.mail.server import Behaviour
from tests.services.conftest import settled
from tests.services.log_rows import logged

RESEND, ES = MailKind.RESEND, Language.ES
OWN = original(RESEND, ES)
FRIENDLY = replace(OWN, text=OWN.text.replace("Estimado", "Hola"))
ACTS = (Action.TEMPLATE_SAVED, Action.TEMPLATE_RESTORED, Action.TEMPLATE_TESTED)


def save(desk: Desk, actor: Actor, draft: Draft = FRIENDLY, seen: int = 0) -> int:
    return templates.save(desk, actor, RESEND, ES, draft, seen).version


def refusal(act: Callable[..., Any], *args: Any) -> AppError:
    with pytest.raises(AppError) as refused:
        act(*args)
    return refused.value


# ---- versions ------------------------------------------------------------------------------


def test_until_somebody_saves_one_the_program_s_own_is_in_force(desk: Desk, admin: Actor) -> None:
    own = templates.in_force(desk, admin, RESEND, ES)
    assert (own.version, own.draft, own.ref) == (0, OWN, "resend/es@0")
    assert templates.history(desk, admin, RESEND, ES) == [own]


def test_a_saved_one_is_in_force_and_logged(desk: Desk, admin: Actor) -> None:
    assert save(desk, admin) == 1
    now = templates.in_force(desk, admin, RESEND, ES)
    assert (now.draft, now.saved_by, now.restored) == (FRIENDLY, "admin", None)
    [row] = logged(desk, *ACTS)
    assert (row["action"], row["actor"], row["subject"]) == (
        "template_saved",
        "admin",
        "resend/es@1",
    )
    assert row["detail"] == {
        "old": {"template": "resend/es@0"},
        "new": {"template": "resend/es@1"},
        "parts": "text",
    }
    assert row["versions"] == "resend/es 1"
    assert templates.in_force(desk, admin, RESEND, Language.EN).version == 0


def test_each_version_stays(desk: Desk, admin: Actor) -> None:
    save(desk, admin)
    save(desk, admin, replace(FRIENDLY, subject="Tu CDA"), 1)
    kept = templates.history(desk, admin, RESEND, ES)
    assert [v.version for v in kept] == [2, 1, 0]
    assert [v.draft.subject for v in kept] == ["Tu CDA", "{{ asunto }}", "{{ asunto }}"]


@pytest.mark.parametrize("number", [0, 1])
def test_an_older_one_comes_back_as_a_new_one(desk: Desk, admin: Actor, number: int) -> None:
    save(desk, admin)
    save(desk, admin, replace(FRIENDLY, subject="Tu CDA"), 1)
    back = templates.restore(desk, admin, RESEND, ES, number, 2)
    assert (back.version, back.restored) == (3, number)
    assert back.draft == (OWN, FRIENDLY)[number]
    row = logged(desk, Action.TEMPLATE_RESTORED)[0]
    assert row["detail"]["restored"] == f"resend/es@{number}"
    assert row["detail"]["old"] == {"template": "resend/es@2", "subject": "Tu CDA"}
    assert row["detail"]["new"] == {"template": "resend/es@3", "subject": "{{ asunto }}"}
    assert row["versions"] == "resend/es 3"


def test_the_second_of_two_is_told(desk: Desk, admin: Actor) -> None:
    save(desk, admin)
    other = replace(OWN, subject="Otro")
    assert refusal(save, desk, admin, other, 0).reason is Reason.TEMPLATE_CHANGED_MEANWHILE
    late = refusal(templates.restore, desk, admin, RESEND, ES, 0, 0)
    assert late.reason is Reason.TEMPLATE_CHANGED_MEANWHILE
    assert templates.in_force(desk, admin, RESEND, ES).version == 1
    assert len(logged(desk, *ACTS)) == 1


def test_nothing_changed_is_said(desk: Desk, admin: Actor) -> None:
    typed = Draft(f" {OWN.subject}\n", OWN.text.replace("\n", "\r\n") + "\n", OWN.html + "  ")
    assert refusal(save, desk, admin, typed).reason is Reason.NOTHING_CHANGED
    assert logged(desk, *ACTS) == []


def test_a_line_break_in_a_subject_is_a_space(desk: Desk, admin: Actor) -> None:
    save(desk, admin, replace(OWN, subject="Tu\r\nBcc: x@example.net\u2028CDA"))
    kept = templates.in_force(desk, admin, RESEND, ES).draft.subject
    assert kept == "Tu Bcc: x@example.net CDA"


# ---- what is refused -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "part", "wrong", "line"),
    [
        ({"text": OWN.text.replace("{{ cda }}", "{{ clave }}")}, Part.TEXT, Wrong.UNKNOWN_NAME, 9),
        ({"text": OWN.text.replace("{{ cda }}", "")}, Part.TEXT, Wrong.MISSING, 0),
        ({"html": OWN.html.replace("{{ serie }}", "")}, Part.HTML, Wrong.MISSING, 0),
        ({"html": OWN.html.replace("<h1", "<script>x</script>\n<h1")}, Part.HTML, Wrong.TAG, 12),
        ({"subject": "{{ nombre"}, Part.SUBJECT, Wrong.SYNTAX, 1),
    ],
)
def test_a_broken_one_is_never_saved(
    desk: Desk, admin: Actor, changes: dict[str, str], part: Part, wrong: Wrong, line: int
) -> None:
    broken = replace(OWN, **changes)
    refused = refusal(save, desk, admin, broken)
    assert refused.reason is Reason.BAD_TEMPLATE
    first = refused.facts["faults"][0]  # type: ignore[index]
    assert (first.part, first.wrong, first.line) == (part, wrong, line)
    assert refusal(templates.preview, desk, admin, RESEND, ES, broken).reason is refused.reason
    tried = refusal(templates.send_test, desk, admin, RESEND, ES, broken, "k")
    assert tried.reason is Reason.BAD_TEMPLATE
    assert templates.in_force(desk, admin, RESEND, ES).version == 0
    assert logged(desk, *ACTS) == []


def test_only_administrators_edit(desk: Desk, agent: Actor, manager: Actor) -> None:
    for actor in (agent, manager):
        for act in (
            lambda a: templates.in_force(desk, a, RESEND, ES),
            lambda a: templates.history(desk, a, RESEND, ES),
            lambda a: templates.preview(desk, a, RESEND, ES, OWN),
            lambda a: save(desk, a),
            lambda a: templates.restore(desk, a, RESEND, ES, 0, 0),
            lambda a: templates.send_test(desk, a, RESEND, ES, OWN, "k"),
        ):
            assert refusal(act, actor).reason is Reason.FORBIDDEN
    assert logged(desk, *ACTS) == []


@pytest.mark.parametrize(
    ("kind", "language"),
    [(MailKind.TEMPLATE_TEST, ES), (MailKind.APPROVAL_WAITING, Language.EN)],
)
def test_what_has_no_template_has_none(
    desk: Desk, admin: Actor, kind: MailKind, language: Language
) -> None:
    for refused in (
        refusal(templates.in_force, desk, admin, kind, language),
        refusal(templates.save, desk, admin, kind, language, OWN, 0),
        refusal(templates.version, desk.store, RESEND, ES, 7),
    ):
        assert refused.reason is Reason.UNKNOWN_TEMPLATE


# ---- trying it -----------------------------------------------------------------------------


def test_a_preview_is_about_nobody(desk: Desk, admin: Actor) -> None:
    said = templates.preview(desk, admin, RESEND, ES, FRIENDLY)
    assert said.subject == "Aviso de aspel.com - Reenvío de CDA"
    assert f"Hola {samples.NAME}," in said.text
    assert samples.CODE in said.text
    assert samples.CODE in said.html


@pytest.fixture
def known_admin(mail_desk: Desk, admin: Actor, cheap_passwords: None) -> Actor:
    email = "adela@example.com"
    access.add_staff(mail_desk, SYSTEM, "admin", "Adela Admin", email, admin.role, "frase probada")
    return admin


def test_a_test_goes_to_oneself_with_a_made_up_code(
    mail_desk: Desk,
    known_admin: Actor,
    smtp: tuple[Behaviour, int],
    work: Callable[..., Worker],
) -> None:
    work(mail_desk)
    asked = templates.send_test(mail_desk, known_admin, RESEND, ES, FRIENDLY, "k1")
    assert settled(mail_desk, asked.id).state is MailState.ACCEPTED
    [mail] = smtp[0].mails
    assert mail["To"].addresses[0].addr_spec == "adela@example.com"
    assert mail["Subject"] == "[Prueba] Aviso de aspel.com - Reenvío de CDA"
    assert f"Hola {samples.NAME}," in body(mail, "plain")
    assert samples.CODE in body(mail, "html")
    [row] = logged(mail_desk, Action.TEMPLATE_TESTED)
    assert (row["actor"], row["subject"]) == ("admin", asked.id)
    assert row["detail"] == {"template": "resend/es@0", "recipient": "adela@example.com"}
    assert row["versions"] == "resend/es 0+"  # the draft had not been saved
    made_from = mail_desk.store.one("SELECT template FROM ops.outbox WHERE id = ?", [asked.id])
    assert made_from == ("resend/es@0+",)  # the draft had not been saved


def test_a_second_press_sends_no_second_test(mail_desk: Desk, known_admin: Actor) -> None:
    first = templates.send_test(mail_desk, known_admin, RESEND, ES, OWN, "k1")
    assert templates.send_test(mail_desk, known_admin, RESEND, ES, OWN, "k1") == first
    assert len(logged(mail_desk, Action.TEMPLATE_TESTED)) == 1
    for key in ("", "x" * 65):
        refused = refusal(templates.send_test, mail_desk, known_admin, RESEND, ES, OWN, key)
        assert refused.reason is Reason.STALE_DIALOG


def test_who_has_no_address_is_told(desk: Desk, admin: Actor) -> None:
    refused = refusal(templates.send_test, desk, admin, RESEND, ES, OWN, "k1")
    assert refused.reason is Reason.NO_OWN_ADDRESS
    assert logged(desk, *ACTS) == []
