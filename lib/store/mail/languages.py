"""The language each account is written in, where somebody chose one."""

from lib.model.template import Language
from lib.store.database import Transaction
from lib.store.reading import Reader


def of(reader: Reader, account_no: str) -> Language:
    """Spanish where nobody chose."""
    row = reader.one("SELECT language FROM ops.account_language WHERE account_no = ?", [account_no])
    return Language(row[0]) if row else Language.ES


def choose(transaction: Transaction, account_no: str, language: Language, by: str) -> None:
    transaction.run(
        "INSERT INTO ops.account_language VALUES (?, ?, ?, ?) ON CONFLICT (account_no) DO UPDATE"
        " SET language = excluded.language, changed_at = excluded.changed_at,"
        " changed_by = excluded.changed_by",
        [account_no, language.value, transaction.now, by],
    )
