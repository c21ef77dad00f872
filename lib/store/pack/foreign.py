"""Bytes that are not the file's own: NULs, and letters of another encoding in a few of its lines.

They cost the rows they stand in, by name, not the file: decoding puts MARK in their place, which no
text has (a noncharacter of Unicode), and a record that holds one, or a NUL, is set aside.
"""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

MARK = "\ufdd0"
_MARK = MARK.encode()
_NUL = b"\0"
_MARKED = "mesa.marked"  # the name of the error handler
RECOVERED = "mesa.recovered"  # another: what isn't UTF-8 is read as Windows-1252
_LENIENT = ("utf-8", "cp1252")  # the others decode whole or not at all
_LINE = 1 << 20  # bytes of a line that are judged together
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# What a match of each needs: looking for single bytes first is 15 times as quick, and finds none.
_UNDEFINED_BYTES = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
_LEADING_BYTES = (b"\xc2", b"\xc3", b"\xe2")
# Spanish letters and signs as UTF-8 writes them; in Windows-1252 they would read "Ã±", "â€“".
UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]|\xc2[\xa1-\xbf]|\xe2\x80[\x90-\xbf]")
# The same where it was read as Windows-1252; of its 0x80 to 0x9F only what that defines.
_MANGLED = re.compile("Ã[^\x00-\x7f]|Â[¡-¿]|â€[^\x00-\x7f]")
_NO_LETTER = b"\x81"  # in Windows-1252: decodes to MARK

NULS = "trae bytes nulos: algo dañó el archivo ahí"
OTHER_LETTERS = "trae letras en otra codificación: no la del resto del archivo"


def _letter(byte: int) -> str:
    """In Windows-1252; where that has none, the control of the same number."""
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)


_BYTES = {_letter(byte): byte for byte in range(0x100)}


def _marked(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return MARK, error.end


def _recovered(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "".join(map(_letter, error.object[error.start : error.end])), error.end


codecs.register_error(_MARKED, _marked)
codecs.register_error(RECOVERED, _recovered)


class Decoder:
    """Bytes as text, a block at a time; what the codec doesn't know becomes MARK. UTF-16 and the
    rest raise UnicodeDecodeError."""

    def __init__(self, codec: str) -> None:
        errors = _MARKED if codec in _LENIENT else "strict"
        self._decoder = codecs.getincrementaldecoder(codec)(errors)
        self._mixes = codec == "cp1252"

    def decode(self, raw: bytes, *, final: bool = False) -> str:
        """In Windows-1252, blocks end where lines do: a letter of UTF-8 is two bytes together."""
        if self._mixes and _utf8_letter(raw):
            raw = UTF8_LETTER.sub(_NO_LETTER, raw)
        return self._decoder.decode(raw, final)


@dataclass(frozen=True)
class Letters:
    """How many lines with letters beyond ASCII are UTF-8, how many Windows-1252, how many neither:
    of bytes that it doesn't define, or of both encodings at once."""

    utf8: int
    cp1252: int
    neither: int


def count_lines(path: Path, skip: int) -> Letters:
    """Of the whole file after its mark."""
    utf8 = cp1252 = neither = 0
    with path.open("rb") as stream:
        stream.seek(skip)
        while line := stream.readline(_LINE):
            if line.isascii():
                continue
            if _is_utf8(line):
                utf8 += 1
            elif _undefined(line) or _utf8_letter(line):
                neither += 1
            else:
                cp1252 += 1
    return Letters(utf8, cp1252, neither)


def not_windows(piece: bytes) -> re.Match[bytes] | None:
    """The first thing in it that speaks against Windows-1252: one byte that it doesn't define, or
    several that are a letter in UTF-8."""
    found = _undefined(piece), _utf8_letter(piece)
    return min(filter(None, found), key=lambda odd: odd.start(), default=None)


def _undefined(raw: bytes) -> re.Match[bytes] | None:
    return _UNDEFINED.search(raw) if any(byte in raw for byte in _UNDEFINED_BYTES) else None


def _utf8_letter(raw: bytes) -> re.Match[bytes] | None:
    return UTF8_LETTER.search(raw) if any(byte in raw for byte in _LEADING_BYTES) else None


def is_riddled(piece: bytes) -> bool:
    """Whether NULs stand in half of its lines or more: then it's no text at all."""
    lines = piece.split(b"\n")
    return 2 * sum(_NUL in line for line in lines) >= len(lines)


def any_in(block: bytes) -> bool:
    """Whether a block of text (UTF-8) holds NULs or MARK."""
    return _NUL in block or _MARK in block


def reason(text: bytes) -> str:
    """Why a record with this text can't be read; "" when it can."""
    if _NUL in text:
        return NULS
    return OTHER_LETTERS if _MARK in text else ""


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def as_meant(text: str) -> str:
    """What was UTF-8 in a record read as Windows-1252, by RECOVERED, read as such: "PeÃ±a" is
    "Peña". For a person to look at."""
    return _MANGLED.sub(lambda letter: _unmangled(letter[0]), text)


def _unmangled(letter: str) -> str:
    return bytes(_BYTES[sign] for sign in letter if sign in _BYTES).decode(errors="replace")
