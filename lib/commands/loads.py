"""`python -m lib loads`: the last loads and imports, also while the desk is running."""

import argparse
import json
import sys
from typing import Any

from lib import settings
from lib.commands import asking
from lib.services.loads import asked
from lib.ui import written

_KINDS = {"pack": "carga", "certificates": "importación"}


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("loads", help="lista las últimas cargas e importaciones")
    parser.add_argument("--json", action="store_true", help="con todos sus datos, como JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    known = asking.answer(settings.read(), {"ask": asked.LIST})["batches"]
    if options.json:
        print(json.dumps(known, ensure_ascii=False))
        return 0
    lines = [_line(batch) for batch in known] or ["Todavía no hay ninguna."]
    sys.stdout.write(asking.printable("\n".join(lines) + "\n"))
    return 0


def _line(batch: dict[str, Any]) -> str:
    counts = batch["summary"]
    did = written.rows({name: counts.get(name, 0) for name in ("new", "changed")})
    undone = f", deshecha por {batch['undone_by']}" if batch["undone_by"] else ""
    at = batch["finished_at"][:16].replace("T", " ")
    kind = _KINDS[batch["kind"]]
    return f"{batch['batch']}  {at} UTC  {kind}  {batch['source']}  {batch['actor']}: {did}{undone}"
