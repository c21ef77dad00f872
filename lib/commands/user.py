"""`python -m lib user …`: a desk's first administrator, and its people when nobody else can.

With the desk closed: only one process may hold the database. A password is asked for or read from
standard input, never an argument, which everybody on the machine could see.
"""

import argparse
import getpass
import sys
from collections.abc import Callable
from typing import Any

from lib import settings
from lib.commands import asking
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access, emergency, factors, invitations, people, single_sign_on
from lib.services.doors.invitations import Invited
from lib.services.loads.handover import os_actor
from lib.services.log import continuing
from lib.store.people.staff import Staff
from lib.ui import messages
from lib.ui.people import user_words

_ROLES = [role.value for role in Role]


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("user", help="da de alta, cambia y lista a quienes usan la mesa")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACCIÓN")
    listed = acts.add_parser("list", help="quiénes son, qué pueden y cuándo entraron")
    listed.set_defaults(run=run_list)
    add = _act(acts, "add", "agrega a una persona; la contraseña se pide o se lee", run_add)
    add.add_argument("--role", required=True, choices=_ROLES)
    add.add_argument("--name", default="", help="nombre completo")
    add.add_argument("--email", default="", help="correo")
    add.add_argument(
        "--invite", action="store_true", help="sin contraseña: le llega por correo un enlace"
    )
    role = _act(acts, "role", "le da otro perfil", run_role)
    role.add_argument("role", metavar="PERFIL", choices=_ROLES)
    _act(acts, "disable", "ya no puede entrar, y sale de donde esté", run_disable)
    _act(acts, "enable", "puede entrar otra vez", run_enable)
    _act(acts, "reset-factor", "le quita el segundo factor que perdió", run_reset_factor)
    link = _act(acts, "password", "hace un enlace para que ponga su contraseña", run_password)
    link.add_argument("--mail", action="store_true", help="se lo manda en vez de mostrarlo")
    glass = _act(acts, "emergency", "su contraseña abre aunque solo entre el proveedor", run_glass)
    glass.add_argument("--off", action="store_true", help="ya no")
    _act(acts, "unlink", "le quita la cuenta de la empresa, si le dieron otra", run_unlink)


def _act(
    acts: "argparse._SubParsersAction[Any]",
    name: str,
    what: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=what)
    parser.add_argument("username", metavar="USUARIO")
    parser.set_defaults(run=run)
    return parser


# ---- adding --------------------------------------------------------------------------------------


def run_add(options: argparse.Namespace) -> int:
    """Reads the password before opening the desk, so that nothing is held while somebody types;
    130 on Ctrl-C and Ctrl-D."""
    try:
        password = "" if options.invite else _password()
    except (KeyboardInterrupt, EOFError):
        print("\nInterrumpido: no se agregó a nadie.", file=sys.stderr)
        return 130
    role = Role(options.role)

    def add(desk: Desk, actor: Actor) -> str:
        name = options.name or options.username
        if options.invite:
            typed = Invited(options.username, name, options.email, role)
            username = invitations.invite(desk, actor, typed)
            return f"{username} recibirá su enlace cuando la mesa esté abierta; vale 24 horas."
        access.add_staff(desk, actor, options.username, name, options.email, role, password)
        return f"{options.username} ya puede entrar a la mesa como {options.role}."

    return _said(add)


def _password() -> str:
    """Asked twice at a terminal; else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Contraseña: ")
    if password != getpass.getpass("Repítela: "):
        raise AppError(Reason.PASSWORDS_DIFFER)
    return password


# ---- those who are there -------------------------------------------------------------------------


def run_list(_: argparse.Namespace) -> int:
    return _said(lambda desk, actor: user_words.table(people.everybody(desk, actor)))


def run_role(options: argparse.Namespace) -> int:
    role = Role(options.role)

    def change(desk: Desk, actor: Actor) -> str:
        seen = _seen(desk, actor, options.username)
        people.change_role(desk, actor, seen, role)
        return f"{seen.username} es ahora {messages.ROLE_NAMES[role].lower()}; que entre de nuevo."

    return _said(change)


def run_disable(options: argparse.Namespace) -> int:
    def disable(desk: Desk, actor: Actor) -> str:
        people.set_active(desk, actor, _seen(desk, actor, options.username), active=False)
        return f"{options.username} ya no puede entrar."

    return _said(disable)


def run_enable(options: argparse.Namespace) -> int:
    def enable(desk: Desk, actor: Actor) -> str:
        people.set_active(desk, actor, _seen(desk, actor, options.username), active=True)
        return f"{options.username} puede entrar otra vez."

    return _said(enable)


def run_reset_factor(options: argparse.Namespace) -> int:
    def reset(desk: Desk, actor: Actor) -> str:
        factors.reset(desk, actor, options.username)
        return f"{options.username} ya no tiene segundo factor; pondrá otro cuando entre."

    return _said(reset)


def run_password(options: argparse.Namespace) -> int:
    """Nobody chooses another person's password: they get a link to choose it themselves."""

    def link(desk: Desk, actor: Actor) -> str:
        if options.mail:
            invitations.send_link(desk, actor, options.username)
            return f"El enlace para {options.username} saldrá cuando la mesa esté abierta."
        address = invitations.link_in_hand(desk, actor, options.username)
        return f"Para {options.username}, una sola vez y durante 24 horas:\n\n{address}"

    return _said(link)


def run_glass(options: argparse.Namespace) -> int:
    def mark(desk: Desk, actor: Actor) -> str:
        emergency.mark(desk, actor, options.username, breaks_glass=not options.off)
        opens = "ya no abre" if options.off else "abre también"
        return f"La contraseña de {options.username} {opens} con MESA_LOCAL_SIGN_IN=emergencia."

    return _said(mark)


def run_unlink(options: argparse.Namespace) -> int:
    def unlink(desk: Desk, actor: Actor) -> str:
        single_sign_on.unlink(desk, actor, options.username)
        return f"La siguiente cuenta con el correo de {options.username} será la suya."

    return _said(unlink)


def _seen(desk: Desk, actor: Actor, username: str) -> Staff:
    for one in people.everybody(desk, actor):
        if one.listed.person.username == username:
            return one.listed.person
    raise AppError(Reason.UNKNOWN_PERSON)


def _said(work: Callable[[Desk, Actor], str]) -> int:
    desk = continuing.opened_alone(settings.read())
    try:
        print(asking.printable(work(desk, os_actor())))
    finally:
        desk.close()
    return 0
