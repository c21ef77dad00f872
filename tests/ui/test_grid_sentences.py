"""What the grid's filters and groups say in Spanish."""

import datetime as dt

import pytest

from lib.model.filter import Kind
from lib.ui.grid import sentences

TODAY = dt.date(2026, 11, 22)
LABELS = {"sent": "Enviado", "failed": "Falló"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zuñiga", "contiene «zuñiga»"),
        ("^Zúñiga", "empieza con «Zúñiga»"),
        ("=10.0", "es «10.0»"),
        ("=", "vacío"),
        ("!=", "con algún valor"),
        ("^", None),
    ],
)
def test_text(text: str, said: str | None) -> None:
    assert sentences.of_filter(Kind.TEXT, text, TODAY) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5", "5"),
        (">=10", "10 o más"),
        ("<5", "4 o menos"),
        ("3..7", "de 3 a 7"),
        ("1000..", "1,000 o más"),
        ("5|7..9|1000", "5, de 7 a 9 o 1,000"),
        ("1|2|3|4|5|6", "1, 2, 3 o 3 más"),
        ("|", None),
        ("5|diez", None),
        ("diez", None),
    ],
)
def test_numbers(text: str, said: str | None) -> None:
    assert sentences.of_filter(Kind.NUMBER, text, TODAY) == said


@pytest.mark.parametrize("kind", [Kind.DATE, Kind.INSTANT])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vencidas", "vencidas"),
        ("Mes pasado", "el mes pasado"),
        ("proximos 30 dias", "próximos 30 días"),
        ("15/07/2026", "15/07/2026"),
        ("07/2026", "julio de 2026"),
        ("2026", "2026"),
        (">=2026", "desde 01/01/2026"),
        ("..15/07/2026", "hasta 15/07/2026"),
        ("01/07/2026..15/07/2026", "del 01/07/2026 al 15/07/2026"),
        ("31/02/2026", None),
    ],
)
def test_days(kind: Kind, text: str, said: str | None) -> None:
    assert sentences.of_filter(kind, text, TODAY) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SAE", "SAE"),
        ("SAE|NOI", "SAE o NOI"),
        ("SAE|NOI|COI", "SAE, NOI o COI"),
        ("sent|FALLO", "Enviado o Falló"),
        ("sent|enviado", "Enviado"),
        ("SAE|=", "SAE o vacío"),
        ("A|B|C|D|E|F", "A, B, C o 3 más"),
    ],
)
def test_choices(text: str, said: str) -> None:
    assert sentences.of_filter(Kind.CHOICE, text, TODAY, LABELS) == said


def test_a_month() -> None:
    assert sentences.of_month(dt.date(2026, 7, 1)) == "julio de 2026"
