"""What is searched for: what people type, and pieces of what is really there."""

import random
from dataclasses import dataclass
from pathlib import Path

from bench.engine import TERMS
from lib.demo import words
from lib.model.text import fold
from lib.store.database import Store
from tests.slips import mistyped

_SLIPS = 60


@dataclass(frozen=True)
class Terms:
    """`typed` are all; `slips` are (mistyped, meant) names."""

    usual: list[str]
    typed: list[str]
    slips: list[tuple[str, str]]

    @property
    def mistyped(self) -> list[str]:
        return list(dict.fromkeys(slip for slip, _ in self.slips))


def drawn(data: Path, count: int) -> Terms:
    """The usual ones and `count` random pieces of names, e-mails, phones, RFCs and serials."""
    some = random.Random(5)
    store = Store.open(data)
    try:
        accounts = int(store.rows("SELECT count(*) FROM account")[0][0])
        places = [some.randrange(accounts) for _ in range(count)]
        question = (
            "SELECT a.name_folded, a.email, a.phone, lower(a.rfc), lower(any_value(s.serial))"
            " FROM account a LEFT JOIN system s ON s.account_rank = a.place"
            " WHERE a.place IN (SELECT unnest(?)) GROUP BY ALL"
        )
        rows = store.rows(question, [places])
    finally:
        store.close()
    pieces = [_piece(some, [text for text in row if text]) for row in sorted(rows, key=str)]
    return Terms(list(TERMS), list(dict.fromkeys([*TERMS, *pieces])), _slips(some))


def _piece(some: random.Random, texts: list[str]) -> str:
    """From 3 to 10 symbols of one of them; of every third also a piece of another."""
    one, other = some.sample(texts, 2)
    return _cut(some, one) if some.random() < 0.67 else f"{_cut(some, one)} {_cut(some, other)}"


def _cut(some: random.Random, text: str) -> str:
    size = some.randint(3, 10)
    start = some.randrange(max(1, len(text) - size))
    return fold(text[start : start + size]) or fold(text)


def _slips(some: random.Random) -> list[tuple[str, str]]:
    names = [fold(name) for name in words.SURNAMES if " " not in name and len(name) > 4]
    meant = [some.choice(names) for _ in range(_SLIPS)]
    return [(mistyped(some, name), name) for name in meant]
