"""A desk that another process holds: `python -m tests.commands.running_desk [deaf]`.

Says "open" once it is, and closes when its stdin does. A deaf one has no clerk.
"""

import sys

from lib import settings
from lib.services.desk import open_desk
from lib.services.loads.handover import Clerk


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def main() -> None:
    desk = open_desk(settings.read())
    clerk = Clerk(desk)
    if "deaf" not in sys.argv:
        clerk.start()
    say("open")
    sys.stdin.read()
    clerk.stop()
    say(desk.store.rows("SELECT count(*) FROM system")[0][0])
    desk.close()


if __name__ == "__main__":
    main()
