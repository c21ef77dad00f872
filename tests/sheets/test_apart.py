"""A file made by another process: whole, or said not to be."""

from collections.abc import Callable, Generator

import pytest

from lib.model.errors import AppError, Reason
from lib.model.sheet import Column, Format, Row, Sheet
from lib.sheets.apart import Making

SHEET = Sheet("Prueba", (Column("A"), Column("B")))
Batches = Generator[list[Row], None, None]


def batches(count: int, closed: list[bool], fail: Exception | None = None) -> Batches:
    try:
        for n in range(count):
            yield [(f"{n:05}", n)] * 1000
        if fail:
            raise fail
    finally:
        closed.append(True)


@pytest.fixture
def making() -> Generator[Callable[[Format, Batches], Making], None, None]:
    made: list[Making] = []

    def make(form: Format, rows: Batches) -> Making:
        made.append(Making(SHEET, form, rows))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_the_file_comes_whole(making: Callable[[Format, Batches], Making]) -> None:
    closed: list[bool] = []
    made = making(Format.CSV, batches(3, closed))
    content = b"".join(made)
    assert content.count(b"\r\n") == 3001
    assert made.rows == 3000
    assert closed == [True]


def test_a_workbook_too(making: Callable[[Format, Batches], Making]) -> None:
    made = making(Format.XLSX, batches(2, []))
    assert b"".join(made).startswith(b"PK")
    assert made.rows == 2000


@pytest.mark.parametrize("form", Format)
def test_rows_that_stop_coming_make_no_whole_file(
    making: Callable[[Format, Batches], Making], form: Format
) -> None:
    closed: list[bool] = []
    made = making(form, batches(2, closed, AppError(Reason.STORAGE_FAILED)))
    with pytest.raises(AppError) as failure:
        list(made)
    assert failure.value.reason is Reason.EXPORT_FAILED
    assert closed == [True]


def test_who_leaves_in_the_middle_frees_the_reading(
    making: Callable[[Format, Batches], Making],
) -> None:
    closed: list[bool] = []
    made = making(Format.CSV, batches(10**6, closed))
    assert next(iter(made))
    made.close()
    assert closed == [True]
    assert made.rows < 10**9
