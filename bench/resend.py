"""`python -m bench.resend`: what an agent waits for a resend, and how fast mail leaves, into
bench/resend.json.

Acknowledged: from the button to the answer, one durable transaction. Sent: a queue of mails
through Postfix on loopback (or, where it isn't installed, a server that only takes them), beside
yagmail called once a mail and django-post_office. Needs nothing else running. Ends by itself.
"""

import argparse
import datetime as dt
import json
from pathlib import Path
from typing import Any

from bench import machine, mail_server, prepared, resend_peers
from bench.figures import Figures
from bench.mail_server import Server
from bench.resending import Ours

LATEST = Path(__file__).with_name("resend.json")
_AIM_P95_MS = 30
_AIM_PER_S = 50
_SERVED = 400_000  # accounts of the desk that the rest of the bench makes, if it ran here
_ACCOUNTS = 100_000  # of a desk made for this


def main() -> None:
    options = _options()
    data = options.data or _desk()
    result = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": machine.described(),
        "mails": options.mails,
    }
    ours = Ours(data)
    try:
        with mail_server.serving([*ours.domains, resend_peers.DOMAIN]) as server:
            print(f"{options.mails:,} mails through {server.name}\n", flush=True)
            result |= {"server": server.name, **_ours(ours, server, options.mails)}
            result["peers"] = {} if options.alone else _peers(server, options.mails)
    finally:
        ours.close()
    LATEST.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"\nWritten to {LATEST}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.resend", description=__doc__)
    parser.add_argument("--data", type=Path, help="a desk's folder; it is copied, never written")
    parser.add_argument("--mails", type=int, default=2_000)
    parser.add_argument("--alone", action="store_true", help="without the peers")
    return parser.parse_args()


def _desk() -> Path:
    data, _ = prepared.desk(_SERVED if prepared.is_made(_SERVED) else _ACCOUNTS, fresh=False)
    return data


def _ours(ours: Ours, server: Server, mails: int) -> dict[str, Any]:
    queued = ours.queue(mails)
    print(f"acknowledged, ms {_pair(queued)} {_met(queued.at(0.95) <= _AIM_P95_MS)}", flush=True)
    per_s, meanwhile = ours.send(server)
    print(f"acknowledged while mail leaves, ms {_pair(meanwhile)}")
    print(f"Mesa CDA, mails/s {per_s:.0f} {_met(per_s >= _AIM_PER_S)}", flush=True)
    return {
        "systems": ours.systems,
        "acknowledged_ms": queued.to_json(),
        "acknowledged_while_sending_ms": meanwhile.to_json(),
        "mails_per_s": round(per_s, 1),
    }


def _pair(figures: Figures) -> str:
    return f"p50 {figures.at(0.5):.1f} p95 {figures.at(0.95):.1f}"


def _met(met: bool) -> str:
    return "(aim met)" if met else "(aim MISSED)"


def _peers(server: Server, mails: int) -> dict[str, dict[str, Any]]:
    told = {}
    for name, measure in resend_peers.PEERS.items():
        told[name] = measure(server, mails)
        print(f"{name}, mails/s {told[name]['mails_per_s']:.0f}", flush=True)
    return told


if __name__ == "__main__":
    main()
