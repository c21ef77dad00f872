"""The desk's keys: what the list under `?` says and what "g" and a letter open.

The keys that act anywhere are heard by lib/ui/palette/js/keys.js; those of a table by the table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib.ui.pages import Page


@dataclass(frozen=True)
class Shortcut:
    """`keys`: ways to press it; in one way, "+" joins what is held together and a space what is
    pressed one after another."""

    keys: tuple[str, ...]
    does: str


# After "g". By letter, so that none can stand for two pages.
LETTERS: Mapping[str, str] = {
    "i": "Home.py",
    "s": "pages/Suscripciones.py",
    "l": "pages/Licenciamiento.py",
    "c": "pages/Certificados.py",
    "u": "pages/Cuenta.py",
    "e": "pages/Envios.py",
    "a": "pages/Aprobaciones.py",
    "n": "pages/Alertas.py",
    "m": "pages/Importar.py",
    "k": "pages/Registrar.py",
    "d": "pages/Cargar.py",
    "r": "pages/Tablero.py",
    "b": "pages/Bitacora.py",
    "o": "pages/Politica.py",
    "t": "pages/Plantillas.py",
    "w": "pages/Usuarios.py",
    "p": "pages/Mi_perfil.py",
    "z": "pages/Buzon_demo.py",
}

ANYWHERE = (
    Shortcut(("/", "Ctrl+K"), "Buscar en todo: cuentas, sistemas y certificados"),
    Shortcut(("b",), "Ir a la búsqueda de la tabla"),
    Shortcut(("?",), "Ver esta lista"),
    Shortcut(("Esc",), "Cerrar la ventana o el menú abierto"),
    Shortcut(("Tab", "Shift+Tab"), "Ir al siguiente o al anterior campo, botón o tabla"),
)

TABLE = (
    Shortcut(("↓", "↑", "Home", "End"), "Recorrer los renglones; el panel abierto los sigue"),
    Shortcut(("PgDn", "PgUp"), "Página siguiente o anterior"),
    Shortcut(("→", "←"), "Entrar a los botones del renglón y salir; abrir y cerrar un grupo"),
    Shortcut(("Enter",), "Ver el renglón en el panel y entrar en él; abrir y cerrar un grupo"),
    Shortcut(("Esc",), "Cerrar el panel"),
    Shortcut(("c",), "Copiar la serie (en Cuenta, el número de cuenta)"),
    Shortcut(("r",), "Reenviar CDA"),
    Shortcut(("d",), "Dónde está el CDA de un certificado"),
    Shortcut(("a",), "Abrir la cuenta"),
    Shortcut(("v",), "Vincular un certificado a una cuenta"),
    Shortcut(("l",), "Ver en Bitácora"),
    Shortcut(("m", "Shift+F10"), "Menú del renglón"),
    Shortcut(("Espacio",), "Seleccionar el renglón, o el grupo completo"),
    Shortcut(("Shift+↓", "Shift+↑", "Shift+Espacio"), "Seleccionar varios seguidos"),
    Shortcut(("Ctrl+A",), "Seleccionar lo que muestra la página"),
)

AROUND_TABLE = (
    Shortcut(("Alt+↓", "Shift+F10"), "En un encabezado: su menú de orden, grupo, filtro y lugar"),
    Shortcut(("Enter", "Shift+Enter"), "En un encabezado: ordenar por ella; además de por otras"),
    Shortcut(("Shift+Alt+→", "Shift+Alt+←"), "En un encabezado: más ancha o más angosta"),
    Shortcut(("Alt+↓",), "En un filtro: sus opciones"),
    Shortcut(("←", "→"), "En una columna agrupada: cambiarla de nivel"),
    Shortcut(("Supr",), "En un filtro activo o una columna agrupada: quitarlo"),
)

SEARCHING = (
    Shortcut(("↓", "↑"), "Recorrer los resultados"),
    Shortcut(("Enter",), "Abrir el resultado elegido"),
    Shortcut(("Ctrl+Enter",), "Abrirlo en otra pestaña"),
)


Going = Sequence[tuple[str, Page]]


def going(allowed: Sequence[Page]) -> Going:
    """The letters of the pages that a person may open, in the menu's order."""
    letters = {file: letter for letter, file in LETTERS.items()}
    return [(letters[page.file], page) for page in allowed if page.file in letters]


def sheet(going: Going) -> list[dict[str, Any]]:
    """The list under `?` as the browser draws it. `where`: "table" is for pages that have one."""
    pages = tuple(Shortcut((f"g {letter}",), page.title) for letter, page in going)
    return [
        _section("En toda la mesa", ANYWHERE),
        _section("Ir a una página", pages),
        _section("En la tabla", TABLE, where="table"),
        _section("Sobre la tabla", AROUND_TABLE, where="table"),
        _section("En el buscador", SEARCHING),
    ]


def _section(title: str, shortcuts: Sequence[Shortcut], where: str = "") -> dict[str, Any]:
    rows = [[list(shortcut.keys), shortcut.does] for shortcut in shortcuts]
    return {"title": title, "where": where, "rows": rows}
