"""The desk's pages in the menu's order: one table, drawn by the menu and walked by the tests."""

from dataclasses import dataclass
from pathlib import Path

from lib.model.roles import Permission

ROOT = Path(__file__).resolve().parent.parent.parent
CUSTOMERS, DATA, MINE, DEMO = "Clientes", "Datos y control", "Tu cuenta", "Demostración"


@dataclass(frozen=True)
class Page:
    """`file` is relative to the repository; `path` is what follows the host in its address."""

    file: str
    title: str
    icon: str
    permission: Permission
    section: str = ""
    demo_only: bool = False

    @property
    def path(self) -> str:
        return "/" if self.file == "Home.py" else "/" + Path(self.file).stem

    @property
    def exists(self) -> bool:
        return (ROOT / self.file).is_file()


def _page(
    name: str, title: str, icon: str, permission: Permission, section: str, *, demo: bool = False
) -> Page:
    return Page(f"pages/{name}.py", title, f":material/{icon}:", permission, section, demo)


PAGES = (
    Page("Home.py", "Inicio", ":material/home:", Permission.FIND),
    _page("Suscripciones", "Suscripciones", "autorenew", Permission.FIND, CUSTOMERS),
    _page("Licenciamiento", "Licenciamiento", "key_vertical", Permission.FIND, CUSTOMERS),
    _page("Certificados", "Certificados", "verified", Permission.FIND, CUSTOMERS),
    _page("Cuenta", "Cuenta", "contact_page", Permission.FIND, CUSTOMERS),
    _page("Importar", "Importar certificados", "upload_file", Permission.IMPORT, DATA),
    _page("Cargar", "Cargar datos", "database_upload", Permission.LOAD, DATA),
    _page("Bitacora", "Bitácora", "history", Permission.READ_LOG, DATA),
    _page("Mi_perfil", "Mi perfil", "account_circle", Permission.OWN_PROFILE, MINE),
    _page("Buzon_demo", "Buzón de demostración", "inbox", Permission.FIND, DEMO, demo=True),
)


def titled(title: str) -> Page | None:
    return next((page for page in PAGES if page.title == title), None)
