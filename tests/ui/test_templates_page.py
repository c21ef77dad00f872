"""Plantillas under AppTest: nothing typed is lost, nobody's version is overwritten unseen."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.mail.originals import original
from lib.model.actor import SYSTEM, Actor
from lib.model.outbox import MailKind
from lib.model.roles import Role
from lib.model.template import Language
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.outgoing import templates
from tests.ui.one_page import PASSWORD, entered

OWN = original(MailKind.RESEND, Language.ES)


@pytest.fixture
def app(desk: Desk, cheap_passwords: None, tmp_path: Path) -> Iterator[AppTest]:
    """The page, with an administrator in it; in place of Inicio, as AppTest knows one way in."""
    access.add_staff(desk, SYSTEM, "admin", "Adela Paz", "", Role.ADMIN, PASSWORD)
    with entered("Plantillas.py", desk, tmp_path, "admin") as app:
        yield app


def press(app: AppTest, name: str, which: int = 0) -> None:
    [b for b in app.button if b.label == name][which].click().run()
    assert not app.exception


def write(app: AppTest, subject: str) -> None:
    app.text_input[0].input(subject).run()


def in_force(desk: Desk) -> tuple[int, str]:
    now = templates.in_force(desk, SYSTEM, MailKind.RESEND, Language.ES)
    return now.version, now.draft.subject


@pytest.mark.slow
def test_what_was_typed_waits_while_another_is_looked_at(app: AppTest, desk: Desk) -> None:
    write(app, "Tu CDA")
    app.selectbox[0].select(MailKind.ADDRESS_CHANGED).run()
    assert app.text_input[0].value == original(MailKind.ADDRESS_CHANGED, Language.ES).subject
    app.selectbox[0].select(MailKind.RESEND).run()
    assert app.text_input[0].value == "Tu CDA"
    press(app, "Descartar cambios")
    assert app.text_input[0].value == OWN.subject
    assert in_force(desk) == (0, OWN.subject)


@pytest.mark.slow
def test_the_second_of_two_keeps_what_they_typed(app: AppTest, desk: Desk, admin: Actor) -> None:
    write(app, "Tu CDA")
    theirs = replace(OWN, subject="El de otra persona")
    templates.save(desk, admin, MailKind.RESEND, Language.ES, theirs, 0)
    press(app, "Guardar")
    assert "Otra persona guardó esta plantilla" in app.error[0].value
    assert app.text_input[0].value == "Tu CDA"
    assert in_force(desk) == (1, "El de otra persona")
    press(app, "Guardar")
    assert in_force(desk) == (2, "Tu CDA")


def test_who_typed_nothing_sees_the_newest(app: AppTest, desk: Desk, admin: Actor) -> None:
    theirs = replace(OWN, subject="El de otra persona")
    templates.save(desk, admin, MailKind.RESEND, Language.ES, theirs, 0)
    app.run()
    assert app.text_input[0].value == "El de otra persona"


@pytest.mark.slow
def test_an_older_one_is_looked_at_before_it_is_brought_back(app: AppTest, desk: Desk) -> None:
    write(app, "Tu CDA")
    press(app, "Guardar")
    press(app, "Ver", which=-1)
    assert app.text_input[0].value == OWN.subject
    assert in_force(desk) == (1, "Tu CDA")
    press(app, "Restaurar", which=-1)
    assert in_force(desk) == (2, OWN.subject)
    assert "vuelve a estar en uso" in app.success[0].value


@pytest.mark.slow
def test_a_fault_is_said_with_its_line_and_nothing_is_saved(app: AppTest, desk: Desk) -> None:
    write(app, "{{ cda }}")
    assert "Renglón 1 del asunto" in app.error[0].value
    press(app, "Guardar")
    assert "La plantilla tiene errores" in app.error[0].value
    assert in_force(desk) == (0, OWN.subject)


@pytest.mark.slow
def test_a_mail_of_the_desk_s_own_people_has_one_language(app: AppTest) -> None:
    app.selectbox[0].select(MailKind.APPROVAL_WAITING).run()
    assert not app.exception
    assert [group.label for group in app.get("button_group")] == []
