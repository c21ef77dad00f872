"""The desk's pages in the menu's order: one table, drawn by the menu and walked by the tests."""

from dataclasses import dataclass
from pathlib import Path

from lib.model.roles import Permission

ROOT = Path(__file__).resolve().parent.parent.parent
CUSTOMERS, DATA, MINE, DEMO = "Clientes", "Datos y control", "Tu cuenta", "Demostración"


@dataclass(frozen=True)
class Page:
    """`file` is relative to the repository; `path` is what follows the host in its address;
    `about` says on Inicio what it is for.
    """

    file: str
    title: str
    icon: str
    permission: Permission
    section: str = ""
    about: str = ""
    demo_only: bool = False

    @property
    def path(self) -> str:
        return "/" if self.file == "Home.py" else "/" + Path(self.file).stem

    @property
    def exists(self) -> bool:
        return (ROOT / self.file).is_file()


def _page(
    name: str,
    title: str,
    icon: str,
    permission: Permission,
    section: str,
    about: str,
    *,
    demo: bool = False,
) -> Page:
    return Page(f"pages/{name}.py", title, f":material/{icon}:", permission, section, about, demo)


PAGES = (
    Page("Home.py", "Inicio", ":material/home:", Permission.FIND),
    _page(
        "Suscripciones", "Suscripciones", "autorenew", Permission.FIND, CUSTOMERS,
        "Sistemas en suscripción: busca, agrupa y reenvía su CDA.",
    ),
    _page(
        "Licenciamiento", "Licenciamiento", "key_vertical", Permission.FIND, CUSTOMERS,
        "Licencias electrónicas: busca, agrupa y reenvía su CDA.",
    ),
    _page(
        "Certificados", "Certificados", "verified", Permission.FIND, CUSTOMERS,
        "Licencias físicas: confirma si un certificado es real y de quién es.",
    ),
    _page(
        "Cuenta", "Cuenta", "contact_page", Permission.FIND, CUSTOMERS,
        "Los sistemas, datos e historia de un cliente; aquí se corrigen.",
    ),
    _page(
        "Envios", "Envíos a varios", "stacked_email", Permission.RESEND, CUSTOMERS,
        "Los reenvíos a muchos sistemas: cómo van y qué pasó con cada uno.",
    ),
    _page(
        "Aprobaciones", "Aprobaciones", "approval", Permission.APPROVE, DATA,
        "Los reenvíos que la política detuvo: apruébalos o recházalos.",
    ),
    _page(
        "Alertas", "Alertas", "notifications", Permission.ALERTS, DATA,
        "Lo que la bitácora tiene de raro: quién lo revisa y qué fue.",
    ),
    _page(
        "Importar", "Importar certificados", "upload_file", Permission.IMPORT, DATA,
        "Un CSV de certificados: se revisa antes de entrar.",
    ),
    _page(
        "Registrar", "Registrar certificado", "barcode_scanner", Permission.IMPORT, DATA,
        "Un certificado a la vez, con lector de código de barras.",
    ),
    _page(
        "Cargar", "Cargar datos", "database_upload", Permission.LOAD, DATA,
        "El paquete de exportaciones de cada noche.",
    ),
    _page(
        "Tablero", "Tablero", "monitoring", Permission.READ_LOG, DATA,
        "Cuántos reenvíos, de quién, por qué y qué pasó con ellos.",
    ),
    _page(
        "Bitacora", "Bitácora", "history", Permission.READ_LOG, DATA,
        "Quién hizo qué, cuándo y por qué.",
    ),
    _page(
        "Politica", "Política de reenvíos", "policy", Permission.MANAGE_POLICY, DATA,
        "Qué se avisa, qué aprueba un gerente y qué no se reenvía.",
    ),
    _page(
        "Plantillas", "Plantillas", "drafts", Permission.EDIT_TEMPLATES, DATA,
        "Lo que dicen los correos: se editan, se prueban y se conservan.",
    ),
    _page(
        "Usuarios", "Usuarios", "group", Permission.MANAGE_STAFF, DATA,
        "Quién trabaja en la mesa, con qué perfil y quién está dentro.",
    ),
    _page(
        "Mi_perfil", "Mi perfil", "account_circle", Permission.OWN_PROFILE, MINE,
        "Tus datos y tu contraseña.",
    ),
    _page(
        "Buzon_demo", "Buzón de demostración", "inbox", Permission.FIND, DEMO,
        "Los correos que esta demostración ha enviado.",
        demo=True,
    ),
)  # fmt: skip


def titled(title: str) -> Page | None:
    return next((page for page in PAGES if page.title == title), None)
