"""Rows pasted from a spreadsheet: with their heading or in the template's order."""

import pytest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.reading import NO_HEADING, Choice, FileKind
from lib.services.desk import Desk
from lib.services.imports import committing, previewing
from tests.services.log_rows import logged

HEADING = "Folio\tNo. Serie\tSistema\tVersión\tUsuarios\tFecha Compra\tTitular\tRFC\tNo. Cuenta"
ROWS = "F1\t0001\tSAE\t9.0\t1\t01/02/2020\tÁngel Núñez\t\t\nF2\t0002\tCOI\t9.0\t1\t\tPeña\t\t\n"


@pytest.mark.parametrize("text", [ROWS, f"{HEADING}\n{ROWS}", f"\n{ROWS}"])
def test_rows_come_with_or_without_their_heading(desk: Desk, manager: Actor, text: str) -> None:
    seen = previewing.preview_pasted(desk, manager, text)
    assert [c.holder for c in seen.sample] == ["Ángel Núñez", "Peña"]
    assert (seen.counts.good, seen.counts.set_aside) == (2, 0)
    reading = seen.look.reading
    assert (reading.kind, reading.separator) == (FileKind.PASTED, "\t")
    assert reading.heading_line == (1 if text.startswith("Folio") else NO_HEADING)


def test_other_columns_follow_their_heading(desk: Desk, manager: Actor) -> None:
    turned = "\n".join("\t".join(reversed(r.split("\t"))) for r in [HEADING, *ROWS.splitlines()])
    assert [c.folio for c in previewing.preview_pasted(desk, manager, turned).sample] == [
        "F1",
        "F2",
    ]


def test_too_few_columns_are_said(desk: Desk, manager: Actor) -> None:
    with pytest.raises(AppError) as refused:
        previewing.preview_pasted(desk, manager, "F1\t0001\tSAE\n")
    assert refused.value.reason is Reason.UNMATCHED_COLUMNS
    assert refused.value.facts["file"] == "Filas pegadas"


@pytest.mark.parametrize(
    ("row", "holder"),
    [
        ("F1\t0001\tSAE\t1", ""),
        ("F1\t0001\tSAE\t2\t01/02/2020\tAna Paz", "Ana Paz"),
        ("F1\t0001\tSAE\t9.0\t1", ""),
    ],
)
def test_without_a_heading_what_they_hold_tells_other_orders(
    desk: Desk, manager: Actor, row: str, holder: str
) -> None:
    (seen,) = previewing.preview_pasted(desk, manager, f"{row}\n").sample
    assert (seen.folio, seen.serial, seen.product, seen.holder) == ("F1", "0001", "SAE", holder)


def test_a_wrong_number_of_users_is_not_looked_for_elsewhere(desk: Desk, manager: Actor) -> None:
    seen = previewing.preview_pasted(desk, manager, "F1\t0001\tSAE\t9\t150\n")
    assert [(p.field, p.rows) for p in seen.problems] == [("Usuarios", 1)]


def test_what_went_in_is_logged_as_pasted(desk: Desk, manager: Actor) -> None:
    committing.commit(desk, manager, previewing.preview_pasted(desk, manager, ROWS))
    (row,) = logged(desk, Action.CERTIFICATES_IMPORTED)
    assert (row["detail"]["file"], row["detail"]["new"]) == ("Filas pegadas", 2)


def test_agents_paste_nothing(desk: Desk, agent: Actor) -> None:
    with pytest.raises(AppError) as refused:
        previewing.preview_pasted(desk, agent, ROWS, Choice())
    assert refused.value.reason is Reason.FORBIDDEN
