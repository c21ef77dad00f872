"""The files that bench/imports.py brings in: `python -m bench.import_files FOLDER` writes them.

FOLDER/pack (a vendor's pack of a million accounts and three million systems), FOLDER/again (the
same with 1 % changed), FOLDER/changed (that 1 % alone), FOLDER/more (those and some that weren't
there) and FOLDER/certificados.csv (a million certificates of those accounts, as a distributor would
type them: some bad, some to be warned of).
The same each time: chance is seeded.
"""

import argparse
import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from lib.demo import customers, words
from lib.demo.dice import Dice
from lib.model import clock
from lib.store.pack import files

ACCOUNTS = 1_000_000
CERTIFICATES = 1_000_000
_MORE = 0.515  # of the accounts have one subscription more than the demo's: 3 systems each
_CHANGED = 100  # one line of so many changes
_NEW = 500  # accounts for one that is new, and systems for three
_SLIPS = 0.08  # of the certificates
_SEED = 6
_HEADING = ",".join([*(c.heading for c in files.CERTIFICATES.columns), "Distribuidor"])
_DEALERS = (
    "Sistemas del Bajío Centro", "Cómputo y Soluciones SA", "Micro Center de Puebla",
    "Soporte Contable de México", "Punto Digital del Norte", "Asesores PyME Asociados",
)  # fmt: skip
_PRODUCTS = tuple(words.PRODUCTS)
_CP1252 = {"encoding": "cp1252", "newline": "", "buffering": 1 << 20}

# An account as its certificates say it: number, name, RFC.
Holder = tuple[str, str, str]


def write_pack(folder: Path, accounts: int = ACCOUNTS) -> None:
    folder.mkdir(parents=True)
    customers.write_pack(folder, accounts, clock.today(), more=_MORE)


def write_again(pack: Path, folder: Path, *, whole: bool = True) -> None:
    """The pack with every hundredth line changed: a phone, a payment, a version, an unlock; without
    `whole` those lines alone."""
    folder.mkdir(parents=True)
    rewritten = _Rewritten(pack, folder, whole=whole)
    rewritten.write(files.ACCOUNTS, lambda line: _with(line, 3, "5550001234"))
    paid = f"{clock.today() + dt.timedelta(days=400):%d/%m/%Y}"
    rewritten.write(files.SUBSCRIPTIONS, lambda line: _with(line, 6, paid))
    rewritten.write(files.LICENCES, lambda line: _with(line, 3, "12.0"))
    unlocked = f"{clock.today():%d/%m/%Y}"
    rewritten.write(files.ACTIVATIONS, lambda line: _unlock(line, unlocked), stays=True)
    if whole:
        shutil.copyfile(pack / files.CERTIFICATES.name, folder / files.CERTIFICATES.name)


def write_more(again: Path, folder: Path) -> None:
    """The pack that changed, and 1 account in 500 more, with three systems each and their CDAs."""
    folder.mkdir(parents=True)
    for file in again.iterdir():
        shutil.copyfile(file, folder / file.name)
    with (again / files.ACCOUNTS.name).open(**_CP1252) as stream:  # type: ignore[call-overload]
        stream.readline()
        of = [line.split(";", 1) for number, line in enumerate(stream) if number % _NEW == 0]
    day = f"{clock.today():%d/%m/%Y}"
    serials = [(f"N{at:09}", of[at // 3][0]) for at in range(3 * len(of))]
    for pack_file, lines in (
        (files.ACCOUNTS, (f"{number}N;{rest}" for number, rest in of)),
        (files.SUBSCRIPTIONS, (f"{s};{n}N;SAE;9.0;1;{day};;Anual;Activa\r\n" for s, n in serials)),
        (files.ACTIVATIONS, (f"{s};NUEVO-{s};{day};Alta\r\n" for s, _ in serials)),
    ):
        with (folder / pack_file.name).open("a", **_CP1252) as after:  # type: ignore[call-overload]
            after.writelines(lines)


def write_certificates(
    target: Path, pack: Path, rows: int = CERTIFICATES, slips: float = _SLIPS
) -> None:
    """120 bytes a row. Of the part that slips one row in eight is bad (a serial that Excel ate, a
    day that isn't, a system that nobody sells, a cell too many, a folio twice); most others want a
    warning."""
    dice = Dice(_SEED)
    holders = cycle(_holders(pack))
    with target.open("w", encoding="utf-8-sig", newline="", buffering=1 << 20) as stream:
        stream.write(f"{_HEADING}\r\n")
        for number in range(rows):
            cells = _cells(number, next(holders), dice)
            if dice.chance(slips):
                dice.pick(_WAYS)(cells)
            stream.write(f"{','.join(cells)}\r\n")


@dataclass(frozen=True)
class _Rewritten:
    """Files of `folder` made from those of `pack`."""

    pack: Path
    folder: Path
    whole: bool

    def write(
        self, pack_file: files.PackFile, change: Callable[[str], str], *, stays: bool = False
    ) -> None:
        """With `stays` what `change` makes comes after the line, else in its place."""
        with (
            (self.pack / pack_file.name).open(**_CP1252) as before,  # type: ignore[call-overload]
            (self.folder / pack_file.name).open("w", **_CP1252) as after,  # type: ignore[call-overload]
        ):
            after.write(before.readline())
            for number, line in enumerate(before):
                changes = number % _CHANGED == 0
                if self.whole and (stays or not changes):
                    after.write(line)
                if changes:
                    after.write(change(line))


def _with(line: str, place: int, cell: str) -> str:
    cells = line.rstrip("\r\n").split(";")
    cells[place] = cell
    return ";".join(cells) + "\r\n"


def _unlock(line: str, day: str) -> str:
    """Another CDA of the same serial, of today, unless it has one of today."""
    serial, code, issued, _ = line.rstrip("\r\n").split(";")
    return "" if issued == day else f"{serial};{code[::-1]};{day};Desbloqueo\r\n"


def _holders(pack: Path) -> list[Holder]:
    with (pack / files.ACCOUNTS.name).open(**_CP1252) as stream:  # type: ignore[call-overload]
        stream.readline()
        return list(_of_accounts(stream))


def _of_accounts(lines: Iterator[str]) -> Iterator[Holder]:
    for line in lines:
        number, name, _, _, rfc, legal_name, _ = line.split(";", 6)
        yield number, legal_name or name, rfc


def _cells(number: int, holder: Holder, dice: Dice) -> list[str]:
    account_no, name, rfc = holder
    product = dice.pick(_PRODUCTS)
    versions, seats = words.PRODUCTS[product]
    bought = f"{dice.between(1, 28):02}/{dice.between(1, 12):02}/{dice.between(2008, 2024)}"
    return [
        f"F{number:08}", dice.serial("0"), f"Aspel {product}", dice.pick(versions),
        f"{dice.pick(seats)}", bought, name, rfc if dice.chance(0.7) else "",
        account_no if dice.chance(0.8) else "", dice.pick(_DEALERS),
    ]  # fmt: skip


def _put(place: int, cell: str) -> Callable[[list[str]], None]:
    return lambda cells: cells.__setitem__(place, cell)


# The first two are bad.
_WAYS: tuple[Callable[[list[str]], None], ...] = (
    lambda cells: _put(*_BAD[int(cells[0][1:]) % len(_BAD)])(cells),
    lambda cells: cells.append("se entregó en tienda"),
    *(lambda cells: cells.__setitem__(6, f'"{cells[6]}, S.A. de C.V."') for _ in range(4)),
    *(lambda cells: cells.__setitem__(6, f" {cells[6].upper()} ") for _ in range(4)),
    _put(6, "Público en general"),
    _put(6, ""),
    _put(7, "GODE561231GR9"),
    _put(7, "SIN RFC"),
    *(lambda cells: cells.__setitem__(8, f"9{cells[0][2:]}") for _ in range(2)),
)
_BAD = ((1, "1.23E+11"), (5, "31/02/2019"), (2, "Aspel SEA"), (4, "0"), (0, "F00000001"), (1, ""))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.import_files", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--accounts", type=int, default=ACCOUNTS)
    parser.add_argument("--rows", type=int, default=CERTIFICATES, help="of certificates")
    options = parser.parse_args()
    write(options.folder, options.accounts, options.rows)


def write(folder: Path, accounts: int = ACCOUNTS, rows: int = CERTIFICATES) -> None:
    """All of them; what is there stays."""
    if not (folder / "pack").exists():
        write_pack(folder / "pack", accounts)
    if not (folder / "again").exists():
        write_again(folder / "pack", folder / "again")
    if not (folder / "changed").exists():
        write_again(folder / "pack", folder / "changed", whole=False)
    if not (folder / "more").exists():
        write_more(folder / "again", folder / "more")
    if not (folder / "certificados.csv").exists():
        write_certificates(folder / "certificados.csv", folder / "pack", rows)


if __name__ == "__main__":
    main()
