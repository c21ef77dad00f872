"""`make screenshots`: every screen of the demo desk, light and dark, into docs/screenshots/.

Starts a small demonstration of its own on a free port and walks through it in Chromium.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from lib.demo.staff import PASSWORD
from tests.browser.conftest import FLAGS, at_rest, chromium
from tests.ports import free_port
from tests.waiting import until

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
EXPORTS = ROOT.parent / "shared" / "exports"
THEMES = ("light", "dark")
CERTIFICATES = (
    "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\r\n"
    "Z0000001;0KFAQ05EFJ4;BANCO;6.0;2;16/05/2018;Maquiladora Peña del Norte;;\r\n"
    "Z0000002;0B710MKTZAN;NOI;9.0;2;17/01/2018;Sofía García Núñez;;\r\n"
    "Z0000003;1.23E+11;NOI;10.0;1;08/09/2015;Farmacia Martínez e Hijos;;\r\n"
    "Z0000004;01CYHHQCL3P;NOY;11.0;1;31/02/2021;Ángel Muñoz;;\r\n"
)


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        desk(Path(folder)) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=FLAGS)
        for theme in THEMES:
            walk(browser, url, theme, Path(folder))
        browser.close()


@contextmanager
def desk(folder: Path) -> Iterator[str]:
    """A demonstration of two thousand accounts; its address."""
    port = free_port()
    more = {
        "MESA_DATA": str(folder / "data"),
        "PORT": str(port),
        "MESA_DEMO_ACCOUNTS": "2000",
        "MESA_RESEND_COOLDOWN": "0",
    }
    running = subprocess.Popen(
        [sys.executable, "-m", "lib", "demo"],
        cwd=ROOT,
        env={**os.environ, **more},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        until(lambda: "lista en" in running.stdout.readline(), 120)
        yield f"http://localhost:{port}"
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(30)


def walk(browser: Browser, url: str, theme: str, folder: Path) -> None:
    """Every screen, as those who use it see them."""
    page = enter(browser, url, theme, "agente")
    shoot(page, "inicio", theme)
    page.get_by_label("Busca un cliente o un sistema").fill("garcia nunez")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Sistemas").wait_for()
    shoot(page, "inicio-busqueda", theme)
    systems(page, url, theme)
    customer(page, url, theme)
    page.goto(f"{url}/Buzon_demo")
    page.get_by_text("Como lo ve el cliente").wait_for()
    shoot(page, "buzon-demo", theme)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{url}/Suscripciones")
    rows(page)
    shoot(page, "suscripciones-390", theme)
    page.locator("tr[data-id]").nth(1).locator("td").nth(2).click()
    panel(page)
    shoot(page, "panel-390", theme)
    page.context.close()
    held(browser, url, theme)
    many(enter(browser, url, theme, "agente"), url, theme)
    managers(enter(browser, url, theme, "gerente"), url, theme)
    table(enter(browser, url, theme, "gerente"), url, theme)
    administration(enter(browser, url, theme, "admin"), url, theme, folder)


def enter(browser: Browser, url: str, theme: str, username: str) -> Page:
    context = browser.new_context(
        viewport={"width": 1280, "height": 720},
        locale="es-MX",
        color_scheme="dark" if theme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(url)
    page.get_by_label("Usuario").fill(username)
    if username == "agente":
        shoot(page, "entrar", theme)
    page.get_by_label("Contraseña").fill(PASSWORD)
    with page.expect_response("**/sesion/abrir"):
        page.get_by_role("button", name="Entrar").click()
    page.get_by_role("button", name="Cerrar sesión").wait_for()
    return page


def systems(page: Page, url: str, theme: str) -> None:
    page.goto(f"{url}/Suscripciones")
    rows(page)
    shoot(page, "suscripciones-lista", theme)
    panel = page.get_by_text("Arrastra una columna aquí para agrupar por ella")
    page.locator('th[data-col="product"]').drag_to(panel)
    page.get_by_role("row", name=re.compile("Sistema: BANCO")).click()
    rows(page)
    shoot(page, "suscripciones", theme)
    page.locator("tr[data-id]").first.get_by_role("button", name="Reenviar CDA").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Motivo").wait_for()
    shoot(page, "reenviar", theme)
    dialog.get_by_label("Motivo").click()
    page.get_by_role("option").first.click()
    dialog.get_by_role("button", name="Reenviar").click()
    expect(dialog).to_contain_text("ha sido enviado", timeout=15_000)
    shoot(page, "aspel-notifica", theme)
    page.goto(f"{url}/Licenciamiento")
    rows(page)
    shoot(page, "licenciamiento", theme)
    page.goto(f"{url}/Certificados")
    rows(page)
    shoot(page, "certificados", theme)
    page.locator("tr[data-id]").first.get_by_role("button", name="Dónde está el CDA").click()
    page.get_by_role("dialog").get_by_role("button", name="Aceptar").wait_for()
    shoot(page, "certificado-papel", theme)


def table(page: Page, url: str, theme: str) -> None:
    """What stands around a table's rows, as a manager has it."""
    page.goto(f"{url}/Suscripciones")
    rows(page)
    page.locator("tr[data-id]").nth(1).locator("td").nth(2).click()
    panel(page)
    shoot(page, "panel", theme)
    page.keyboard.press("Escape")
    funnel(page, "product").click()
    page.get_by_role("dialog").get_by_role("checkbox").nth(2).wait_for()
    shoot(page, "filtro-lista", theme)
    page.keyboard.press("Escape")
    funnel(page, "next_payment_on").click()
    shoot(page, "filtro-fecha", theme)
    page.get_by_role("dialog").get_by_role("button", name="Vencidas").click()
    page.locator(".pill").first.wait_for()
    page.keyboard.press("Escape")
    page.locator('th[data-col="next_payment_on"]').drag_to(page.locator(".panel"))
    page.locator("tr.group").nth(1).get_by_role("checkbox").click()
    shoot(page, "seleccion", theme)
    page.get_by_role("button", name="Columnas").click()
    shoot(page, "columnas", theme)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Vistas", exact=True).click()
    body = page.get_by_test_id("stPopoverBody")
    body.get_by_label("Guardar la tabla como está").fill(f"Por cobrar, {theme}")
    body.get_by_role("button", name="Guardar", exact=True).click()
    page.get_by_role("heading", level=1).filter(has_text="Por cobrar").wait_for()
    page.get_by_role("button", name="Vistas", exact=True).click()
    body.get_by_role("button", name="Fijar en el menú").click()
    body.get_by_role("button", name="Quitar del menú").wait_for()
    shoot(page, "vistas", theme)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Exportar", exact=True).click()
    body.get_by_role("button", name="CSV (.csv)").wait_for()
    shoot(page, "exportar", theme)
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.keyboard.insert_text("garcia nunez")
    page.get_by_role("dialog", name="Buscar en todo").get_by_role("option").first.wait_for()
    shoot(page, "buscar-en-todo", theme)
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("Atajos")).first.click()
    shoot(page, "atajos", theme)
    page.context.close()


def funnel(page: Page, column: str) -> Locator:
    return page.locator(f"[data-filter={column}] + .funnel")


def panel(page: Page) -> None:
    """Until the side panel has its facts."""
    page.get_by_role("heading", name="Últimos envíos").wait_for()


def customer(page: Page, url: str, theme: str) -> None:
    page.goto(f"{url}/Cuenta")
    rows(page)
    shoot(page, "cuentas", theme)
    page.goto(f"{url}/Cuenta?cuenta=00000007")
    page.get_by_role("tab", name="Sistemas").wait_for()
    page.get_by_role("treegrid").first.wait_for()
    shoot(page, "cuenta-sistemas", theme)
    page.get_by_role("tab", name="Datos generales").click()
    shoot(page, "cuenta-datos-con-asteriscos", theme)
    _see_whole(page)
    page.get_by_label("Correo de Contacto*").fill("sin arroba")
    page.get_by_role("button", name="Guardar").first.click()
    page.get_by_text("No es un correo válido").wait_for()
    shoot(page, "cuenta-datos-generales", theme)
    for tab in ("Datos de facturación", "Datos de envío", "Historia"):
        page.get_by_role("tab", name=tab).click()
        name = tab.lower().replace(" ", "-").replace("ó", "o").replace("í", "i")
        shoot(page, f"cuenta-{name}", theme)


def _see_whole(page: Page) -> None:
    page.get_by_role("button", name="Ver y corregir").locator("visible=true").click()
    page.get_by_role("button", name="Guardar").locator("visible=true").wait_for()


def held(browser: Browser, url: str, theme: str) -> None:
    """A changed address, a resend that waits for it, the manager who looks."""
    page = enter(browser, url, theme, "agente")
    page.goto(f"{url}/Cuenta?cuenta=0000000{8 + THEMES.index(theme)}")
    page.get_by_role("tab", name="Datos generales").click()
    _see_whole(page)
    page.get_by_label("Correo de Contacto*").fill("otro.buzon@example.net")
    page.get_by_role("button", name="Guardar").first.click()
    page.get_by_text("Guardado a las").wait_for()
    page.get_by_role("tab", name="Sistemas").click()
    page.locator("tr[data-id]").first.get_by_role("button", name="Reenviar CDA").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Motivo").click()
    page.get_by_role("option", name="Cambió de correo").click()
    shoot(page, "reenviar-con-aprobacion", theme)
    dialog.get_by_role("button", name="Pedir aprobación").click()
    expect(dialog).to_contain_text("espera la aprobación de un gerente")
    shoot(page, "detenido", theme)
    page.context.close()
    manager = enter(browser, url, theme, "gerente")
    manager.goto(f"{url}/Aprobaciones")
    manager.get_by_role("button", name="Aprobar").first.wait_for()
    shoot(manager, "aprobaciones", theme)
    manager.get_by_role("button", name="Aprobar").first.click()
    manager.get_by_text("Aprobaste enviar").wait_for()
    manager.goto(f"{url}/Suscripciones")
    rows(manager)
    manager.locator("tr[data-id]").first.focus()
    manager.keyboard.press("m")
    manager.get_by_role("menuitem", name="Ver CDA").click()
    manager.get_by_role("dialog").get_by_role("combobox").wait_for()
    shoot(manager, "ver-cda", theme)
    manager.context.close()


def many(page: Page, url: str, theme: str) -> None:
    """A resend to some of a list: what the check says, and how it ends."""
    page.goto(f"{url}/Suscripciones")
    rows(page)
    for at in range(8):
        page.locator("tr[data-id]").nth(at).locator(".check").click()
    page.get_by_role("button", name="Reenviar CDA", exact=True).last.click()
    window = page.get_by_role("dialog", name="Reenviar CDA a varios")
    window.get_by_label("Motivo").click()
    page.get_by_role("option").first.click()
    shoot(page, "reenviar-a-varios", theme)
    window.get_by_role("button", name=re.compile("Enviar [0-9]+ correo")).click()
    page.get_by_text("Terminado").first.wait_for()
    shoot(page, "envios", theme)
    page.context.close()


def managers(page: Page, url: str, theme: str) -> None:
    """The figures, one mail's whole story, the log's proof, what it makes remarkable."""
    page.goto(f"{url}/Tablero")
    page.get_by_role("heading", name="Tablero").wait_for()
    page.locator("[data-testid=stVegaLiteChart]").first.wait_for()
    shoot(page, "tablero", theme)
    page.goto(f"{url}/Bitacora")
    rows(page)
    page.locator("tr[data-id]").filter(has_text="Reenvío aprobado").first.click()
    page.get_by_role("region", name="Detalle de").get_by_role("heading", name="Historia").wait_for()
    shoot(page, "historia-de-un-correo", theme)
    page.get_by_role("button", name="Comprobar ahora").click()
    page.get_by_text("Última comprobación").wait_for()
    page.mouse.move(0, 0)  # or the button's tooltip lies over the rows
    shoot(page, "bitacora-comprobada", theme)
    page.goto(f"{url}/Alertas")
    page.get_by_role("button", name="Tomar la alerta").first.click()
    page.get_by_label("Qué fue").wait_for()
    shoot(page, "alertas", theme)
    page.context.close()


def administration(page: Page, url: str, theme: str, folder: Path) -> None:
    page.goto(f"{url}/Importar")
    file = folder / "certificados.csv"
    mine = CERTIFICATES.replace("Z0", "YZ"[THEMES.index(theme)] + "0")  # each imports its own
    file.write_bytes(mine.encode("cp1252"))
    page.locator('input[type="file"]').set_input_files(file)
    page.get_by_text("Apartados").wait_for()
    shoot(page, "importar", theme)
    certificates(page, url, theme)
    page.goto(f"{url}/Cargar")
    if EXPORTS.is_dir():
        page.locator('input[type="file"]').set_input_files(
            [f for f in sorted(EXPORTS.glob("*.csv")) if f.name != "defects.csv"]
        )
        page.get_by_role("button", name="Cargar", exact=True).click()
        page.get_by_text("Carga terminada").wait_for(timeout=60_000)
    shoot(page, "cargar", theme)
    page.goto(f"{url}/Bitacora")
    rows(page)
    shoot(page, "bitacora", theme)
    page.locator("tr[data-id]").first.click()
    page.get_by_role("region", name="Detalle de").get_by_text("Qué pasó").wait_for()
    shoot(page, "bitacora-detalle", theme)
    page.goto(f"{url}/Politica")
    page.get_by_role("heading", name="Historia").wait_for()
    shoot(page, "politica", theme)
    page.goto(f"{url}/Plantillas")
    page.frame_locator("iframe").get_by_role("heading").wait_for()
    shoot(page, "plantillas", theme)
    page.goto(f"{url}/Mi_perfil")
    page.get_by_label("Contraseña actual").wait_for()
    shoot(page, "mi-perfil", theme)
    page.context.close()


def certificates(page: Page, url: str, theme: str) -> None:
    """What was just read goes in; its batch, one by a scanner and corrected, those of nobody. Each
    theme imports what only it has."""
    page.get_by_role("button", name=re.compile("Importar [0-9]+ certificado")).click()
    page.get_by_text("Importación terminada").wait_for()
    page.get_by_role("link", name="certificados.csv").first.click()
    page.get_by_role("link", name="Ver en Certificados").wait_for()
    shoot(page, "lote", theme)
    page.goto(f"{url}/Registrar")
    for turn, holder in enumerate(("Ana Paz", "Ana Paz Núñez")):
        folio = page.get_by_label("Folio").last
        expect(folio).to_be_focused()
        for code in (f"R-{theme}", f"0R{theme}", "SAE", "9.0", "1", "", holder, "", ""):
            page.keyboard.insert_text(code)
            page.keyboard.press("Enter")
        page.get_by_text("guardado" if not turn else "Guardar la corrección").first.wait_for()
    shoot(page, "registrar", theme)
    page.goto(f"{url}/Certificados")
    page.get_by_role("button", name=re.compile("Sin cuenta")).click()
    page.get_by_role("heading", name="Sin cuenta").wait_for()
    rows(page)
    shoot(page, "certificados-sin-cuenta", theme)


def rows(page: Page) -> None:
    page.locator("tr[data-id]").first.wait_for()


def shoot(page: Page, name: str, theme: str) -> None:
    """A picture once the page is at rest: nothing running, transitions over."""
    at_rest(page)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=HERE / f"{name}-{theme}.png", animations="disabled")


if __name__ == "__main__":
    main()
