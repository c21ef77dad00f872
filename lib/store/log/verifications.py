"""What each verification of the log said."""

import json
import secrets

from lib.model.proof import Checked, Finding, Problem
from lib.store.database import Transaction
from lib.store.reading import Reader


def add(transaction: Transaction, checked: Checked) -> None:
    finding = checked.finding
    transaction.run(
        "INSERT INTO ops.verification (id, ended_at, rows, problem, seq, through, unchecked)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            secrets.token_hex(8),
            checked.at,
            checked.rows,
            finding.problem.value if finding else "",
            finding.seq if finding else 0,
            finding.through if finding else 0,
            json.dumps(checked.unchecked),
        ],
    )


def last(reader: Reader) -> Checked | None:
    """The newest; None before the first."""
    rows = reader.remembered(
        "SELECT ended_at, rows, problem, seq, through, unchecked FROM ops.verification"
        " ORDER BY rowid DESC LIMIT 1"  # not by an instant: clocks are set back
    )
    if not rows:
        return None
    at, count, problem, seq, through, unchecked = rows[0]
    finding = Finding(seq, Problem(problem), through) if problem else None
    return Checked(at, count, finding, tuple(json.loads(unchecked)))
