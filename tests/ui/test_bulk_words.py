"""A resend to many in words."""

import pytest

from lib.model.bulk import BulkState, Line, Manner, Part
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailProblem, MailState
from lib.model.policy import Mode, Rule
from lib.ui.mail import bulk_words

RULED = {"rule": Rule.OVERDUE.value, "mode": Mode.WARN.value, "due": "2025-05-02"}


def line(part: Part, mail: MailState | None = None, problem: str = "", why: str = "") -> Line:
    who = ("S1", "00000001", "Ana", "SAE", "10.0", "ana.lopez@example.com")
    return Line(*who, part, mail, problem, why, RULED if why == "unseen_warning" else {}, None)


def test_everything_has_its_words() -> None:
    assert set(bulk_words.MANNER_NAMES) == set(Manner)
    assert set(bulk_words.STATE_NAMES) == set(BulkState)


@pytest.mark.parametrize(
    ("shown", "result"),
    [
        (line(Part.WAITING), "En espera"),
        (line(Part.LEFT_OUT, why="no_address"), "No se envió"),
        (line(Part.CANCELLED), "Cancelado"),
        (line(Part.ASKED, MailState.FAILED, MailProblem.CANCELLED), "Cancelado"),
        (line(Part.ASKED, MailState.FAILED, MailProblem.ADDRESS_REFUSED), "Fallido"),
        (line(Part.ASKED, MailState.HELD), "Detenido"),
        (line(Part.ASKED, MailState.ACCEPTED), "Aceptado por el servidor"),
    ],
)
def test_what_became_of_a_system(shown: Line, result: str) -> None:
    assert bulk_words.result(shown) == result


def test_why_it_was_left_out() -> None:
    assert bulk_words.detail(line(Part.LEFT_OUT, why="no_address")).startswith("La cuenta no tiene")
    warned = bulk_words.detail(line(Part.LEFT_OUT, why="unseen_warning"))
    assert "02/05/2025" in warned
    assert bulk_words.short(AppError(Reason.UNSEEN_WARNING, **RULED)) == "Suscripción vencida"
    assert bulk_words.short(AppError(Reason.NO_ADDRESS)) == "La cuenta no tiene correo"


def test_a_file_s_row_masks_the_address() -> None:
    row = bulk_words.FILE.cells(line(Part.ASKED, MailState.ACCEPTED))
    assert len(row) == len(bulk_words.FILE.headings)
    assert "a*******z@example.com" in row
