"""Which bytes a file is made of: its encoding, found by reading it whole once, or why it can't be.

UTF-8 with or without BOM, UTF-16, else Windows-1252. Where a few lines are in another one of the
two, the file is in that of the others and those rows are set aside (foreign.py); where neither
prevails, decoding would mangle names: refused. An encoding that a person names is taken when every
byte of the file decodes by it, or prevails.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lib.model.errors import AppError, Reason
from lib.store.pack import foreign

_PIECE = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
EMPTY = "está vacío; revisa que se haya guardado o exportado completo."
_IMAGE = "es una imagen; hace falta la hoja de cálculo misma, no una foto ni una captura de ella."
_PACKED = "está comprimido; descomprímelo primero."
# What a renamed file begins with, and what it is.
_MAGIC = (
    (b"PK\x03\x04", "es un libro de Excel o un archivo comprimido; guárdalo como CSV."),
    (b"\xd0\xcf\x11\xe0", "es un libro de Excel antiguo; guárdalo como CSV."),
    (b"%PDF", "es un PDF; hace falta la hoja de cálculo o el CSV de donde salió."),
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"RIFF", "es una imagen o un sonido; hace falta la hoja de cálculo misma."),
    (b"II*\x00", _IMAGE),
    (b"MM\x00*", _IMAGE),
    (b"\x1f\x8b", _PACKED),
    (b"Rar!", _PACKED),
    (b"7z\xbc\xaf", _PACKED),
    (b"SQLite format 3\x00", "es una base de datos; saca de ella la tabla y guárdala como CSV."),
    (codecs.BOM_UTF32_LE, "está en UTF-32; guárdalo en UTF-8."),
    (codecs.BOM_UTF32_BE, "está en UTF-32; guárdalo en UTF-8."),
)

# What some systems hand out as .xls.
_PAGE = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|table|meta|\?xml)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Encoding:
    codec: str
    bom: int = 0  # bytes to skip at the start


def find_encoding(path: Path, file: str, chosen: str | None = None) -> Encoding:
    """How to decode the whole file without an error. Raises AppError(UNREADABLE_FILE)."""
    head = _head(path, file)
    for magic, why in _MAGIC:
        if head.startswith(magic):
            raise hopeless(file, why)
    if _PAGE.match(head):
        why = "es una página web (HTML) o un XML; ábrelo en Excel y guárdalo como .xlsx."
        raise hopeless(file, why)
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        raise hopeless(file, _IMAGE)
    bom = next((found for found in _BOMS if head.startswith(found[0])), None)
    if chosen:
        return _as_chosen(path, file, chosen)
    encoding = Encoding(bom[1], len(bom[0])) if bom else Encoding(_guess(head))
    return _checked(path, file, encoding, certain=bom is not None)


def encoding_of(path: Path, codec: str) -> Encoding:
    """The codec, with how many bytes of its mark the file begins with."""
    with path.open("rb") as stream:
        head = stream.read(4)
    marks = (len(mark) for mark, of in _BOMS if of == codec and head.startswith(mark))
    return Encoding(codec, next(marks, 0))


def unreadable(file: str, why: str) -> AppError:
    return AppError(Reason.UNREADABLE_FILE, file=file, why=why)


def hopeless(file: str, why: str) -> AppError:
    """The same where no other way of reading it helps: `why` says what does."""
    return AppError(Reason.UNREADABLE_FILE, file=file, why=why, hopeless=True)


def too_long(file: str, line: int) -> AppError:
    why = f"la línea {line} mide más de 1 MB: no es un CSV; revisa cómo se exportó."
    return hopeless(file, why)


def _head(path: Path, file: str) -> bytes:
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as error:
        raise unreadable(file, "no hay permiso o el disco falló al abrirlo.") from error
    if not head.strip():
        raise hopeless(file, EMPTY)
    return head


def _as_chosen(path: Path, file: str, codec: str) -> Encoding:
    encoding = encoding_of(path, codec)
    line = _undecodable_line(path, encoding, file)
    if line and not _prevails(path, encoding):
        raise unreadable(file, f"la línea {line} no está en la codificación elegida; elige otra.")
    return encoding


def _guess(head: bytes) -> str:
    """UTF-16 without BOM shows as a NUL in every other byte of its heading."""
    pairs = len(head) // 2
    if pairs and head[1::2].count(0) > pairs // 2:
        return "utf-16-le"
    if pairs and head[0::2].count(0) > pairs // 2:
        return "utf-16-be"
    return "utf-8"


def _checked(path: Path, file: str, encoding: Encoding, *, certain: bool) -> Encoding:
    line = _undecodable_line(path, encoding, file)
    if line == 0:
        return encoding
    if encoding.codec != "utf-8":
        why = "no es UTF-16 válido" if certain else "trae bytes nulos: no es un CSV"
        raise unreadable(file, f"la línea {line} {why}.")
    odd = _not_windows(path, file, line)
    if odd is None and not certain:
        return Encoding("cp1252")
    if _prevails(path, encoding):
        return encoding
    if certain:
        raise unreadable(file, f"la línea {line} no es UTF-8, aunque el archivo dice serlo.")
    if odd and not _prevails(path, Encoding("cp1252")):
        raise unreadable(file, odd)
    return Encoding("cp1252")


def _prevails(path: Path, encoding: Encoding) -> bool:
    """Whether most of the lines that could tell are in this encoding, of the two that mix."""
    found = foreign.count_lines(path, encoding.bom)
    if encoding.codec == "utf-8":
        return found.utf8 > found.cp1252 + found.neither
    return encoding.codec == "cp1252" and found.cp1252 > found.utf8 + found.neither


def _undecodable_line(path: Path, encoding: Encoding, file: str) -> int:
    """The first line that doesn't decode; 0 when all do. A file riddled with NULs is refused."""
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    line = 1
    for piece, last in _short_lined(path, encoding.bom, file):
        try:
            text = decoder.decode(piece, final=last)
        except UnicodeDecodeError as error:
            return line + error.object[: error.start].count(b"\n")
        _refuse_riddled(text.encode(errors="replace"), line, file)
        line += text.count("\n")
    return 0


def _not_windows(path: Path, file: str, not_utf8: int) -> str | None:
    """What speaks against Windows-1252, as a refusal says it; None when nothing does."""
    line, why = 1, None
    for piece, _ in _short_lined(path, 0, file):
        _refuse_riddled(piece, line, file)
        odd = None if why else foreign.not_windows(piece)
        if odd:
            at = line + piece[: odd.start()].count(b"\n")
            why = (
                f"el byte 0x{odd[0][0]:02X} de la línea {at} no es UTF-8 ni Windows-1252."
                if len(odd[0]) == 1
                else f"mezcla UTF-8 con otra codificación (línea {not_utf8}); guárdalo en UTF-8."
            )
        line += piece.count(b"\n")
    return why


def _refuse_riddled(piece: bytes, line: int, file: str) -> None:
    if b"\0" in piece and foreign.is_riddled(piece):
        line += piece[: piece.index(b"\0")].count(b"\n")
        raise unreadable(file, f"contiene bytes nulos (línea {line}): no es un CSV.")


def _short_lined(path: Path, skip: int, file: str) -> Iterator[tuple[bytes, bool]]:
    """The pieces, as long as each two have a line end: gigabytes of the same needn't be read."""
    line, long = 1, 0
    for piece, last in _pieces(path, skip):
        long = 0 if b"\n" in piece or b"\r" in piece else long + 1
        if long > 1 and not last:
            raise too_long(file, line)
        yield piece, last
        line += piece.count(b"\n")


def _pieces(path: Path, skip: int) -> Iterator[tuple[bytes, bool]]:
    """The file's bytes a megabyte at a time, and whether each is the last."""
    with path.open("rb") as stream:
        stream.seek(skip)
        piece = stream.read(_PIECE)
        while piece:
            following = stream.read(_PIECE)
            yield piece, not following
            piece = following
