"""`python -m lib key`: print a new CDA key for MESA_CDA_KEY; `key rotate` seals every CDA anew."""

import argparse
import sys
from typing import Any

from lib import settings
from lib.commands.progress import Progress
from lib.model.rotation import Resealed
from lib.services import encrypting
from lib.services.loads import handover, rotating
from lib.settings import Settings
from lib.store import cipher, keys
from lib.ui import written


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser(
        "key", help="imprime una llave nueva para MESA_CDA_KEY, o cambia la que está en uso"
    )
    parser.set_defaults(run=run)
    acts = parser.add_subparsers(dest="act", metavar="ACCIÓN")
    rotate = acts.add_parser(
        "rotate", help="sella todos los CDA con una llave nueva; también con la mesa abierta"
    )
    rotate.set_defaults(run=run_rotate)
    data = acts.add_parser("data", help="imprime una llave nueva para MESA_DATA_KEY")
    data.set_defaults(run=run_data)
    encrypt = acts.add_parser(
        "encrypt", help="cifra con MESA_DATA_KEY una carpeta de datos que no lo está"
    )
    encrypt.set_defaults(run=run_encrypt)


def run(_: argparse.Namespace) -> int:
    print(keys.new_key())
    return 0


def run_data(_: argparse.Namespace) -> int:
    print(cipher.new_key())
    return 0


def run_encrypt(_: argparse.Namespace) -> int:
    done = encrypting.encrypt(settings.read(), handover.os_actor())
    if not done:
        print("Los datos ya estaban cifrados con esa llave.")
        return 0
    print(
        f"{written.count(done, 'archivo quedó cifrado', 'archivos quedaron cifrados')}. Guarda la "
        "llave en otro lugar: sin ella nadie abre la mesa ni sus respaldos. Los archivos que la "
        "gente subió ya no se conservan; lo que estaba sin cifrar puede seguir en el disco y en "
        "respaldos de antes."
    )
    return 0


def run_rotate(_: argparse.Namespace) -> int:
    """130 on Ctrl-C."""
    read = settings.read()
    try:
        made = _rotate(read)
    except KeyboardInterrupt:
        print("\nInterrumpido: si no alcanzó a publicarse, no cambió nada.", file=sys.stderr)
        return 130
    print(_report(read, made))
    return 0


def _rotate(read: Settings) -> Resealed:
    """By this process, or by the running desk when there is one."""
    actor, progress = handover.os_actor(), Progress()
    try:
        desk = handover.opened(read)
        if desk is None:
            return handover.hand_over_rotation(read, actor, progress)
        try:
            return rotating.rotate(desk, actor, progress)
        finally:
            desk.close()
    finally:
        progress.end()


def _report(read: Settings, made: Resealed) -> str:
    done = f"{made.codes:,} CDA quedaron sellados con una llave nueva (huella {made.new_key})."
    return "\n\n".join([done, (_in_setting if read.cda_key else _aside)(read, made)])


def _aside(read: Settings, made: Resealed) -> str:
    old = keys.find(read.data, made.old_key)
    return (
        f"La anterior (huella {made.old_key}) se quedó en {old}. Bórrala cuando ya no necesites "
        "abrir respaldos ni cargas de antes."
    )


def _in_setting(read: Settings, made: Resealed) -> str:
    """The desk works with both meanwhile: the new one lies in the folder of keys."""
    file = keys.find(read.data, made.new_key) or keys.file_in_use(read.data)
    key = file.read_text("ascii").strip()
    return (
        "MESA_CDA_KEY todavía tiene la anterior. Guárdala mientras necesites abrir respaldos o "
        f"cargas de antes, pon esta en su lugar y reinicia la mesa:\n\n{key}\n\n"
        f"Mientras tanto la mesa toma la nueva de {file}; bórralo cuando la mesa ya la tenga."
    )
