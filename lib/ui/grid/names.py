"""What the grid's lists, columns and codes are called on screen: the portal's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from lib.model.action import Action
from lib.model.left_out import What
from lib.store.grid.columns import Kind
from lib.store.grid.sources import OVERDUE, Source
from lib.ui import messages
from lib.ui.log import log_words

TITLES: Mapping[str, str] = {
    "subscriptions": "Sistemas en Suscripción",
    "licences": "Licenciamiento",
    "systems": "Sistemas",
    "certificates": "Certificados",
    "accounts": "Cuentas",
    "audit": "Bitácora",
}

NO_VALUE = "(vacío)"
DAMAGED_LINK = "El enlace está incompleto o dañado: se muestra la lista completa."
ROW_GONE = "Ese renglón ya no existe; la tabla ya muestra lo que hay ahora."


@dataclass(frozen=True)
class Copy:
    """What one key copies: the act, what is said after it, and after several (behind a number)."""

    act: str
    done: str
    many: str


COPIES: Mapping[str, Copy] = {
    "serial": Copy("Copiar serie", "Serie copiada", "series copiadas"),
    "account_no": Copy("Copiar cuenta", "Cuenta copiada", "cuentas copiadas"),
}


@dataclass(frozen=True)
class Heading:
    """A column's heading and its least width in rem: they all grow a little with the window (--u
    in grid.css), and the wide one takes what room is left."""

    label: str
    width: float
    wide: bool = False


HEADINGS: Mapping[str, Heading] = {
    "product": Heading("Sistema", 4.6),
    "version": Heading("Versión", 4),
    "seats": Heading("Usuarios", 4.4),
    "serial": Heading("No. Serie", 6.8),
    "account_no": Heading("Cuenta", 4.6),
    "account_name": Heading("Cliente", 8, wide=True),
    "activated_on": Heading("Fecha Activación", 4.9),
    "next_payment_on": Heading("Próximo Pago", 4.9),
    "purchased_on": Heading("Fecha Compra", 4.9),
    "period": Heading("Periodo", 4.9),
    "status": Heading("Estado", 5.1),
    "kind": Heading("Tipo", 6.4),
    "folio": Heading("Folio", 6.6),
    "holder": Heading("Titular", 11, wide=True),
    "rfc": Heading("RFC", 8),
    "link": Heading("Vínculo", 6.4),
    "batch": Heading("Importación", 12, wide=True),
    "name": Heading("Cliente", 12, wide=True),
    "email": Heading("Correo", 13),
    "phone": Heading("Teléfono", 7.2),
    "registered_on": Heading("Fecha Alta", 4.9),
    "logged_at": Heading("Fecha", 8.6),
    "actor": Heading("Quién", 7.4),
    "role": Heading("Perfil", 6.4),
    "action": Heading("Qué", 9.5),
    "reason": Heading("Motivo", 8.5, wide=True),
    "ticket": Heading("Ticket", 4.8),
    "outcome": Heading("Resultado", 6.2),
    "versions": Heading("Versiones", 9),
    "seq": Heading("Renglón", 4.6),
}

# Columns that aren't shown until somebody asks for them, by list: at 1280 pixels the others have
# room. The account's number, an entry's role, versions and number are in the side panel.
HIDDEN: Mapping[str, frozenset[str]] = {
    "subscriptions": frozenset({"account_no"}),
    "certificates": frozenset({"link", "batch"}),
    "audit": frozenset({"role", "versions", "seq"}),
}

# What a column's filter takes: in the empty field, and at length when pointed at.
_DAYS = "Por ejemplo: 15/07/2026, 07/2026, 2026, >=2026, 01/2026..06/2026, hoy, últimos 30 días"
HINTS: Mapping[Kind, tuple[str, str]] = {
    Kind.TEXT: (
        "contiene",
        "Contiene ese texto, con o sin acentos; ^texto empieza, =texto es.",
    ),
    Kind.NUMBER: (">=10", "Por ejemplo: 5, >=10, <5, 3..7"),
    Kind.DATE: ("fecha", _DAYS),
    Kind.INSTANT: ("fecha", _DAYS),
    Kind.CHOICE: ("", "Elige uno; con el embudo, varios."),
}

# What a date is often filtered by: what is written, and what its button says.
PRESETS: Mapping[str, Sequence[tuple[str, str]]] = {
    "next_payment_on": (
        ("vencidas", "Vencidas"),
        ("hoy", "Vence hoy"),
        ("esta semana", "Vence esta semana"),
        ("este mes", "Vence este mes"),
        ("próximos 30 días", "Vence en 30 días"),
    ),
    "logged_at": (
        ("hoy", "Hoy"),
        ("ayer", "Ayer"),
        ("esta semana", "Esta semana"),
        ("últimos 7 días", "Últimos 7 días"),
        ("este mes", "Este mes"),
        ("mes pasado", "Mes pasado"),
        ("últimos 30 días", "Últimos 30 días"),
        ("este año", "Este año"),
    ),
}
DATE_PRESETS: Sequence[tuple[str, str]] = (
    ("hoy", "Hoy"),
    ("esta semana", "Esta semana"),
    ("este mes", "Este mes"),
    ("mes pasado", "Mes pasado"),
    ("últimos 30 días", "Últimos 30 días"),
    ("este año", "Este año"),
)

# Text of which there are few values: its filter lists them, as a choice's does.
LISTED = frozenset({"version"})

# What a view asked for and didn't get; {} is the column's or the level's name. (Of a filter that
# means nothing its own chip says so.)
LEFT_OUT: Mapping[What, str] = {
    What.COLUMN: "Se abrió sin lo que esta tabla no tiene: {}.",
    What.GROUP: "Se abrió sin agrupar por lo que no se puede: {}.",
    What.DEPTH: "Se agrupa hasta por cinco columnas; quedó fuera: {}.",
    What.OPENED: "Algunos de los grupos que estaban abiertos ya no existen.",
    What.UNFOLDED: "Son demasiados grupos para abrirlos todos: se abren de uno en uno.",
    What.PAGE: "Esa página ya no existe: se muestra la última.",
}

# What a date can be grouped by, in the order offered; "" is the day itself.
GRAINS: Mapping[str, str] = {"month": "Mes", "year": "Año", "": "Día", "due": "Vencimiento"}
DUE: Mapping[str, str] = {
    "overdue": "Vencidas",
    "this_week": "Vencen esta semana",
    "this_month": "Vencen este mes",
    "later": "Vencen después",
    "none": "Sin fecha",
}

# What the search looks in, and so what its field says.
SEARCHES: Mapping[str, str] = {
    "subscriptions": "Buscar por serie, nombre, correo, teléfono o RFC",
    "licences": "Buscar por serie, nombre, correo, teléfono o RFC",
    "systems": "Buscar por serie, nombre, correo, teléfono o RFC",
    "certificates": "Buscar por folio, serie, titular o RFC",
    "accounts": "Buscar por cuenta, nombre, correo, teléfono o RFC",
    "audit": "Buscar por persona, cuenta, serie, motivo o ticket",
}

# A tone's look (grid.css) and what it says to those who don't see it.
TONES: Mapping[str, tuple[str, str]] = {OVERDUE: ("bad", "Vencida")}

# Codes of the desk's own; the vendor's codes are already words.
LABELS: Mapping[str, Mapping[str, str]] = {
    "kind": {"subscription": "Suscripción", "licence": "Licencia"},
    "link": {"none": "Sin cuenta", "file": "Del archivo", "hand": "A mano"},
    "role": {role.value: name for role, name in messages.ROLE_NAMES.items()},
    "action": {action.value: log_words.ACTION_NAMES[action] for action in Action},
    "reason": log_words.LOG_REASONS,
    "outcome": {outcome.value: name for outcome, name in log_words.OUTCOME_NAMES.items()},
}


def labelled(
    source: Source, more: Mapping[str, Mapping[str, str]] = MappingProxyType({})
) -> Source:
    """The list as its grid shows it: codes by their names; `more` are of columns whose codes only
    the desk knows."""
    known = {**LABELS, **more}
    return source.labelled({c.id: known[c.id] for c in source.columns if c.id in known})
