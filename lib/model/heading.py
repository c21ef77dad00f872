"""What the headings of two spreadsheets share: their words, whatever their order, case, accents and
signs. "No.", "Núm." and "Número" are one word, and so are the other abbreviations of _WRITTEN_OUT.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from lib.model.text import fold

_WRITTEN_OUT: Mapping[str, str] = {
    "num": "no", "numero": "no", "nro": "no", "nr": "no", "n": "no", "number": "no",
    "f": "fecha", "fec": "fecha", "fch": "fecha",
    "usr": "usuarios", "usrs": "usuarios", "usu": "usuarios", "users": "usuarios",
    "cant": "cantidad", "cve": "clave", "cta": "cuenta", "cte": "cliente", "cert": "certificado",
    "sist": "sistema", "prod": "producto", "vers": "version", "ver": "version", "v": "version",
    "nom": "nombre", "ser": "serie",
}  # fmt: skip
_IDLE = frozenset(("de", "del", "la", "el", "los", "las", "y", "en", "por"))
_LONGEST = 200  # characters of a heading that are compared


def plain(title: str) -> str:
    """What two spellings of a heading share: "NO CUENTA" and " No. Cuenta " are one."""
    return _plain(title[:_LONGEST])


@lru_cache(maxsize=32768)
def _plain(title: str) -> str:
    return "".join(c for c in fold(title) if c.isalnum())


def words(title: str) -> tuple[str, ...]:
    """A heading's words in order of the alphabet, written out.

    >>> words("Núm. de Serie (8 dígitos)")
    ('no', 'serie')
    """
    return _words(title[:_LONGEST])


@lru_cache(maxsize=32768)
def _words(title: str) -> tuple[str, ...]:
    split = re.sub(r"(?<=[a-zñáéíóú])(?=[A-ZÑÁÉÍÓÚ])", " ", title)  # "NoSerie"
    folded = fold(split.replace("#", " no ").replace("°", "o"))
    folded = re.sub(r"\([^)]*\)", " ", folded) if not folded.startswith("(") else folded
    folded = re.sub(r"(?<=\b\w)[./](?=\w\b)", "", folded)  # "R.F.C.", "S/N"
    found = (_WRITTEN_OUT.get(word, word) for word in re.findall(r"[a-z0-9]+", folded))
    return tuple(sorted(word for word in found if word not in _IDLE))
