"""The five files of a pack and their columns (shared README of the vendor's exports).

Every column here must be in a pack's heading: a column read as empty because it was missing
would wipe what an earlier pack brought. A file that a person imports may lack the optional ones:
what the desk holds there stays (lib/store/records/absent.py).
"""

from dataclasses import dataclass
from enum import StrEnum


class Holds(StrEnum):
    """What a column holds, which decides how it is checked (checks.py) and stored."""

    KEY = "key"  # not empty, and not eaten by Excel
    ACCOUNT = "account"  # the account that the row belongs to
    NAME = "name"  # text that must be there
    TEXT = "text"
    EMAIL = "email"
    RFC = "rfc"
    DATE = "date"  # may be empty
    ISSUE_DATE = "issue_date"  # may not
    SEATS = "seats"
    PRODUCT = "product"
    CODE = "code"  # the CDA: sealed as it is read, never reported


@dataclass(frozen=True)
class Column:
    heading: str  # as the vendor writes it
    name: str  # ours
    holds: Holds = Holds.TEXT
    optional: bool = False  # an import may come without it


@dataclass(frozen=True)
class PackFile:
    """`exported`: the desk's own exports come back as this file, with what they disarmed."""

    name: str
    columns: tuple[Column, ...]
    exported: bool = False

    @property
    def key(self) -> Column:
        return self.columns[0]

    def heading(self, name: str) -> str:
        """The vendor's heading of our column."""
        return next(c.heading for c in self.columns if c.name == name)


ACCOUNTS = PackFile(
    "cuentas.csv",
    (
        Column("No. Cuenta", "account_no", Holds.KEY),
        Column("Nombre y Apellidos", "name", Holds.NAME),
        Column("Correo de Contacto", "email", Holds.EMAIL),
        Column("Teléfono de Contacto", "phone"),
        Column("RFC", "rfc", Holds.RFC),
        Column("Razón Social", "legal_name"),
        Column("Régimen Fiscal", "tax_regime"),
        Column("Uso CFDI", "cfdi_use"),
        Column("Código Postal", "postal_code"),
        Column("Calle y Número", "street"),
        Column("Colonia", "neighborhood"),
        Column("Municipio", "municipality"),
        Column("Estado", "state"),
        Column("Fecha Alta", "registered_on", Holds.DATE),
    ),
)
SUBSCRIPTIONS = PackFile(
    "suscripciones.csv",
    (
        Column("No. Serie", "serial", Holds.KEY),
        Column("No. Cuenta", "account_no", Holds.ACCOUNT),
        Column("Sistema", "product", Holds.PRODUCT),
        Column("Versión", "version"),
        Column("Usuarios", "seats", Holds.SEATS),
        Column("Fecha Activación", "activated_on", Holds.DATE),
        Column("Próximo Pago", "next_payment_on", Holds.DATE),
        Column("Periodo", "period"),
        Column("Estado", "status"),
    ),
)
LICENCES = PackFile(
    "licencias.csv",
    (
        Column("No. Serie", "serial", Holds.KEY),
        Column("No. Cuenta", "account_no", Holds.ACCOUNT),
        Column("Sistema", "product", Holds.PRODUCT),
        Column("Versión", "version"),
        Column("Usuarios", "seats", Holds.SEATS),
        Column("Fecha Compra", "purchased_on", Holds.DATE),
        Column("Fecha Activación", "activated_on", Holds.DATE),
    ),
)
ACTIVATIONS = PackFile(
    "cda.csv",
    (
        Column("No. Serie", "serial", Holds.KEY),
        Column("CDA", "code", Holds.CODE),
        Column("Fecha Emisión", "issued_on", Holds.ISSUE_DATE),
        Column("Motivo", "cause"),
    ),
)
CERTIFICATES = PackFile(
    "certificados.csv",
    (
        Column("Folio", "folio", Holds.KEY),
        Column("No. Serie", "serial", Holds.KEY),
        Column("Sistema", "product", Holds.PRODUCT),
        Column("Versión", "version", optional=True),
        Column("Usuarios", "seats", Holds.SEATS),
        Column("Fecha Compra", "purchased_on", Holds.DATE, optional=True),
        Column("Titular", "holder", optional=True),
        Column("RFC", "rfc", Holds.RFC, optional=True),
        Column("No. Cuenta", "account_no", optional=True),
    ),
    exported=True,
)

# In the order they are read: what others refer to comes first.
FILES = (ACCOUNTS, SUBSCRIPTIONS, LICENCES, CERTIFICATES, ACTIVATIONS)
