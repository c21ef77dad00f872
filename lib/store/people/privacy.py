"""Everything the desk holds of one person: to hand it to them, and to let go what may go.

A customer's account, or somebody of the staff. Codes, keys and hashes of secrets are nobody's data:
they aren't read here.
"""

from typing import Any

from lib.model import rfc
from lib.model.account import EDITABLE
from lib.model.outbox import PENDING
from lib.store.database import Transaction
from lib.store.reading import Reader, marks

Rows = list[dict[str, Any]]

_FIELDS = ", ".join(EDITABLE)
_LOGGED = (
    "seq", "logged_at", "actor", "role", "address", "action", "outcome", "account_no", "serial",
    "reason", "ticket", "subject",
)  # fmt: skip
_SYSTEM = "serial, kind, product, version, seats, purchased_on, activated_on, next_payment_on"
_MAIL = (
    "id, kind, recipient, recipient_name, serial, requested_at, requested_by, reason, ticket,"
    " state, finished_at, problem, smtp_text"
)
_CERTIFICATE = "folio, serial, product, version, seats, purchased_on, holder, rfc, account_no"
# What is kept of somebody of the staff by their username, with nothing secret in it.
_OF_STAFF = {
    "session": "id, address, browser, opened_at, seen_at, ended_at",
    "device": "browser, first_at, last_at",
    "passkey": "name, added_at, used_at, removed_at",
    "sso_identity": "issuer, subject, linked_at, ended_at",
    "saved_view": "id, list, name, shared, view, saved_at, changed_at, deleted_at",
    "alert_mail": "wanted, chosen_at",
    "load_mail": "wanted, chosen_at",
}
_OWNERS = {"saved_view": "owner"}
# Who answered for what: the log's proof, and the person as it names them. Who they are to the
# company's provider, which names nobody: without it somebody who left would come in as new.
_STAYS_OF_STAFF = frozenset({"staff", "sso_identity"})


def of_account(reader: Reader, account_no: str) -> dict[str, Rows]:
    """By what it is; each a list of rows by column, empty where there is nothing. Nothing at all
    ({}) when no account, mail or row of the log has that number."""
    own = _dicts(
        reader, f"SELECT account_no, {_FIELDS} FROM account WHERE account_no = ?", account_no
    )
    found = {
        "shown": _dicts(
            reader, f"SELECT account_no, {_FIELDS} FROM customer WHERE account_no = ?", account_no
        ),
        "vendor": own,
        "corrections": _dicts(
            reader,
            f"SELECT {_FIELDS}, corrected_at, corrected_by FROM ops.correction"
            " WHERE account_no = ?",
            account_no,
        ),
        "language": _dicts(
            reader,
            "SELECT language, changed_at FROM ops.account_language WHERE account_no = ?",
            account_no,
        ),
        "systems": _dicts(
            reader, f"SELECT {_SYSTEM} FROM system WHERE account_no = ? ORDER BY serial", account_no
        ),
        "certificates": _certificates(reader, account_no, own),
        "mails": _dicts(
            reader,
            f"SELECT {_MAIL} FROM ops.outbox WHERE account_no = ? ORDER BY requested_at, id",
            account_no,
        ),
        "log": _log(reader, "a.account_no = ?", account_no),
    }
    return found if any(found.values()) else {}


def of_staff(reader: Reader, username: str) -> dict[str, Rows]:
    """The same of somebody of the staff; {} when there is no such person."""
    person = _dicts(
        reader,
        "SELECT username, name, email, role, active, created_at, last_seen_at FROM ops.staff"
        " WHERE username = ?",
        username,
    )
    if not person:
        return {}
    kept = {
        table: _dicts(
            reader,
            f"SELECT {columns} FROM ops.{table} WHERE {_OWNERS.get(table, 'username')} = ?",
            username,
        )
        for table, columns in _OF_STAFF.items()
    }
    return {
        "staff": person,
        **kept,
        "log": _log(reader, "a.actor = ? OR a.subject = ?", username, username),
    }


# ---- letting go ----------------------------------------------------------------------------------


def forget_mails(transaction: Transaction, account_no: str) -> int:
    """Of mails that have ended, to whom and in which words; how many. What was sent, when, by whom
    and how it ended stays."""
    states = sorted(state.value for state in PENDING)
    ended = f"account_no = ? AND state NOT IN ({marks(states)}, 'held')"
    transaction.run(
        "DELETE FROM ops.failing_address WHERE address IN"
        f" (SELECT lower(trim(recipient)) FROM ops.outbox WHERE {ended})",
        [account_no, *states],
    )
    return transaction.changed(
        "UPDATE ops.outbox SET recipient = '', recipient_name = '', payload = '{}', smtp_text = ''"
        f" WHERE {ended} AND (recipient <> '' OR recipient_name <> '' OR smtp_text <> '')",
        [account_no, *states],
    )


def forget_staff(transaction: Transaction, username: str) -> int:
    """Of somebody who left: their address, from where they came in, with what they proved it, how
    they liked their lists; how many rows went. Their name and what they did stay."""
    tables = transaction.rows(
        "SELECT table_name FROM duckdb_columns() WHERE database_name = 'ops'"
        " AND column_name = 'username' ORDER BY table_name"
    )
    gone = 0
    for (table,) in tables:
        if table not in _STAYS_OF_STAFF:
            gone += transaction.changed(f"DELETE FROM ops.{table} WHERE username = ?", [username])
    transaction.run("UPDATE ops.staff SET email = '' WHERE username = ?", [username])
    return gone


# ---- reading -------------------------------------------------------------------------------------


def _certificates(reader: Reader, account_no: str, own: Rows) -> Rows:
    """Those of the account, and those printed with its person's own RFC."""
    code = rfc.normalized(own[0]["rfc"]) if own else ""
    code = "" if code in rfc.GENERIC else code
    return _dicts(
        reader,
        f"SELECT {_CERTIFICATE} FROM held_certificate WHERE account_no = ?"
        " OR (? <> '' AND rfc = ?) ORDER BY folio",
        account_no,
        code,
        code,
    )


def _log(reader: Reader, where: str, *values: str) -> Rows:
    """With what each row recorded of persons, where it wasn't erased."""
    names = ", ".join(f"a.{name}" for name in _LOGGED)
    return _dicts(
        reader,
        f"SELECT {names}, d.detail FROM log_row a LEFT JOIN ops.audit_detail d ON d.seq = a.seq"
        f" WHERE {where} ORDER BY a.seq",
        *values,
    )


def _dicts(reader: Reader, question: str, *values: str) -> Rows:
    """Columns are named as they are asked for."""
    names = [part.split(".")[-1].strip() for part in _asked(question).split(",")]
    return [dict(zip(names, row, strict=True)) for row in reader.rows(question, [*values])]


def _asked(question: str) -> str:
    return question.removeprefix("SELECT ").partition(" FROM ")[0]
