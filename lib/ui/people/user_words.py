"""Who uses the desk: what Usuarios and the command line call what they have, and its table."""

from collections.abc import Sequence

from lib.model import clock
from lib.services.doors.opening import Proof
from lib.services.doors.people import Person
from lib.ui import messages

FACTOR_NAMES = {Proof.PASSKEY: "Llave de acceso", Proof.TOTP: "Aplicación de códigos"}
TITLES = ("Usuario", "Nombre", "Correo", "Perfil", "Estado", "Segundo factor", "Entró")


def factors(one: Person) -> list[str]:
    """What each of theirs is called."""
    return [name for factor, name in FACTOR_NAMES.items() if factor in one.factors]


def table(people: Sequence[Person]) -> str:
    """By username, those who left too; times by the office's clock."""
    if not people:
        return "Todavía no hay nadie; python -m lib user add USUARIO --role administrador."
    lines = [TITLES, *map(_cells, people)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(TITLES))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(one: Person) -> tuple[str, ...]:
    person, last = one.listed.person, one.listed.last_seen_at
    return (
        person.username,
        person.name,
        person.email,
        messages.ROLE_NAMES[person.role],
        "Activo" if person.active else "De baja",
        ", ".join(factors(one)) or "No",
        f"{clock.at_office(last):%d/%m/%Y %H:%M}" if last else "Nunca",
    )
