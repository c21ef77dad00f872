"""`python -m lib COMMAND`: the desk's command line."""

import argparse
import sys

from lib.commands import (
    asking,
    audit_export,
    demo,
    import_,
    key,
    load,
    loads,
    log,
    privacy,
    report,
    serve,
    undo,
    user,
    verify,
)
from lib.model.errors import AppError
from lib.store import private
from lib.ui import logs, messages

COMMANDS = (
    *(audit_export, demo, import_, key, load, loads, log),
    *(privacy, report, serve, undo, user, verify),
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; a refusal prints its sentence and exits with 2."""
    parser = argparse.ArgumentParser(prog="python -m lib", description="Mesa CDA")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMANDO")
    for module in COMMANDS:
        module.add_to(commands)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except AppError as error:
        print(asking.printable(messages.sentence(error)), file=sys.stderr)
        return 2


if __name__ == "__main__":
    logs.install()
    private.new_files()
    sys.exit(main())
