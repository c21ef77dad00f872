"""Certificates as rows, and what changes of one: each cell that differs, before and now."""

from collections.abc import Iterable

from lib.model.system import Certificate
from lib.ui import written

Pair = tuple[Certificate, Certificate]


def row(c: Certificate) -> dict[str, object]:
    return {
        "Folio": c.folio,
        "No. Serie": c.serial,
        "Sistema": c.product,
        "Versión": c.version,
        "Usuarios": c.seats,
        "Fecha Compra": written.day(c.purchased_on),
        "Titular": c.holder,
        "RFC": c.rfc,
        "Cuenta": c.account_no,
    }


def cells(pairs: Iterable[Pair], only: str = "") -> list[dict[str, str]]:
    """One line for each cell that isn't what it was; `only` those under that title."""
    return [line for before, now in pairs for line in _of_one(before, now, only)]


def _of_one(before: Certificate, now: Certificate, only: str) -> list[dict[str, str]]:
    was, is_now = row(before), row(now)
    return [
        {"Folio": now.folio, "Dato": title, "Antes": str(was[title]), "Ahora": str(value)}
        for title, value in is_now.items()
        if was[title] != value and only in ("", title)
    ]
