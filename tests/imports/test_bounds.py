"""Gigabytes of nonsense end in a sentence after a few megabytes."""

import io
import os
from pathlib import Path

import pytest

from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.services.desk import Desk
from lib.services.imports import previewing
from lib.store.pack import dialect
from lib.store.pack.files import CERTIFICATES
from lib.store.pack.look import look
from tests.imports.test_workbooks import HEADING

TWO_GB = 2 << 30


def sparse(path: Path, head: bytes) -> Path:
    """Two gigabytes that take no disk: what follows the head is never to be read."""
    path.write_bytes(head)
    os.truncate(path, TWO_GB)
    return path


@pytest.mark.parametrize(
    ("before", "line"), [(b"", 1), (";".join(HEADING).encode() + b"\n", 2), (b"\n\n", 3)]
)
def test_two_gigabytes_of_one_line_are_refused_after_a_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes, line: int
) -> None:
    read = 0
    pieces = dialect._pieces

    def counted(path: Path, skip: int):
        nonlocal read
        for piece, last in pieces(path, skip):
            read += len(piece)
            yield piece, last

    monkeypatch.setattr(dialect, "_pieces", counted)
    path = sparse(tmp_path / "certificados.csv", before + b"x" * (5 << 20))
    with pytest.raises(AppError) as refused:
        look(path, CERTIFICATES)
    assert str(refused.value.facts["why"]).startswith(
        f"la línea {line} mide más de 1 MB: no es un CSV;"
    )
    assert read <= 4 << 20


def test_two_gigabytes_of_nuls_are_refused_at_the_first(tmp_path: Path) -> None:
    path = sparse(tmp_path / "certificados.csv", ";".join(HEADING).encode() + b"\n")
    with pytest.raises(AppError) as refused:
        look(path, CERTIFICATES)
    assert "contiene bytes nulos" in str(refused.value.facts["why"])


@pytest.mark.slow
def test_a_heading_of_seventeen_thousand_columns_is_read(tmp_path: Path) -> None:
    path = tmp_path / "certificados.csv"
    wide = [*HEADING, *(f"X{n}" for n in range(17_000))]
    path.write_text(";".join(wide) + "\n", "utf-8")
    assert len(look(path, CERTIFICATES).headings) == 17_009


def test_gigabytes_of_one_line_are_not_even_copied(desk: Desk, manager: Actor) -> None:
    class Endless(io.RawIOBase):
        read_so_far = 0

        def read(self, size: int = -1) -> bytes:
            self.read_so_far += size
            return b"x" * size

    content = Endless()
    with pytest.raises(AppError) as refused:
        previewing.preview(desk, manager, "marzo.csv", content)
    assert str(refused.value.facts["why"]).startswith("la línea 1 mide más de 1 MB: no es un CSV;")
    assert content.read_so_far <= 4 << 20
    assert list((desk.settings.data / "incoming").iterdir()) == []
