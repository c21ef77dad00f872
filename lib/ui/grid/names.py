"""What the grid's lists, columns and codes are called on screen: the portal's words."""

from collections.abc import Mapping
from dataclasses import dataclass

from lib.model.action import Action
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


DAMAGED_LINK = "El enlace está incompleto o dañado: se muestra la lista completa."
ROW_GONE = "Ese renglón ya no existe; la tabla ya muestra lo que hay ahora."


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
HINTS: Mapping[Kind, tuple[str, str]] = {
    Kind.TEXT: ("contiene", "Contiene ese texto, con o sin acentos."),
    Kind.NUMBER: (">=10", "Por ejemplo: 5, >=10, <5, 3..7"),
    Kind.DATE: (
        "dd/mm/aaaa",
        "Por ejemplo: 15/07/2026, 07/2026, 2026, >=2026, 01/2026..06/2026",
    ),
    Kind.INSTANT: (
        "dd/mm/aaaa",
        "Por ejemplo: 15/07/2026, 07/2026, 2026, >=15/07/2026, 01/2026..06/2026",
    ),
    Kind.CHOICE: ("", "Elige uno."),
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
