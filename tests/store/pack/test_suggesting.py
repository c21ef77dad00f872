"""What to type instead: only where it is clear, and never a thing that would be refused again."""

import datetime as dt

import pytest

from lib.model import clock
from lib.model.system import PRODUCTS
from lib.store.pack.files import Holds
from lib.store.pack.suggesting import explained, suggested


@pytest.mark.parametrize(
    ("typed", "product"),
    [
        ("NOY", "NOI"),
        ("N0I", "NOI"),
        ("C0I", "COI"),
        ("Aspel NOY", "NOI"),
        ("Aspel NOI 10.0", "NOI"),
        ("SAE Empresarial", "SAE"),
        ("BNACO", "BANCO"),
        ("factura", "FACTURE"),
        ("XOI", ""),  # as near to COI as to NOI
        ("SAE y COI", ""),
        ("XYZ", ""),
        ("", ""),
        ("S" * 10_000, ""),
    ],
)
def test_the_product_that_is_clearly_nearest(typed: str, product: str) -> None:
    assert suggested(Holds.PRODUCT, typed) == product
    assert product in ("", *PRODUCTS)


@pytest.mark.parametrize(
    ("typed", "seats"),
    [
        ("5 usuarios", "5"),
        ("1 usuario", "1"),
        ("05 Usuarios", "5"),
        ("5.0", "5"),
        ("cinco", "5"),
        ("un usuario", "1"),
        ("1O", "10"),
        ("l0", "10"),
        ("O", ""),  # no digit says that a number was meant
        ("0", ""),
        ("100", ""),
        ("-3", ""),
        ("1.5", ""),
        ("muchos", ""),
    ],
)
def test_how_many_seats(typed: str, seats: str) -> None:
    assert suggested(Holds.SEATS, typed) == seats


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("05/13/2020", "13/05/2020"),
        ("5-4-2020", "05/04/2020"),
        ("05.04.2020", "05/04/2020"),
        ("2020/04/05", "05/04/2020"),
        ("5 de abril de 2020", "05/04/2020"),
        ("05-abr-20", "05/04/2020"),
        ("5 sept 2019", "05/09/2019"),
        ("Apr 5, 2020", "05/04/2020"),
        ("5/4/20", "05/04/2020"),
        ("31/12/98", "31/12/1998"),
        ("O5/O4/2O2O", "05/04/2020"),
        ("05/04/2020 14:35", "05/04/2020"),
        ("43926", "05/04/2020"),  # as Excel counts days
        ("31/02/2020", ""),
        ("13/25/2020", ""),
        ("5 de ma de 2020", ""),
        ("01/01/0025", ""),
        ("2020", ""),
        ("ayer", ""),
        ("=HOY()", ""),
    ],
)
def test_the_day_that_was_meant(typed: str, date: str) -> None:
    assert suggested(Holds.DATE, typed) == date


def test_two_digits_are_the_year_nearest_to_now() -> None:
    soon = clock.today().year + 2
    assert suggested(Holds.DATE, f"01/02/{soon % 100:02d}") == f"01/02/{soon}"
    long_ago = dt.date(soon - 80, 2, 1)
    assert suggested(Holds.DATE, f"1/2/{long_ago:%y}") == f"{long_ago:%d/%m/%Y}"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("31/02/2025", "febrero de 2025 tiene 28 días"),
        ("29/02/2024", ""),
        ("00/04/2025", "abril de 2025 tiene 30 días"),
        ("2025-13-01", "no hay mes 13"),
        ("01/01/0025", "el año es 25"),
        ("ayer", ""),
        ("9" * 5_000, ""),
    ],
)
def test_what_makes_a_date_impossible(typed: str, why: str) -> None:
    assert explained(Holds.DATE, typed) == why


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("G0DE561231GR8", "GODE561231GR8"),
        ("gode-56I23l-gr8", "GODE561231GR8"),
        ("G0DE561231GR9", ""),  # its check digit doesn't say so
        ("GODE561231GR8", ""),
        ("GODE", ""),
    ],
)
def test_an_rfc_whose_check_digit_says_so(typed: str, meant: str) -> None:
    assert suggested(Holds.RFC, typed) == meant


def test_nothing_is_guessed_of_a_serial() -> None:
    assert suggested(Holds.KEY, "OO123") == ""
    assert explained(Holds.KEY, "31/02/2025") == ""
