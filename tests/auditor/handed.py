"""The log as an auditor gets it: exported, unpacked, and judged by the verifier that travels."""

import importlib
import sys
import zipfile
from pathlib import Path
from typing import Any

from lib.model.actor import Actor
from lib.model.audit_export import Asked
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.log import auditing
from lib.services.log.packing import TRAVELS, Packing, Scope
from lib.store.database import Store
from lib.store.log.auditing import Anchors, ends
from lib.ui.log.audit_words import WORDS

AUDITOR = Path(__file__).parents[2] / "lib" / "auditor"
MANAGER = Actor("gerente", "Gerardo Gerente", Role.MANAGER, session="s-gerente")


def verifier() -> Any:
    """The module of lib/auditor/verificar.py, in this process."""
    if str(AUDITOR) not in sys.path:
        sys.path.append(str(AUDITOR))
    return importlib.import_module("verificar")


def unpacked(making: Any, folder: Path) -> Path:
    """A ZIP on its way out, written and unpacked into `folder`."""
    folder.parent.mkdir(exist_ok=True)
    file = folder.with_suffix(".zip")
    with file.open("wb") as stream:
        stream.writelines(making)
    making.close()
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert set(TRAVELS) < set(archive.namelist())
        archive.extractall(folder)
    return folder


def exported(desk: Desk, folder: Path, asked: Asked) -> Path:
    """As the command line does, unpacked."""
    return unpacked(auditing.written(desk, MANAGER, asked, WORDS), folder)


def as_it_is(store: Store, folder: Path) -> Path:
    """All of a log, whatever was done to it; nothing is logged."""
    low, high = ends(store)
    scope = Scope(min(low, 1), high, whole=True, detailed=True)
    desk = Desk(None, store)  # type: ignore[arg-type] — no setting is asked for
    return unpacked(Packing(desk, MANAGER, scope, WORDS, Anchors(store), logged=False), folder)


def findings(folder: Path, told: tuple[int, str] | None = None) -> list[tuple[int, str, int]]:
    """What the verifier finds: row, how, and up to which."""
    module = verifier()
    check = module.Check(folder, told and module.Head(*told))
    check.run()
    return [(each.seq, each.problem, each.through) for each in check.found]
