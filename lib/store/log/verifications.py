"""What each verification of the log said."""

import json
import secrets
from collections.abc import Sequence

from lib.model.proof import Checked, Finding, Problem
from lib.store.database import Transaction
from lib.store.reading import Reader, marks


def add(transaction: Transaction, checked: Checked) -> None:
    first = checked.finding
    transaction.run(
        "INSERT INTO ops.verification"
        " (id, ended_at, rows, problem, seq, through, unchecked, findings)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            secrets.token_hex(8),
            checked.at,
            checked.rows,
            first.problem.value if first else "",
            first.seq if first else 0,
            first.through if first else 0,
            json.dumps(checked.unchecked),
            json.dumps(
                {
                    "findings": [[f.seq, f.problem.value, f.through] for f in checked.findings],
                    "dropped": checked.dropped,
                    "segment": checked.segment,
                }
            ),
        ],
    )


def last(reader: Reader) -> Checked | None:
    """The newest; None before the first."""
    rows = reader.remembered(
        "SELECT ended_at, rows, problem, seq, through, unchecked, findings FROM ops.verification"
        " ORDER BY rowid DESC LIMIT 1"  # not by an instant: clocks are set back
    )
    if not rows:
        return None
    at, count, problem, seq, through, unchecked, kept = rows[0]
    said = json.loads(kept) or {}
    first = (Finding(seq, Problem(problem), through),) if problem else ()
    every = tuple(Finding(f[0], Problem(f[1]), f[2]) for f in said.get("findings", []))
    dropped = tuple((pair[0], pair[1]) for pair in said.get("dropped", []))
    segment = said.get("segment", 1)
    return Checked(at, count, every or first, tuple(json.loads(unchecked)), dropped, segment)


def taken(reader: Reader, keys: Sequence[str]) -> frozenset[str]:
    """Those of these keys of alerts that somebody took, and perhaps closed."""
    if not keys:
        return frozenset()
    rows = reader.remembered(
        f"SELECT key FROM ops.alert WHERE key IN ({marks(keys)}) AND state <> 'open'", list(keys)
    )
    return frozenset(row[0] for row in rows)
