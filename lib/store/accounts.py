"""Questions about accounts as the desk shows them: the vendor's values, corrections over them."""

from lib.model.account import EDITABLE, Account
from lib.store.reading import Reader

_VALUES = ", ".join(f"u.{field}" for field in EDITABLE)
_DIFFERS = ", ".join(f"coalesce(c.{field} <> a.{field}, false)" for field in EDITABLE)
_FIND = f"""
SELECT u.account_no, u.registered_on, u.version, {_VALUES}, {_DIFFERS}
FROM customer u
JOIN account a ON a.account_no = u.account_no
LEFT JOIN ops.correction c ON c.account_no = u.account_no
WHERE u.account_no = ?
"""


def find(reader: Reader, account_no: str) -> Account | None:
    row = reader.one(_FIND, [account_no])
    if row is None:
        return None
    number, registered_on, version, *fields = row
    values, differs = fields[: len(EDITABLE)], fields[len(EDITABLE) :]
    return Account(
        account_no=number,
        **dict(zip(EDITABLE, values, strict=True)),
        registered_on=registered_on,
        version=version,
        corrected=tuple(f for f, differ in zip(EDITABLE, differs, strict=True) if differ),
    )
