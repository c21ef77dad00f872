"""Text that a spreadsheet would run as a formula: disarmed in an export, itself again when read.

An apostrophe goes before what OWASP names (`= + - @`, tab, CR, LF, NUL), also in full width and
after spaces. Text that already begins with apostrophes and then one of those gets one more, so that
reading back always gives what was written.
"""

import re

_RISKY = re.compile(r"'*(?:[\t\r\n\0]|\s*[=+\-@＝＋－＠])")


def escape(text: str) -> str:
    """As it may stand in a CSV's cell.

    >>> escape("=1+1"), escape("'=1+1"), escape("O'Higgins")
    ("'=1+1", "''=1+1", "O'Higgins")
    """
    return f"'{text}" if _RISKY.match(text) else text


def unescape(text: str) -> str:
    """What `escape` was given.

    >>> unescape("'=1+1"), unescape("'Ndrangheta")
    ('=1+1', "'Ndrangheta")
    """
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text
