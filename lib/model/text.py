"""How text is compared: as people type it, without accents or case."""

import unicodedata


def fold(text: str) -> str:
    """Lower case, no accents, single spaces: both what is stored for search and what is typed.

    >>> fold("  Ángel  ZÚÑIGA ")
    'angel zuniga'
    """
    plain = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def mask_email(address: str) -> str:
    """Enough of an address to read back on the phone, not enough to copy.

    >>> mask_email("ana.lopez@gmail.com")
    'a*******z@gmail.com'
    """
    local, at, domain = address.rpartition("@")
    if not at or not local:
        return "*" * len(address)
    if len(local) <= 2:
        return f"{local[0]}*@{domain}"
    return f"{local[0]}{'*' * (len(local) - 2)}{local[-1]}@{domain}"
