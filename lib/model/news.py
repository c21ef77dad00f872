"""What people are told about their own door."""

from enum import StrEnum


class News(StrEnum):
    """Words in lib/mail/door_words.py."""

    NEW_BROWSER = "new_browser"
    PASSWORD = "password"  # noqa: S105
    FIRST_PASSWORD = "first_password"  # noqa: S105
    EMAIL = "email"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    RECOVERY_CODES = "recovery_codes"
    CODES_TRIED = "codes_tried"
    RECOVERY_CODE_USED = "recovery_code_used"
    ACCOUNT_LINKED = "account_linked"
    ACCOUNT_UNLINKED = "account_unlinked"
