"""Who uses the desk, as lines for a terminal."""

from collections.abc import Sequence

from lib.model import clock
from lib.services.doors.people import Person
from lib.ui import messages

TITLES = ("Usuario", "Nombre", "Correo", "Perfil", "Estado", "Segundo factor", "Entró")


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
        "Sí" if one.factors else "No",
        f"{clock.at_office(last):%d/%m/%Y %H:%M}" if last else "Nunca",
    )
