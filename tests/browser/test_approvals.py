"""The fraud that everyone fears, walked on the screen: a changed address, a resend, an approval."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import desk_server, whole_data
from tests.browser.axe import problems
from tests.browser.conftest import SignIn
from tests.browser.desk_server import DeskServer
from tests.browser.motives import choose
from tests.mail.letters import body

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SERIAL, OTHER = "L0000000001", "S0000000001"
OLD, NEW = "hector.villasenor@example.com", "otro.buzon@example.net"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A desk of this module's own: the address that it changes is the other tests' too."""
    with desk_server.running(tmp_path_factory.mktemp("approvals")) as running:
        yield running


@pytest.fixture
def another(browser: Browser, server: DeskServer) -> Iterator[Page]:
    """Somebody else's tab, on a machine of their own."""
    context = browser.new_context(
        base_url=server.url, viewport={"width": 1280, "height": 720}, locale="es-MX"
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def row(page: Page, serial: str) -> Locator:
    return page.locator(f'tr[data-id="{serial}"]')


def change_email(page: Page, email: str) -> None:
    page.get_by_role("tab", name="Datos generales").click()
    whole_data.see(page)
    page.get_by_label("Correo de Contacto*").fill(email)
    page.get_by_role("button", name="Guardar").locator("visible=true").click()
    expect(page.get_by_text("Guardado a las")).to_be_visible()
    page.get_by_role("tab", name="Sistemas").click()


def ask(page: Page, serial: str) -> Locator:
    """From the row's envelope to the answer: the resend waits."""
    row(page, serial).get_by_role("button", name="Reenviar CDA").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("El correo de esta cuenta cambió")
    choose(dialog, "Cambió de correo")
    dialog.get_by_role("button", name="Pedir aprobación").click()
    expect(dialog).to_contain_text("espera la aprobación de un gerente")
    expect(dialog).to_contain_text("Detenido")
    return dialog


def card(page: Page, serial: str) -> Locator:
    return page.locator('[class*="st-key-approval_"]').filter(has_text=serial)


def test_the_fraud_from_the_change_to_the_mailboxes(
    page: Page, another: Page, server: DeskServer, sign_in: SignIn
) -> None:
    agent, manager = page, another
    sign_in(agent, "agente", "/Cuenta?cuenta=00000001")
    change_email(agent, NEW)
    ask(agent, SERIAL).get_by_role("button", name="Aceptar").click()
    expect(agent.get_by_role("dialog")).to_have_count(0)
    expect(row(agent, SERIAL)).to_contain_text("Detenido")

    sign_in(manager, "gerente")
    expect(manager.get_by_text("1 espera respuesta").first).to_be_visible()
    manager.get_by_test_id("stSidebar").get_by_role("link", name="Aprobaciones").click()
    waiting = card(manager, SERIAL)
    expect(waiting).to_contain_text("El correo de esta cuenta cambió")
    expect(waiting).to_contain_text("Agustina Agente")
    expect(waiting).to_contain_text(OLD)
    expect(waiting).to_contain_text(NEW)
    expect(waiting).to_contain_text("Alta 09/01/2020")
    assert "LIVE5" not in manager.content()
    assert problems(manager) == []
    waiting.get_by_label("Nota para quien la pidió").fill("Confirmé con el titular.")
    waiting.get_by_role("button", name="Aprobar").dblclick()
    expect(manager.get_by_text(f"Aprobaste enviar el CDA de la serie {SERIAL}")).to_be_visible()
    expect(waiting).to_have_count(0)

    expect(row(agent, SERIAL)).to_contain_text("Aceptado")  # nobody touched the page
    agent.goto("/")
    expect(agent.get_by_text("Tus solicitudes de aprobación")).to_be_visible()
    expect(agent.get_by_text("Confirmé con el titular.")).to_be_visible()
    assert problems(agent) == []

    mails = {str(m["To"].addresses[0].addr_spec): body(m, "plain") for m in server.mail.messages}
    assert set(mails) == {OLD, "gerente@example.com", NEW}
    assert "LIVE5-AAAAA-BBBBB-CCCCC" in mails[NEW]
    assert NEW not in mails[OLD]
    assert SERIAL in mails["gerente@example.com"]
    assert "LIVE5" not in mails[OLD] + mails["gerente@example.com"]


def test_nobody_answers_their_own_and_a_rejection_says_why(
    page: Page, another: Page, server: DeskServer, sign_in: SignIn
) -> None:
    manager, admin = page, another
    sign_in(manager, "gerente", "/Cuenta?cuenta=00000001")
    change_email(manager, "tercer.buzon@example.net")
    dialog = ask(manager, OTHER)

    sign_in(admin, "admin", "/Aprobaciones")
    waiting = card(admin, OTHER)
    waiting.get_by_role("button", name="Rechazar").click()
    expect(waiting).to_contain_text("Escribe por qué la rechazas")
    waiting.get_by_label("Nota para quien la pidió").fill("No contesta el titular.")
    waiting.get_by_role("button", name="Rechazar").click()
    expect(admin.get_by_text(f"Rechazaste enviar el CDA de la serie {OTHER}")).to_be_visible()
    expect(dialog).to_contain_text("Un gerente no lo aprobó")  # nobody touched that window
    expect(dialog).to_contain_text("No contesta el titular.")
    expect(dialog.get_by_role("button", name="Reintentar")).to_have_count(0)
    dialog.get_by_role("button", name="Aceptar").click()

    ask(manager, OTHER).get_by_role("button", name="Aceptar").click()
    manager.goto("/Aprobaciones")
    own = card(manager, OTHER)
    expect(own).to_contain_text("Esta solicitud es tuya")
    expect(own.get_by_role("button", name="Aprobar")).to_have_count(0)
    manager.set_viewport_size({"width": 320, "height": 720})  # a window of 1280 at 400 %
    main = manager.locator("#stMain")
    assert not main.evaluate("node => node.scrollWidth > node.clientWidth")
    assert not [mail for mail in server.mail.messages if "tercer" in str(mail["To"])]
