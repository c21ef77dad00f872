"""What a search over everything found, as it reads: for Inicio and for the palette."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lib.services.records.finding import Found, Hits
from lib.services.records.verifying import Verdict
from lib.ui.grid import nearness

SHORTEST = 3  # characters typed before anything is looked for
NOTHING = (
    "Sin resultados. Prueba con menos palabras; se busca por nombre, serie, RFC, correo, "
    "teléfono, folio o cuenta, con o sin acentos."
)


@dataclass(frozen=True)
class Hit:
    """`row` is its id in its own list: account number, serial or folio. `account_no`: "" when it
    belongs to no account."""

    row: str
    title: str
    detail: str
    account_no: str


@dataclass(frozen=True)
class Kind:
    """`id`: accounts, systems or certificates. `note`: what was taken for mistyped, if anything.
    `listed`: its own list finds the same."""

    id: str
    label: str
    total: int
    hits: tuple[Hit, ...]
    note: str = ""
    listed: bool = True


def unregistered(verdict: Verdict) -> Kind:
    """What is said of a folio or serial that no certificate has, with those one slip away."""
    near = tuple(
        Hit(folio, taken if taken == folio else f"{taken} · folio {folio}", "a un dígito", "")
        for folio, taken in verdict.near
    )
    like = "; estos se parecen:" if near else " en ningún certificado; pide que lo lean otra vez."
    note = f"«{verdict.code}» no está registrado{like}"
    return Kind("certificates", "Certificados", len(near), near, note, listed=False)


def by_kind(found: Found) -> tuple[Kind, ...]:
    """The kinds of which there was something."""
    kinds = (
        _kind("accounts", "Cuentas", found.accounts, _account),
        _kind("systems", "Sistemas", found.systems, _system),
        _kind("certificates", "Certificados", found.certificates, _certificate),
    )
    return tuple(kind for kind in kinds if kind.total)


def _kind(name: str, label: str, hits: Hits, read: Callable[[Mapping[str, Any]], Hit]) -> Kind:
    note = " ".join(nearness.said(hits.near, only=hits.only_near))
    return Kind(name, label, hits.total, tuple(read(row) for row in hits.rows), note)


def _account(row: Mapping[str, Any]) -> Hit:
    number = row["account_no"]
    email = row["email"] or "sin correo"
    return Hit(number, row["name"], f"{number} · {email}", number)


def _system(row: Mapping[str, Any]) -> Hit:
    title = f"{row['product']} {row['version']} · {row['serial']}"
    return Hit(row["serial"], title, row["account_name"], row["account_no"])


def _certificate(row: Mapping[str, Any]) -> Hit:
    title = f"{row['product']} {row['version']} · folio {row['folio']} · {row['serial']}"
    whose = f"cuenta {row['account_no']}" if row["account_no"] else "sin cuenta"
    detail = f"{row['holder'] or 'sin titular'} · {whose}"
    return Hit(row["folio"], title, detail, row["account_no"])
