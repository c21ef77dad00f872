"""`python -m lib undo BATCH`: undo an import or the newest load, also while the desk is running."""

import argparse
import json
import sys
from typing import Any

from lib import settings
from lib.commands import asking
from lib.model.errors import AppError
from lib.services.loads import asked
from lib.ui import messages, written


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("undo", help="deshace una importación o la carga más reciente")
    parser.add_argument("batch", metavar="LOTE", help="como lo dice «python -m lib loads»")
    parser.add_argument("--reason", required=True, metavar="MOTIVO", help="queda en la bitácora")
    parser.add_argument("--json", action="store_true", help="qué se deshizo, como JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 when it is undone, even with rows that stay; 2 when it was refused."""
    what = {"ask": asked.UNDO, "batch": options.batch, "reason": options.reason}
    try:
        done = asking.answer(settings.read(), what)
    except AppError as error:
        if not options.json:
            raise
        print(json.dumps({"error": error.reason, "message": messages.sentence(error)}))
        return 2
    if options.json:
        print(json.dumps(done, ensure_ascii=False))
    else:
        sys.stdout.write(asking.printable(_text(done)))
    return 0


def _text(done: dict[str, Any]) -> str:
    gone = written.count(done["gone"], "certificado salió", "certificados salieron")
    back = written.count(done["returned"], "volvió a lo que era", "volvieron a lo que eran")
    stay = written.count(done["stays"], "se editó después y se queda", "se editaron y se quedan")
    lines = [f"Deshecha: {gone}, {back}, {stay}."]
    lines += [
        f"  {e['folio']}: {e['by']}, {e['at'][:16].replace('T', ' ')} UTC, "
        f"{e['source'] or 'a mano'}"
        for e in done["kept"]
    ]
    return "\n".join([*lines, ""])
