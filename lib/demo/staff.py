"""The demonstration's three people, one of each role, with a password that everybody knows."""

from lib.model.actor import SYSTEM
from lib.model.roles import Role
from lib.services.demonstration import PASSWORD
from lib.services.desk import Desk
from lib.services.doors import access

__all__ = ["PASSWORD", "PEOPLE", "add"]

PEOPLE = (
    ("agente", "Agustina Vega", Role.AGENT),
    ("gerente", "Gerardo Luna", Role.MANAGER),
    ("admin", "Adela Ríos", Role.ADMIN),
)


def add(desk: Desk) -> None:
    """Add who isn't there yet; a password changed since stays as it is."""
    for username, name, role in PEOPLE:
        if access.is_staff(desk, username):
            continue
        access.add_staff(desk, SYSTEM, username, name, f"{username}@example.com", role, PASSWORD)
