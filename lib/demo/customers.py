"""A made-up vendor pack of any size: the same seed, size and day write the same bytes.

About 2.5 systems an account, so that 400,000 accounts make a million systems. Written as the vendor
writes (Windows-1252, `;`, CRLF, dd/mm/aaaa), so that it goes through the real loader.
"""

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from lib.demo import words
from lib.demo.dice import Dice
from lib.demo.people import Customer, customer
from lib.model.system import Cause
from lib.store.pack import files
from lib.store.pack.files import PackFile

SEED = 20_260_101
_PRODUCTS = tuple(words.PRODUCTS)
# How many of each an account has; pick() makes these means: 1.95, 0.55 and 0.12.
_SUBSCRIPTIONS = (0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 6)
_LICENCES = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2)
_CERTIFICATE = 0.12
_OVERDUE = 0.1
_UNLOCKED = 0.047
_PERIODS = (("Mensual", 30), ("Semestral", 182), ("Anual", 365))


def write_pack(
    folder: Path, accounts: int, today: dt.date, seed: int = SEED, more: float = 0.0
) -> None:
    """Write the five files into `folder`, which must exist; `more` is the part of the accounts
    that have one subscription more."""
    with contextlib.ExitStack() as stack:
        streams = {f: stack.enter_context(_opened(folder, f)) for f in files.FILES}
        _Writer(streams, Dice(seed), today).write(accounts, more)


@contextlib.contextmanager
def _opened(folder: Path, pack_file: PackFile) -> Iterator[TextIO]:
    path = folder / pack_file.name
    with path.open("w", encoding="cp1252", newline="", buffering=1 << 20) as stream:
        stream.write(";".join(c.heading for c in pack_file.columns) + "\r\n")
        yield stream


class _Writer:
    def __init__(self, streams: dict[PackFile, TextIO], dice: Dice, today: dt.date) -> None:
        self._accounts = streams[files.ACCOUNTS].write
        self._subscriptions = streams[files.SUBSCRIPTIONS].write
        self._licences = streams[files.LICENCES].write
        self._certificates = streams[files.CERTIFICATES].write
        self._activations = streams[files.ACTIVATIONS].write
        self._dice = dice
        self._today = today.toordinal()
        self._year = today.year
        self._shown: dict[int, str] = {}

    def write(self, accounts: int, more: float) -> None:
        for number in range(1, accounts + 1):
            account_no = f"{number:08}"
            someone = customer(number, self._dice, self._year)
            self._account(account_no, someone)
            for _ in range(self._dice.pick(_SUBSCRIPTIONS)):
                self._subscription(account_no)
            if more and self._dice.chance(more):
                self._subscription(account_no)
            for _ in range(self._dice.pick(_LICENCES)):
                self._licence(account_no)
            if self._dice.chance(_CERTIFICATE):
                self._certificate(number, account_no, someone)

    def _account(self, account_no: str, who: Customer) -> None:
        registered = self._day(self._today - self._dice.between(30, 3600))
        self._accounts(
            f"{account_no};{who.name};{who.email};{who.phone};{who.rfc};{who.legal_name};"
            f"{who.tax_regime};{who.cfdi_use};{who.postal_code};{who.street};{who.neighborhood};"
            f"{who.municipality};{who.state};{registered}\r\n"
        )

    def _subscription(self, account_no: str) -> None:
        dice = self._dice
        serial, activated = dice.serial("S"), self._today - dice.between(20, 1400)
        period, days = dice.pick(_PERIODS)
        overdue = dice.chance(_OVERDUE)
        due = self._today + (-dice.between(1, 90) if overdue else dice.between(0, days))
        self._subscriptions(
            f"{serial};{account_no};{self._product()};{self._day(activated)};{self._day(due)};"
            f"{period};{'Vencida' if overdue else 'Activa'}\r\n"
        )
        self._issue(serial, activated)

    def _licence(self, account_no: str) -> None:
        serial, bought = self._dice.serial("L"), self._today - self._dice.between(40, 3000)
        activated = bought + self._dice.between(0, 30)
        self._licences(
            f"{serial};{account_no};{self._product()};{self._day(bought)};"
            f"{self._day(activated)}\r\n"
        )
        self._issue(serial, activated)

    def _certificate(self, number: int, account_no: str, who: Customer) -> None:
        """Some are nobody's yet, some say whose RFC: the desk links them."""
        dice = self._dice
        owner = "" if dice.chance(0.3) else account_no
        tax_id = who.rfc if dice.chance(0.2) else ""
        bought = self._day(self._today - dice.between(300, 4200))
        self._certificates(
            f"F{number:07};{dice.serial('0')};{self._product()};{bought};"
            f"{who.legal_name};{tax_id};{owner}\r\n"
        )

    def _product(self) -> str:
        name = self._dice.pick(_PRODUCTS)
        versions, seats = words.PRODUCTS[name]
        return f"{name};{self._dice.pick(versions)};{self._dice.pick(seats)}"

    def _issue(self, serial: str, activated: int) -> None:
        """The first CDA, and for some systems an unlock or two, each on a later day."""
        dice, day, cause = self._dice, activated, Cause.NEW
        self._activations(f"{serial};{dice.code()};{self._day(day)};{cause}\r\n")
        while day < self._today and dice.chance(_UNLOCKED):
            day = dice.between(day + 1, self._today)
            self._activations(f"{serial};{dice.code()};{self._day(day)};{Cause.UNLOCK}\r\n")

    def _day(self, ordinal: int) -> str:
        shown = self._shown.get(ordinal)
        if shown is None:
            shown = self._shown[ordinal] = f"{dt.date.fromordinal(ordinal):%d/%m/%Y}"
        return shown
