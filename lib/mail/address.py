"""An e-mail address as SMTP takes it."""

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from lib.model.errors import AppError, Reason


@dataclass(frozen=True)
class Address:
    """`envelope` is what RCPT TO takes; with `needs_utf8` only a server with SMTPUTF8 takes it."""

    envelope: str
    needs_utf8: bool


def read(text: str) -> Address:
    """Its form only, no network; nothing is repaired. Raises AppError(BAD_ADDRESS)."""
    try:
        valid = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        # The library's sentence quotes the address: it stays out of ours.
        raise AppError(Reason.BAD_ADDRESS) from None
    return Address(valid.ascii_email or valid.normalized, needs_utf8=valid.ascii_email is None)
