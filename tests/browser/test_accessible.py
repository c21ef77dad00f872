"""Every screen, for everybody: axe finds nothing, by light and by dark; no English is heard;
nothing needs a mouse, a wide window or movement."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from lib.model.roles import may
from lib.model.view import View
from lib.ui import pages, shortcuts
from tests.browser import desk_server, whole_data
from tests.browser.axe import problems, settled
from tests.browser.conftest import SignIn
from tests.browser.desk_server import PEOPLE, DeskServer
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def rows(page: Page) -> Locator:
    found = page.locator("tr[data-id]")
    found.first.wait_for()
    return found


@pytest.fixture(autouse=True)
def still(page: Page, server: DeskServer) -> None:
    """Less movement, so that no screen is looked at half way."""
    page.emulate_media(reduced_motion="reduce", color_scheme="light")


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_of_a_role(page: Page, sign_in: SignIn, username: str) -> None:
    sign_in(page, username)
    found = {"Inicio": problems(page)}
    for letter, place in shortcuts.going(pages.PAGES):
        if place.demo_only or not may(PEOPLE[username], place.permission):
            continue
        page.keyboard.press("Escape")  # out of a field that took the focus
        page.keyboard.press("g")
        page.keyboard.press(letter)
        expect(page).to_have_title(f"{place.title} · Mesa CDA")
        found[place.title] = problems(page, dark=username == "admin")
    assert {name: what for name, what in found.items() if what} == {}


def test_the_door(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Usuario").fill("nadie")
    page.get_by_label("Contraseña").fill("no es la contraseña")
    assert problems(page) == []
    page.get_by_role("button", name="Entrar").click()
    page.get_by_role("alert").wait_for()
    assert problems(page) == []


def test_the_search_and_the_list_of_keys(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente")
    page.get_by_text("Buscar…").first.wait_for()
    page.keyboard.press("/")
    window = page.get_by_role("dialog", name="Buscar en todo")
    window.get_by_role("combobox").wait_for()
    found = {"empty": problems(page)}
    page.keyboard.insert_text("villasenor")
    window.get_by_role("option").first.wait_for()
    found["results"] = problems(page)
    window.get_by_role("combobox").fill("no hay tal cosa")
    window.get_by_text("Sin resultados").wait_for()
    found["nothing"] = problems(page)
    page.keyboard.press("Escape")
    window.wait_for(state="hidden")
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    found["keys"] = problems(page)
    assert {name: what for name, what in found.items() if what} == {}


def test_a_table_s_windows(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "gerente", "/Suscripciones")
    row = rows(page).first
    found = {}
    for name in (
        "Agrupar por…",
        "Columnas",
        "Opciones de No. Serie",
        "Opciones del filtro de Sistema",
        "Opciones del filtro de Próximo Pago",
        "Vistas",
        "Exportar",
    ):
        page.get_by_role("button", name=name, exact=True).click()
        found[name] = problems(page)
        page.keyboard.press("Escape")
    row.focus()
    page.keyboard.press("m")
    page.get_by_role("menu").wait_for()
    found["a row's menu"] = problems(page)
    page.keyboard.press("Escape")
    page.keyboard.press(" ")
    found["a row selected"] = problems(page)
    page.keyboard.press("Enter")
    page.get_by_text("Últimos envíos", exact=True).wait_for()
    found["the panel"] = problems(page)
    assert {name: what for name, what in found.items() if what} == {}


def test_a_table_grouped_filtered_and_empty(page: Page, sign_in: SignIn) -> None:
    grouped = View(group=("product", "next_payment_on:month"), unfolded=True, q="0")
    filtered = View(filters={"seats": "99", "product": "SAE"})
    sign_in(page, "agente", f"/Suscripciones?vista={grouped.to_query()}")
    rows(page)
    found = {"grouped": problems(page)}
    page.goto(f"/Suscripciones?vista={filtered.to_query()}")
    page.get_by_text("Sin resultados").first.wait_for()
    found["empty"] = problems(page)
    assert {name: what for name, what in found.items() if what} == {}


def test_resending(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente", "/Suscripciones")
    rows(page)
    page.locator('tr[data-id="S0000000003"]').focus()
    page.keyboard.press("r")
    page.get_by_role("dialog").wait_for()
    found = {"refused": problems(page)}
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    expect(page.locator('tr[data-id="S0000000003"]')).to_be_focused()  # given back by the window
    page.locator('tr[data-id="L0000000001"], tr[data-id="S0000000001"]').first.focus()
    page.keyboard.press("r")
    dialog = page.get_by_role("dialog")
    motive = dialog.get_by_label("Motivo")
    motive.wait_for()
    found["asked"] = problems(page)
    motive.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    # The list belongs to its field; Streamlit draws it at the end of the page, in no landmark.
    found["motives"] = problems(page, "region")
    assert {name: what for name, what in found.items() if what} == {}


def test_a_customer_s_tabs(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente", "/Cuenta?cuenta=00000001")
    rows(page)
    found = {"Sistemas": problems(page)}
    for name in ("Datos generales", "Datos de facturación", "Datos de envío", "Historia"):
        page.get_by_role("tab", name=name).click()
        found[name] = problems(page)
    page.get_by_role("tab", name="Datos generales").click()
    whole_data.see(page)
    found["whole"] = problems(page)
    page.get_by_label("Correo de Contacto").fill("sin arroba")
    page.get_by_role("button", name="Guardar").locator("visible=true").click()
    page.get_by_text("No es un correo válido").wait_for()
    found["refused"] = problems(page)
    assert {name: what for name, what in found.items() if what} == {}


def test_importing_and_the_log(page: Page, sign_in: SignIn, tmp_path: Path) -> None:
    file = tmp_path / "certificados.csv"
    file.write_text(
        "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\r\n"
        "A1;0AXE0000001;SAE;9.0;1;01/02/2020;Peña e Hijos;;\r\n"
        "A2;1.23E+11;SAE;9.0;1;01/02/2020;Comida por Excel;;\r\n",
        "utf-8",
    )
    sign_in(page, "gerente", "/Importar")
    page.locator('input[type="file"]').set_input_files(file)
    page.get_by_role("button", name="Importar 1 certificado").wait_for()
    found = {"preview": problems(page)}
    page.goto("/Bitacora")
    rows(page).first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Inicio de sesión").first.wait_for()
    found["an entry"] = problems(page)
    assert {name: what for name, what in found.items() if what} == {}


# ---- without a mouse -------------------------------------------------------------------------

# What has the focus, and whether what had it before looked otherwise than it does now without.
_FOCUS = """async () => {
    for (let i = 0; i < 2; i += 1) await new Promise((drawn) => requestAnimationFrame(drawn));
    // Streamlit's buttons come to their looks by and by.
    const changing = document.getAnimations().filter((one) => one instanceof CSSTransition);
    await Promise.allSettled(changing.map((one) => one.finished));
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    const look = (part) => {
        const all = [];
        for (let i = 0; part && i < 6; part = part.parentElement, i += 1) {
            const style = getComputedStyle(part);
            all.push(style.outline, style.boxShadow, style.borderColor, style.transform, style.top);
        }
        return all.join();
    };
    const before = window.__stop;
    const shown = !before?.node.isConnected || look(before.node) !== before.look;
    if (!node || node === document.body) return { name: "", shown, inside: true };
    window.__stop = { node, look: look(node) };
    const box = node.getBoundingClientRect();
    const inside = box.right > 0 && box.bottom > 0
        && box.left < innerWidth && box.top < innerHeight;
    const name = node.getAttribute("aria-label") || node.innerText || node.id;
    return { name: name.slice(0, 60), inside, shown, before: before?.node.outerHTML.slice(0, 120) };
}"""


def stops(page: Page, most: int) -> list[dict[str, object]]:
    """What Tab stops at in a page just opened, one after another, until it comes round."""
    page.reload()
    page.get_by_role("button", name="Buscar…").wait_for()
    settled(page)
    found = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUS)
        found.append(stop)
        if not stop["name"]:
            break
    return found


@pytest.mark.parametrize("path", ["/", "/Suscripciones", "/Cuenta?cuenta=00000001"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_focus_is_seen_wherever_it_goes(
    page: Page, sign_in: SignIn, path: str, width: int
) -> None:
    sign_in(page, "agente", path)
    page.set_viewport_size({"width": width, "height": 720})
    found = stops(page, 40)
    assert found[0]["name"] == "Ir al contenido"
    assert len(found) > 10
    assert [stop for stop in found if not (stop["inside"] and stop["shown"])] == []


def test_the_first_stop_leads_past_the_menu(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente", "/Suscripciones")
    rows(page)
    stops(page, 1)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "stMain"


def test_a_call_without_a_mouse(page: Page, server: DeskServer) -> None:
    """Sign in, find, resend, open the account, correct its contact."""
    keyboard = page.keyboard
    page.goto("/")
    expect(page.get_by_label("Usuario")).to_be_focused()
    keyboard.type("agente")
    keyboard.press("Tab")
    to(page, "Contraseña")
    keyboard.type(desk_server.PASSWORD)
    with page.expect_response("**/sesion/abrir"):
        keyboard.press("Enter")
    page.get_by_role("button", name="Buscar…").wait_for()

    keyboard.press("/")
    keyboard.type("l0000000001")
    keyboard.press("Enter")
    row = page.locator('tr[data-id="L0000000001"]')
    expect(row).to_be_focused(timeout=20_000)
    keyboard.press("r")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Motivo").wait_for()
    to(page, "Motivo")
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    to(page, "Reenviar")
    keyboard.press("Enter")
    expect(dialog).to_contain_text("Aspel notifica", timeout=20_000)
    to(page, "Aceptar")
    keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    until(lambda: row.evaluate("node => node.matches(':focus-within')"))

    page.get_by_role("tab", name="Sistemas").focus()
    keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Datos generales")).to_be_focused()
    to(page, "Ver y corregir")
    keyboard.press("Enter")
    page.get_by_label("Teléfono de Contacto*").wait_for()
    to(page, "Teléfono de Contacto*")
    keyboard.press("Control+a")
    keyboard.type("5511223344")
    to(page, "Guardar")
    keyboard.press("Enter")
    expect(page.get_by_text("Guardado a las")).to_be_visible()
    until(lambda: page.evaluate(_FOCUS)["name"] == "Guardar")


def to(page: Page, name: str) -> None:
    """Tab until what is called so has the focus."""
    for _ in range(30):
        stop = page.evaluate(_FOCUS)
        if re.sub(r"^[a-z_]+\s+", "", stop["name"]).strip() == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name}: not reached")


# ---- narrow, and still -----------------------------------------------------------------------


@pytest.mark.parametrize("width", [390, 320])  # 320: a window of 1280 at 400 %
def test_nothing_asks_for_a_wider_window(page: Page, sign_in: SignIn, width: int) -> None:
    sign_in(page, "gerente")
    page.set_viewport_size({"width": width, "height": 720})
    found = {}
    for path in ("/", "/Licenciamiento", "/Cuenta?cuenta=00000001", "/Importar", "/Mi_perfil"):
        page.goto(path)
        title = page.get_by_role("heading", level=1)
        title.wait_for()
        found[path] = problems(page, dark=False)
        main = page.locator("#stMain")
        if main.evaluate("node => node.scrollWidth > node.clientWidth"):
            found[path].append("scrolls sideways")
        if title.evaluate("node => node.scrollWidth > node.clientWidth"):
            found[path].append("the title is cut")
    page.keyboard.press("/")
    page.keyboard.insert_text("villasenor")
    page.get_by_role("option").first.wait_for()
    found["search"] = problems(page, dark=False)
    assert {name: what for name, what in found.items() if what} == {}


def test_who_asked_for_less_movement_gets_none(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente", "/Suscripciones")
    rows(page).first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("?")
    moving = page.evaluate(
        """() => {
            const long = [];
            const walk = (root) => {
                for (const node of root.querySelectorAll("*")) {
                    if (node.shadowRoot) walk(node.shadowRoot);
                    const style = getComputedStyle(node);
                    const times = `${style.transitionDuration}, ${style.animationDuration}`;
                    const longest = Math.max(...times.split(", ").map(parseFloat));
                    if (longest > 0.01) long.push(`${node.tagName} ${node.className} ${times}`);
                }
            };
            walk(document);
            return long;
        }"""
    )
    assert moving == []
