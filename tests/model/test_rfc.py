"""RFC rules, on RFCs that SAT and large companies publish."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.model import rfc

PUBLISHED = ["GODE561231GR8", "SAT970701NN3", "CFE370814QI0", "PME380607P35", "BBA830831LJ2"]


@pytest.mark.parametrize("text", PUBLISHED)
def test_a_published_rfc_is_right(text: str) -> None:
    assert rfc.is_well_formed(text)
    assert rfc.has_right_check_digit(text)


@pytest.mark.parametrize("text", sorted(rfc.GENERIC))
def test_the_generic_ones_are_right(text: str) -> None:
    assert rfc.is_well_formed(text)
    assert rfc.has_right_check_digit(text)


def test_the_public_rfc_would_fail_its_check_digit() -> None:
    assert rfc.check_digit(rfc.PUBLIC[:-1]) != rfc.PUBLIC[-1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "GODE561231GR",  # a person's without its digit
        "GODE561331GR8",  # month 13
        "GODE560230GR8",  # 30 February
        "SAT970229NN3",  # 1997 and 1897 had no 29 February
        "SAT970700NN3",  # day 0
        "SA970701NN3",
        "GODEX561231GR8",
        "GODE561231GRB",  # the digit is 0-9 or A
        "gode561231gr8",  # not normalized
        "ＧODE561231GR8",
        "GODE٥٦1231GR8",
    ],
)
def test_what_is_not_an_rfc(text: str) -> None:
    assert not rfc.is_well_formed(text)


def test_leap_day_of_the_year_2000() -> None:
    assert rfc.is_well_formed("SAT000229NN3")


def test_letters_beyond_ascii_and_ampersand() -> None:
    assert rfc.is_well_formed("Ñ&A990101AB" + rfc.check_digit("Ñ&A990101AB"))


def test_normalized_takes_what_people_type() -> None:
    assert rfc.normalized(" sat-970701-nn3\t") == "SAT970701NN3"


def test_person_and_company() -> None:
    assert rfc.is_person("GODE561231GR8")
    assert not rfc.is_person("SAT970701NN3")


@given(st.sampled_from(PUBLISHED), st.data())
def test_any_one_digit_mistyped_is_noticed(text: str, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from([i for i, c in enumerate(text) if c.isdigit()]))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != text[at]]))
    assert not rfc.has_right_check_digit(text[:at] + wrong + text[at + 1 :])
