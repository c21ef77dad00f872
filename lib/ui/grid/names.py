"""What the grid's lists, columns and codes are called on screen: the portal's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lib.model.action import Action
from lib.model.left_out import What
from lib.store.grid.columns import Kind
from lib.store.grid.sources import OVERDUE
from lib.ui import messages

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
    """A column's heading and its width in rem; the wide one takes what room is left."""

    label: str
    width: float
    wide: bool = False


HEADINGS: Mapping[str, Heading] = {
    "product": Heading("Sistema", 5.2),
    "version": Heading("Versión", 4.5),
    "seats": Heading("Usuarios", 4.9),
    "serial": Heading("No. Serie", 7.3),
    "account_no": Heading("Cuenta", 5.2),
    "account_name": Heading("Cliente", 9.5, wide=True),
    "activated_on": Heading("Fecha Activación", 5.8),
    "next_payment_on": Heading("Próximo Pago", 5.8),
    "purchased_on": Heading("Fecha Compra", 5.8),
    "period": Heading("Periodo", 5.6),
    "status": Heading("Estado", 5.8),
    "kind": Heading("Tipo", 7.4),
    "folio": Heading("Folio", 7),
    "holder": Heading("Titular", 13, wide=True),
    "rfc": Heading("RFC", 9),
    "name": Heading("Cliente", 12, wide=True),
    "email": Heading("Correo", 15),
    "phone": Heading("Teléfono", 8.2),
    "registered_on": Heading("Fecha Alta", 5.8),
    "logged_at": Heading("Fecha", 10.6),
    "actor": Heading("Quién", 7),
    "role": Heading("Perfil", 7.6),
    "action": Heading("Qué", 12),
    "reason": Heading("Motivo", 13, wide=True),
    "ticket": Heading("Ticket", 6),
    "outcome": Heading("Resultado", 7),
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
LISTED = frozenset({"version", "actor"})

# What a view asked for and didn't get; {} is the column's or the level's name.
LEFT_OUT: Mapping[What, str] = {
    What.COLUMN: "Esta tabla no tiene la columna {}: se abrió sin ella.",
    What.FILTER: "El filtro de {} no se entiende.",
    What.GROUP: "No se puede agrupar por {}: se abrió sin ese nivel.",
    What.DEPTH: "Se agrupa hasta por cinco columnas: {} quedó fuera.",
    What.OPENED: "Algunos de los grupos que estaban abiertos ya no existen.",
    What.UNFOLDED: "Son demasiados grupos para abrirlos todos: se abren de uno en uno.",
    What.PAGE: "Esa página ya no existe: se muestra la última.",
}

# What a date can be grouped by, in the order offered; "" is the day itself.
GRAINS: Mapping[str, str] = {"month": "Mes", "year": "Año", "": "Día", "due": "Por vencer"}
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
    "role": {role.value: name for role, name in messages.ROLE_NAMES.items()},
    "action": {action.value: messages.ACTION_NAMES[action] for action in Action},
    "reason": messages.LOG_REASONS,
    "outcome": {outcome.value: name for outcome, name in messages.OUTCOME_NAMES.items()},
}
