"""Which of the desk's own mails went out, and who wants which others."""

import datetime as dt

from lib.store.database import Transaction
from lib.store.people import staff
from lib.store.people.staff import Staff
from lib.store.reading import Reader


def mailed(reader: Reader, key: str) -> bool:
    return bool(
        reader.remembered("SELECT count(*) FROM ops.mailed_report WHERE key = ?", [key])[0][0]
    )


def add(transaction: Transaction, key: str) -> None:
    """Say that it was. The key is unique: of two at once one is never stored."""
    transaction.run(
        "INSERT INTO ops.mailed_report (key, mailed_at) VALUES (?, ?)", [key, transaction.now]
    )


def log_began(reader: Reader) -> dt.datetime | None:
    """The instant (UTC) of the log's first row; None while there is none."""
    row = reader.one("SELECT min(logged_at) FROM log_row")
    return row[0] if row else None


# ---- alerts by mail ------------------------------------------------------------------------


def wants_alerts(reader: Reader, username: str) -> bool:
    row = reader.one("SELECT wanted FROM ops.alert_mail WHERE username = ?", [username])
    return bool(row and row[0])


def choose_alerts(transaction: Transaction, username: str, *, wanted: bool) -> None:
    transaction.run(
        "INSERT INTO ops.alert_mail (username, wanted, chosen_at) VALUES (?, ?, ?)"
        " ON CONFLICT (username) DO UPDATE SET wanted = excluded.wanted,"
        " chosen_at = excluded.chosen_at",
        [username, wanted, transaction.now],
    )


def who_wants_alerts(reader: Reader) -> list[Staff]:
    """Whoever may come in now, by username; their role isn't looked at."""
    rows = reader.rows("SELECT username FROM ops.alert_mail WHERE wanted ORDER BY username")
    people = (staff.find(reader, row[0]) for row in rows)
    return [person for person in people if person and person.active]


# ---- reports of loads by mail --------------------------------------------------------------


def load_choice(reader: Reader, username: str) -> bool | None:
    """Whether somebody wants them; None: they never said."""
    row = reader.one("SELECT wanted FROM ops.load_mail WHERE username = ?", [username])
    return bool(row[0]) if row else None


def choose_loads(transaction: Transaction, username: str, *, wanted: bool) -> None:
    transaction.run(
        "INSERT INTO ops.load_mail (username, wanted, chosen_at) VALUES (?, ?, ?)"
        " ON CONFLICT (username) DO UPDATE SET wanted = excluded.wanted,"
        " chosen_at = excluded.chosen_at",
        [username, wanted, transaction.now],
    )
