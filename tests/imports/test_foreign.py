"""Bytes that aren't the file's own cost their rows, by line, wherever blocks happen to end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.store.pack import foreign, reader
from lib.store.pack.files import CERTIFICATES
from lib.store.pack.look import look
from lib.store.pack.raw_rows import raw_rows
from tests.imports.test_workbooks import HEADING

ROWS = [f"F{n};0S{n};SAE;9.0;1;01/02/2020;Muñoz {n};;" for n in range(1, 21)]


def laid(folder: Path, spoilt: dict[int, bytes], encoding: str) -> Path:
    """The rows by their line (the heading is 1), some of them as these bytes."""
    lines = [line.encode(encoding) for line in [";".join(HEADING), *ROWS]]
    path = folder / "certificados.csv"
    path.write_bytes(b"\r\n".join(spoilt.get(at, line) for at, line in enumerate(lines, 1)))
    return path


def batches(path: Path) -> Iterator[reader.Batch]:
    return reader.read_file(path, CERTIFICATES, look(path, CERTIFICATES).reading)


@pytest.mark.parametrize("block", [97, 131, 1 << 20])
@pytest.mark.parametrize(
    ("encoding", "bad"),
    [("utf-8", ROWS[3].encode("cp1252")), ("cp1252", ROWS[3].encode()), ("utf-8", b"F4\0;0S4")],
)
@pytest.mark.parametrize("quote", ["", '"'])
def test_rows_of_another_encoding_are_named_and_the_rest_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, encoding: str, bad: bytes,
    quote: str,
) -> None:  # fmt: skip
    """With a quote out of place too, which has the records read one at a time."""
    monkeypatch.setattr(reader, "BLOCK", block)
    odd = ROWS[7].replace("Muñoz", f"Muñoz{quote}").encode(encoding)
    path = laid(tmp_path, {5: bad, 9: odd, 21: bad}, encoding)
    rows: list[str] = []
    refused: list[tuple[int, str]] = []
    for batch in batches(path):
        rows += batch.columns["folio"].to_pylist()
        refused += batch.refused
    assert [line for line, _ in refused] == [5, 21]
    assert {why.split(":")[0] for _, why in refused} == {
        "trae bytes nulos" if b"\0" in bad else "trae letras en otra codificación"
    }
    assert rows == [f"F{n}" for n in range(1, 20) if n != 4]


@pytest.mark.parametrize(("encoding", "other"), [("utf-8", "cp1252"), ("cp1252", "utf-8")])
def test_they_are_shown_to_be_mended_as_they_were_meant(
    tmp_path: Path, encoding: str, other: str
) -> None:
    meant = "F4;0S4;SAE;9.0;1;;Ángel Núñez Íñigo de “León” – Cía.;;"
    path = laid(tmp_path, {5: meant.encode(other)}, encoding)
    reading = look(path, CERTIFICATES).reading
    (row,) = raw_rows(path, CERTIFICATES, reading, 9, [(5, True)])
    assert ";".join(row.cells) == meant


def test_what_speaks_against_windows_is_found_by_its_first_byte_too() -> None:
    """Single bytes are looked for before patterns: none of those may be missing."""
    undefined = b"\x81\x8d\x8f\x90\x9d"
    for first in range(0x80, 0x100):
        for second in range(0x80, 0x100):
            text = b"a" + bytes([first, second]) + b"\xa9"
            odd = foreign.UTF8_LETTER.search(text)
            there = odd is not None or first in undefined or second in undefined
            assert (foreign.not_windows(text) is not None) == there, text
            assert (
                foreign.Decoder("cp1252").decode(text) != text.decode("cp1252", "ignore")
            ) == there
