"""What a password must be: long enough, and none that is tried first. No rule asks for letters of
one kind or another (ASVS 5.0, 6.2; NIST SP 800-63B-4, 3.1.1.2).

What is tried first: the 30,000 most used passwords and what zxcvbn guesses within GUESSES (repeats,
rows of keys, dates, common words with figures after them); the Spanish ones of
common_passwords.txt; and names of the company, its products, the person, with whatever figures.
"""

from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

from lib.model.errors import AppError, Reason
from lib.model.text import fold
from lib.services.doors.passwords import LONGEST, SHORTEST, normal

GUESSES = 10**6  # zxcvbn's first two scores of five: what falls to guessing through a slow door
_SHORTEST_WORD = 3  # letters: shorter parts of a name stand in any sentence
_FEWEST_LETTERS = 6  # that a password has besides names that anybody knows

# ASVS 5.0, 6.1.2: the words that nobody's password is made of, whatever figures stand around them.
CONTEXT = (
    "siigo", "aspel", "mesacda", "cda", "sae", "coi", "noi", "banco", "caja", "prod", "facture",
    "adm", "espacio", "sistema", "sistemas", "serie", "licencia", "licencias", "suscripcion",
    "certificado", "activacion", "codigo", "autenticidad", "agente", "gerente", "administrador",
    "admin", "soporte", "usuario", "cliente", "clientes",
)  # fmt: skip


def check(password: str, about: Collection[str] = ()) -> None:
    """`about`: what is known of whose it will be: username, name, e-mail.

    Raises AppError: SHORT_PASSWORD, LONG_PASSWORD, KNOWN_NAMES_PASSWORD, WEAK_PASSWORD.
    """
    text = normal(password)
    if len(text) < SHORTEST:
        raise AppError(Reason.SHORT_PASSWORD, least=SHORTEST, length=len(text))
    if len(text) > LONGEST:
        raise AppError(Reason.LONG_PASSWORD, most=LONGEST, length=len(text))
    names = {*CONTEXT, *_words(about)}
    if _of_names(text, names):
        raise AppError(Reason.KNOWN_NAMES_PASSWORD)
    if _common(text) or _guessed(text, names):
        raise AppError(Reason.WEAK_PASSWORD)


def _words(about: Iterable[str]) -> set[str]:
    """Each whole, and what it is made of: "ana.lopez@gmail.com" also gives ana, lopez, gmail."""
    found = set[str]()
    for text in map(fold, about):
        parts = "".join(c if c.isalnum() else " " for c in text).split()
        found |= {text, text.replace(" ", ""), *parts}
    return {word for word in found if len(word) >= _SHORTEST_WORD}


def _of_names(text: str, names: Collection[str]) -> bool:
    """Whether hardly a letter is left without what anybody knows of the desk and the person."""
    folded = fold(text).replace(" ", "")
    rest = folded
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(name, "")
    return rest != folded and sum(c.isalpha() for c in rest) < _FEWEST_LETTERS


def _common(text: str) -> bool:
    """As it is, or by its letters alone, or by what stands between figures and signs."""
    folded = fold(text)
    letters = "".join(c for c in folded if c.isalpha())
    core = folded.strip("".join({c for c in folded if not c.isalpha()}))
    return bool({folded, letters, core} & _known())


def _guessed(text: str, names: Collection[str]) -> bool:
    from zxcvbn import zxcvbn  # noqa: PLC0415 - as _known

    return bool(zxcvbn(text, user_inputs=sorted(names), max_length=LONGEST)["guesses"] < GUESSES)


@cache
def _known() -> frozenset[str]:
    """Read when somebody first chooses a password: no start waits for them."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 - 0.1 s, then

    ours = Path(__file__).with_name("common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset({*map(fold, FREQUENCY_LISTS["passwords"]), *ours})
