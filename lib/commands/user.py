"""`python -m lib user add USERNAME --role ROLE`: a desk's first administrator, and whoever else."""

import argparse
import getpass
import sys
from typing import Any

from lib import settings
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.services.doors import access
from lib.services.loads.handover import os_actor
from lib.services.log import continuing


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("user", help="da de alta a quien usa la mesa")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACCIÓN")
    add = acts.add_parser("add", help="agrega a una persona; la contraseña se pide o se lee")
    add.add_argument("username", metavar="USUARIO")
    add.add_argument("--role", required=True, choices=[role.value for role in Role])
    add.add_argument("--name", default="", help="nombre completo")
    add.add_argument("--email", default="", help="correo")
    add.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Reads the password before opening the desk, so that nothing is held while somebody types."""
    password = _password()
    desk = continuing.opened_alone(settings.read())
    try:
        access.add_staff(
            desk,
            os_actor(),
            options.username,
            options.name or options.username,
            options.email,
            Role(options.role),
            password,
        )
    finally:
        desk.close()
    print(f"{options.username} ya puede entrar a la mesa como {options.role}.")
    return 0


def _password() -> str:
    """Asked twice at a terminal; else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Contraseña: ")
    if password != getpass.getpass("Repítela: "):
        raise AppError(Reason.PASSWORDS_DIFFER)
    return password
