"""How a file was read, in words."""

from lib.model.reading import NO_HEADING, FileKind, Found, Reading
from lib.ui import written

KINDS: dict[FileKind, str] = {
    FileKind.CSV: "CSV",
    FileKind.XLSX: "Excel",
    FileKind.ODS: "OpenDocument",
    FileKind.PASTED: "Filas pegadas",
}
ENCODINGS: dict[str, str] = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16 (big endian)",
    "cp1252": "Windows-1252",
    "latin-1": "Latin-1 (ISO-8859-1)",
    "cp850": "DOS (CP850)",
    "mac-roman": "Macintosh (Mac Roman)",
}
FOUND: dict[Found, str] = {
    Found.NAME: "Por su nombre",
    Found.SYNONYM: "Por un nombre parecido",
    Found.CONTENT: "Por lo que contiene",
    Found.ORDER: "Por su lugar",
    Found.PERSON: "Elegida a mano",
    Found.REMEMBERED: "Como se eligió antes",
    Found.DOUBLED: "Está dos veces: elige cuál",
    Found.ABSENT: "No viene en el archivo",
}
SEPARATORS: dict[str, str] = {"\t": "tabulador", " ": "espacio"}


def separator(mark: str) -> str:
    return SEPARATORS.get(mark, mark)


def heading(line: int) -> str:
    return "sin encabezado" if line == NO_HEADING else f"encabezado en la línea {line}"


def sentence(reading: Reading) -> str:
    """One calm line: "CSV · Windows-1252 · separado por ; · encabezado en la línea 1"."""
    parts = [KINDS[reading.kind]]
    if reading.kind is FileKind.CSV:
        parts.append(ENCODINGS[reading.encoding])
    if reading.kind in (FileKind.CSV, FileKind.PASTED):
        parts.append(f"separado por {separator(reading.separator)}")
    if reading.quote == "'":
        parts.append("textos entre apóstrofos")
    if reading.trailing:
        parts.append("con un separador de más al final de cada fila, que no cuenta")
    if reading.sheet:
        parts.append(f"hoja «{reading.sheet}»")
    parts.append(heading(reading.heading_line))
    if reading.titles:
        skipped = written.count(reading.titles, "línea de título", "líneas de título")
        parts.append(f"{skipped} sin contar")
    return " · ".join(parts)
