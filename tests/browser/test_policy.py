"""Política in a real browser, and what it makes of the resend's window."""

import dataclasses
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from lib import settings
from lib.model import clock
from lib.model.actor import SYSTEM
from lib.model.policy import PLAIN, Mode, Rule
from lib.services.desk import open_desk
from lib.services.resends import policies
from tests.browser import desk_server
from tests.browser.axe import problems
from tests.browser.conftest import SignIn
from tests.browser.desk_server import DeskServer
from tests.browser.motives import choose

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DAYS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
OVERDUE, LICENCE = "S0000000002", "L0000000001"
SENT = "El CDA del número de serie ha sido enviado a tu cuenta de correo"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A desk of this module's own, whose policy warns of what is overdue: the others' stays."""
    folder = tmp_path_factory.mktemp("policy")
    data = folder / "data"
    desk_server.seed(data)
    desk = open_desk(settings.read({"MESA_DATA": str(data)}))
    modes = {**PLAIN.modes, Rule.OVERDUE: Mode.WARN}
    policies.change(desk, SYSTEM, dataclasses.replace(PLAIN, modes=modes))
    desk.close()
    with desk_server.running(folder, {"MESA_RESEND_COOLDOWN": "0"}) as running:
        yield running


def rule(page: Page, of: Rule) -> Locator:
    return page.locator(f".st-key-policy_{of.value}")


def opened(page: Page, serial: str) -> Locator:
    row = page.get_by_role("row").filter(has_text=serial)
    row.get_by_role("button", name="Reenviar CDA").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def test_what_warns_is_read_and_its_button_says_so(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente", "/Suscripciones")
    dialog = opened(page, OVERDUE)
    warning = "Próximo pago vencido: 02/05/2025; recuérdale al cliente su pago."
    expect(dialog.get_by_text(warning)).to_be_visible()
    expect(dialog.get_by_role("button", name="Reenviar", exact=True)).to_have_count(0)
    choose(dialog, "Otro")
    dialog.get_by_role("button", name="Reenviar de todos modos").click()
    expect(dialog).to_contain_text(SENT)


def test_an_administrator_changes_it_and_agents_feel_it(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "admin", "/Politica")
    hold = rule(page, Rule.EMAIL_CHANGED)
    expect(hold).to_contain_text("hace menos de 72 h, el reenvío queda detenido hasta que")
    assert problems(page) == []

    # What can't be is said where it stands, and isn't saved.
    hours = hold.get_by_label("Horas desde el cambio de correo")
    hours.fill("0")
    hours.press("Enter")
    expect(hold).to_contain_text("Escribe un número entero de 1 a 2,160.")
    page.get_by_role("button", name="Guardar cambios").click()
    expect(page.get_by_text("Revisa los valores marcados; no se guardó nada.")).to_be_visible()
    hours.fill("48")
    hours.press("Enter")
    expect(hold).to_contain_text("hace menos de 48 h")

    overdue = rule(page, Rule.OVERDUE)
    overdue.get_by_role("radio", name="Impedir").click()
    expect(overdue).to_contain_text("no se reenvía y el agente lee qué hacer")
    page.get_by_label("Motivos, uno por renglón").fill("Otro\nFeria de Puebla")
    page.get_by_label("Patrón del ticket").fill(r"(\d+)+")
    page.get_by_role("button", name="Guardar cambios").click()
    expect(page.get_by_text("Ese patrón podría tardar demasiado")).to_be_visible()
    page.get_by_label("Patrón del ticket").fill(r"MDA-\d{4}")
    page.get_by_label("Ejemplo que verá el agente").fill("MDA-1234")
    page.get_by_role("button", name="Guardar cambios").click()
    expect(page.get_by_text("Guardada como versión 2; ya está en vigor")).to_be_visible()
    page.get_by_text("Versión 2 ·").click()
    expect(page.get_by_text("Avisar → Impedir")).to_be_visible()

    page.goto("/Suscripciones")
    dialog = opened(page, OVERDUE)
    expect(dialog).to_contain_text("reenvíalo cuando el cliente haya pagado")
    expect(dialog.get_by_role("combobox")).to_have_count(0)
    dialog.get_by_text("Cerrar", exact=True).click()
    expect(dialog).to_have_count(0)
    page.goto("/Licenciamiento")
    dialog = opened(page, LICENCE)
    choose(dialog, "Feria de Puebla")
    dialog.get_by_label("Ticket").fill("sin número")
    dialog.get_by_role("button", name="Reenviar", exact=True).click()
    expect(dialog).to_contain_text("Escribe el ticket completo, como MDA-1234.")
    dialog.get_by_label("Ticket").fill("MDA-0077")
    dialog.get_by_role("button", name="Reenviar", exact=True).click()
    expect(dialog).to_contain_text(SENT)


def test_a_warning_that_came_up_meanwhile_is_read_first(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "admin", "/Licenciamiento")
    dialog = opened(page, LICENCE)
    choose(dialog, "Otro")
    dialog.get_by_label("Ticket").fill("MDA-0078")

    other = page.context.new_page()
    other.goto("/Politica")
    hours = rule(other, Rule.OFFICE_HOURS)
    hours.get_by_role("radio", name="Avisar").click()
    expect(hours).to_contain_text("Si la oficina está cerrada")
    today = hours.get_by_role("button", name=DAYS[clock.today().weekday()])
    if clock.today().weekday() in PLAIN.days:
        today.click()
        expect(today).to_have_attribute("aria-pressed", "false")
    other.get_by_role("button", name="Guardar cambios").click()
    expect(other.get_by_text("ya está en vigor")).to_be_visible()

    dialog.get_by_role("button", name="Reenviar", exact=True).click()
    expect(dialog).to_contain_text("confirma con quién hablas antes de reenviar")
    expect(dialog.get_by_label("Ticket")).to_have_value("MDA-0078")
    dialog.get_by_role("button", name="Reenviar de todos modos").click()
    expect(dialog).to_contain_text(SENT)
