"""`make chaos`: `kill -9` of the desk while resends pass through a server that hangs up.

The last line is `lost L doubled D kills K`; the exit status is 1 when anything is lost or doubled,
or when the log says otherwise than the mailbox.
"""

import argparse
import sys
import time
from collections import Counter

from tests.chaos.run import Chaos, run
from tests.mail import real_servers


def main() -> int:
    options = _options()
    if missing := real_servers.missing():
        sys.stderr.write(f"{missing}\n")
        return 2
    seed = options.seed if options.seed is not None else time.time_ns() % 1_000_000
    _say(f"{options.resends} resends, {options.kills} kills, seed {seed}")
    chaos = run(options.resends, options.kills, seed, _say)
    _tell(chaos)
    return 0 if chaos.reckoning.clean else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--resends", type=int, default=300)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, help="of what is drawn; timing is the machine's own")
    return parser.parse_args()


def _tell(chaos: Chaos) -> None:
    found = chaos.reckoning
    moments = Counter(moment.value for moment in chaos.kills)
    _say("killed: " + ", ".join(f"{count} {name}" for name, count in moments.items()))
    _say("log: " + ", ".join(f"{count} {act}" for act, count in sorted(chaos.acts.items())))
    for sentence in found.wrong:
        _say(f"WRONG {sentence}")
    agrees = "says otherwise" if found.wrong else "agrees row by row, its chain verifies"
    _say(f"{chaos.asked} asked for and acknowledged; the log {agrees}")
    _say(f"lost {len(found.lost)} doubled {len(found.doubled)} kills {len(chaos.kills)}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
