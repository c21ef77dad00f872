"""Templates that administrators saved: every version stays, the greatest is in force."""

from typing import Any

from lib.model.outbox import MailKind
from lib.model.template import Draft, Language, Template
from lib.store.database import Transaction
from lib.store.reading import Reader

_COLUMNS = "kind, language, version, subject, text, html, saved_by, saved_at, restored"


def newest(reader: Reader, kind: MailKind, language: Language) -> Template | None:
    """None while nobody saved one: the program's own is in force."""
    row = reader.one(
        f"SELECT {_COLUMNS} FROM ops.template WHERE kind = ? AND language = ?"
        " ORDER BY version DESC LIMIT 1",
        [kind.value, language.value],
    )
    return _template(row) if row else None


def newest_version(reader: Reader, kind: MailKind, language: Language) -> int:
    """0 while nobody saved one."""
    rows = reader.remembered(
        "SELECT max(version) FROM ops.template WHERE kind = ? AND language = ?",
        [kind.value, language.value],
    )
    return rows[0][0] or 0


def find(reader: Reader, kind: MailKind, language: Language, version: int) -> Template | None:
    row = reader.one(
        f"SELECT {_COLUMNS} FROM ops.template WHERE kind = ? AND language = ? AND version = ?",
        [kind.value, language.value, version],
    )
    return _template(row) if row else None


def versions(reader: Reader, kind: MailKind, language: Language) -> list[Template]:
    """Newest first, without the program's own."""
    rows = reader.rows(
        f"SELECT {_COLUMNS} FROM ops.template WHERE kind = ? AND language = ?"
        " ORDER BY version DESC",
        [kind.value, language.value],
    )
    return [_template(row) for row in rows]


def add(
    transaction: Transaction,
    kind: MailKind,
    language: Language,
    version: int,
    draft: Draft,
    saved_by: str,
    restored: int | None,
) -> None:
    transaction.run(
        f"INSERT INTO ops.template ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [kind.value, language.value, version, draft.subject, draft.text, draft.html]
        + [saved_by, transaction.now, restored],
    )


def _template(row: tuple[Any, ...]) -> Template:
    kind, language, version, subject, text, html, saved_by, saved_at, restored = row
    draft = Draft(subject, text, html)
    return Template(
        MailKind(kind), Language(language), version, draft, saved_by, saved_at, restored
    )
