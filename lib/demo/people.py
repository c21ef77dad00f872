"""One made-up customer: names, RFC, mail and address that go together."""

from dataclasses import dataclass

from lib.demo import words
from lib.demo.dice import Dice
from lib.model import rfc as rfc_rules
from lib.model.text import fold

_HOMOCLAVE = "ABCDEFGHIJKLMNPQRSTUVWXYZ0123456789"
_WRONG_DIGIT = 0.015  # of the RFCs in use (domain.md)
_COMPANY = 0.55
_FOLDED = {word: fold(word) for word in (*words.GIVEN, *words.SURNAMES, *words.TRADES)}


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    email: str
    phone: str
    rfc: str
    legal_name: str
    tax_regime: str
    cfdi_use: str
    postal_code: str
    street: str
    neighborhood: str
    municipality: str
    state: str


def customer(number: int, dice: Dice, year: int) -> Customer:
    """The customer of an account; `year` is the present one: nobody is born after it."""
    given, father, mother = dice.pick(words.GIVEN), *_surnames(dice)
    name = legal_name = f"{given} {father} {mother}"
    if dice.chance(0.0005):
        name = legal_name = _endless(dice, name)
    if dice.chance(_COMPANY):
        trade, owner = dice.pick(words.TRADES), dice.pick(words.SURNAMES)
        legal_name = f"{trade} {owner} {dice.pick(words.ENDINGS)}"
        letters = _letters(trade)[0] + _letters(owner)[0] + fold(legal_name)[-1].upper()
        born = dice.between(1960, year - 1)
        regimes = words.COMPANY_REGIMES
    else:
        letters, born = _person_letters(given, father, mother), dice.between(1945, year - 20)
        regimes = words.PERSON_REGIMES
    regime, uses = dice.pick(regimes)
    state, municipality, area, quarters = dice.pick(words.PLACES)
    neighborhood, postal_code = dice.pick(quarters)
    return Customer(
        name=name,
        email=_email(number, dice, given, father),
        phone=area + str(dice.between(2 * 10 ** (9 - len(area)), 10 ** (10 - len(area)) - 1)),
        rfc=_rfc(letters, born, dice),
        legal_name=legal_name,
        tax_regime=regime,
        cfdi_use=dice.pick(uses),
        postal_code=postal_code,
        street=f"{dice.pick(words.STREETS)} {dice.between(1, 2500)}",
        neighborhood=neighborhood,
        municipality=municipality,
        state=state,
    )


def _surnames(dice: Dice) -> tuple[str, str]:
    return dice.pick(words.SURNAMES), dice.pick(words.SURNAMES)


def _endless(dice: Dice, name: str) -> str:
    """Of those that break a layout: over a hundred characters."""
    while len(name) < 100:
        name = f"{dice.pick(words.GIVEN)} {name} y {dice.pick(words.SURNAMES)}"
    return name


def _email(number: int, dice: Dice, given: str, father: str) -> str:
    """A few have none, a few are not addresses: they are what the desk corrects."""
    if dice.chance(0.001):
        return ""
    at = "(arroba)" if dice.chance(0.0015) else "@"
    local = f"{_FOLDED[given]}.{_FOLDED[father]}".replace(" ", ".")
    return f"{local}{number}{at}{dice.pick(words.MAIL_DOMAINS)}"


def _letters(word: str) -> str:
    return _FOLDED[word].replace(" ", "").upper()


def _person_letters(given: str, father: str, mother: str) -> str:
    """SAT: first letter and first inner vowel of the father's, then mother's and given name's."""
    paternal = _letters(father)
    vowel = next((c for c in paternal[1:] if c in "AEIOU"), "X")
    letters = paternal[0] + vowel + _letters(mother)[0] + _letters(given)[0]
    return letters[:3] + "X" if letters in words.INCONVENIENT else letters


def _rfc(letters: str, born: int, dice: Dice) -> str:
    if dice.chance(0.01):
        return rfc_rules.PUBLIC
    day = f"{born % 100:02}{dice.between(1, 12):02}{dice.between(1, 28):02}"
    body = letters + day + dice.pick(_HOMOCLAVE) + dice.pick(_HOMOCLAVE)
    digit = rfc_rules.check_digit(body)
    if dice.chance(_WRONG_DIGIT):
        digit = "0" if digit != "0" else "1"
    return body + digit
