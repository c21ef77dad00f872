"""A workbook's XML may name what it likes: nothing of it is fetched, nor grows."""

import io
import zipfile
from pathlib import Path

import pytest

from lib.model.actor import Actor
from lib.services.desk import Desk
from tests.imports.test_workbooks import HEADING, ROW, ods, why, xlsx

_GROWING = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 20}">' for n in range(1, 8))
_BOMB = f'<!ENTITY a0 "{"ha" * 50}">{_GROWING}<!ENTITY a "&a7;">'  # 128 GB of laughter


@pytest.mark.parametrize(
    ("book", "member"),
    [
        (xlsx(H=[HEADING, ROW]), "xl/sharedStrings.xml"),
        (ods("H", [HEADING, ROW]), "content.xml"),
    ],
    ids=["xlsx", "ods"],
)
@pytest.mark.parametrize("bomb", [False, True])
def test_entities_of_a_workbook_lead_nowhere(
    book: io.BytesIO, member: str, bomb: bool, desk: Desk, manager: Actor, tmp_path: Path
) -> None:
    aside = tmp_path / "aside.txt"
    aside.write_text("not theirs", "ascii")
    entity = _BOMB if bomb else f'<!ENTITY a SYSTEM "{aside.as_uri()}">'
    assert "está dañado" in why(desk, manager, told(book, member, entity))


def told(book: io.BytesIO, member: str, entity: str) -> bytes:
    """The same book with a document type of its own and the entity in its first folio."""
    out = io.BytesIO()
    with zipfile.ZipFile(book) as before, zipfile.ZipFile(out, "w") as after:
        for each in before.infolist():
            text = before.read(each)
            if each.filename == member:
                declaration, _, rest = text.decode().partition("?>")
                assert "F1" in rest
                rest = rest.replace("F1", "F1&a;")
                text = f"{declaration}?><!DOCTYPE x [{entity}]>{rest}".encode()
            after.writestr(each.filename, text)
    return out.getvalue()
