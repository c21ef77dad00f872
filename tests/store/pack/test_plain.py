"""What is passed in bulk is what the judge of single cells passes, and never more."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from lib.model import contact, rfc
from lib.store.pack.plain import plain_addresses, plain_rfcs

_LETTERS = "ABMÑ&a0129- \u0301"
_NEARLY_RFC = st.one_of(
    st.from_regex(r"\A[A-Z&Ñ]{3,4}[0-9]{6}[A-Z0-9]{2}[0-9A]\Z"),
    st.from_regex(r"\A[A-C]{3,4}(00|01|9[0-9])(0[0-9]|1[0-3])(0[01]|2[89]|3[0-2])AA[0-9A]\Z"),
    st.text(_LETTERS, max_size=14),
)
_NEARLY_ADDRESS = st.one_of(
    st.from_regex(r"\A[a-z0-9._+-]{1,8}@[a-z0-9.-]{1,9}\.(com|mx|net|org|edu)\n?\Z"),
    st.text("ab@.-+ñ\n ", max_size=12),
    st.integers(40, 70).map(lambda size: f"{'a' * size}@example.com"),
)


def _is_fine(cell: str) -> bool:
    return not cell or (rfc.is_well_formed(cell) and rfc.has_right_check_digit(cell))


@given(st.lists(_NEARLY_RFC, min_size=1, max_size=20))
def test_an_rfc_that_is_plain_is_one(cells: list[str]) -> None:
    with_right_digits = [cell[:-1] + _digit(cell) for cell in cells if rfc.is_well_formed(cell)]
    known = [*cells, *with_right_digits]
    plain = plain_rfcs(pa.array(known, pa.string())).tolist()
    assert all(_is_fine(cell) for cell, passed in zip(known, plain, strict=True) if passed)
    ascii_ = [cell.isascii() for cell in with_right_digits]
    assert plain[len(cells) :] == ascii_


def _digit(cell: str) -> str:
    return rfc.check_digit(cell[:-1])


@given(st.lists(_NEARLY_ADDRESS, min_size=1, max_size=20))
def test_an_address_that_is_plain_is_one(cells: list[str]) -> None:
    plain = plain_addresses(pa.array(cells, pa.string())).tolist()
    assert all(
        contact.is_address(cell) for cell, passed in zip(cells, plain, strict=True) if passed
    )


def test_nearly_all_are_plain() -> None:
    some = pa.array(["", "GODE561231GR8", "AAA010101AAA", "GODE561231GR9"], pa.string()).slice(1)
    assert plain_rfcs(some).tolist() == [True, False, False]
    mails = pa.array(["ana.lopez@gmail.com", "ventas@mi-tienda.com.mx", "a@b"], pa.string())
    assert plain_addresses(mails).tolist() == [True, True, False]
