"""What a mail server calls itself before anything is asked of it."""

import smtplib

_TIMEOUT_S = 5.0


def greeting(host: str, port: int) -> str:
    """Its first line; "" when there is no mail server."""
    client = smtplib.SMTP(timeout=_TIMEOUT_S)
    try:
        _, said = client.connect(host, port)
    except (OSError, smtplib.SMTPException):
        return ""
    finally:
        client.close()
    return said.decode("ascii", "replace")
