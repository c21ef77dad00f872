#!/usr/bin/env python3
"""Verifies an export of Mesa CDA's audit log: `python3 verificar.py`, where it was unpacked.

Needs Python 3.9 or newer and `cryptography`, nothing of the desk. LEEME.txt says what it proves.
Exit status: 0 nothing found, 1 findings, 2 it couldn't run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent
sys.path.append(str(_HERE))  # also when Python is told to look nowhere else (-I)
sys.dont_write_bytecode = True  # what is verified stays as it is

from cadena import Chain, Finding, Head, Known  # noqa: E402
from renglon import Row, encode, fits, lines, read  # noqa: E402

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.stderr.write("Falta cryptography; instálala con: python3 -m pip install cryptography\n")
    sys.exit(2)

_KEY, _ERASED, _DROPPED = "log_key_made", "details_erased", "segment_dropped"
_RISKY = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])")  # what a spreadsheet would run
_SAID = {
    "altered": "{row} fue alterado",
    "missing": "falta {row}",
    "inserted": "{row} no es de la bitácora: alguien lo agregó",
    "reordered": "{row} no está en su lugar: cambiaron el orden",
    "cut_tail": "le cortaron el final desde {row}",
    "clock_back": "en {row} el reloj está antes que en el anterior",
    "detail_altered": "los datos personales de {row} fueron alterados",
    "detail_missing": "faltan los datos personales de {row} y no consta que se borraran",
    "wrong_key": "lo que firma hasta {row} es una llave que la bitácora no conoce",
    "bad_signature": "la firma del punto de control de {row} no corresponde",
    "checkpoint_missing": "la base ya no tiene el punto de control de {row}",
    "heads_missing": "heads.txt está vacío y no dice si {row} es el último",
    "csv_differs": "bitacora.csv no dice en {row} lo mismo que bitacora.jsonl",
    "file_missing": "falta el archivo {name}",
    "file_altered": "el archivo {name} no es como salió de la mesa",
}


class Check:
    """One verification of a folder; `told` is a head that somebody knows from elsewhere."""

    def __init__(self, folder: Path, told: Head | None) -> None:
        self.folder, self.told = folder, told
        self.manifest: Row = json.loads((folder / "manifest.json").read_text("utf-8"))
        first, last = int(self.manifest["first"]), int(self.manifest["last"])
        self.known = Known(first, last, bool(self.manifest["details"]), self.heads)
        self.keys: set[str] = set()  # that the log says were made
        self.lost: set[str] = set()  # that signed, and whose public key isn't there
        self.signed = 0  # the last row that a good signature covers
        self.found: list[Finding] = []
        self.rows = 0

    def run(self) -> None:
        self.files()
        self.checkpoints()
        if self.told and self.told.seq >= self.known.first - 1:
            self.known.signed.setdefault(self.told.seq, set()).add(self.told.hash)
        last = max((each.seq for each in self.heads()), default=0)
        self.known.newest = max([last, *self.known.signed])
        self.known.headed = last > 0
        chain = Chain(self.folder / "bitacora.jsonl", self.known)
        self.spreadsheet(chain)
        self.found = chain.found + self.found  # of what is found of one row, the chain comes first
        self.rows = chain.count
        if not chain.found and self.rows and not last:
            self.found.append(Finding(chain.top, "heads_missing"))
        self.found.sort(key=lambda each: each.seq)

    # ---- the files -------------------------------------------------------------------------------

    def files(self) -> None:
        """Each as the manifest has it; and, on the way, what some rows say of others."""
        for name, said in self.manifest["files"].items():
            whole = hashlib.sha256()
            for line in lines(self.folder / name):
                whole.update(line)
                if name in {"bitacora.jsonl", "contexto.jsonl"}:
                    self.learn(line, name == "bitacora.jsonl")
            if not (self.folder / name).is_file():
                self.found.append(Finding(0, "file_missing", name=name))
            elif whole.hexdigest() != said["sha256"]:
                self.found.append(Finding(0, "file_altered", name=name))

    def learn(self, line: bytes, inside: bool) -> None:
        """What the log says of its keys and of what was taken out of it; of rows from outside the
        period only those whole in themselves."""
        row = read(line) if any(a.encode() in line for a in (_KEY, _ERASED, _DROPPED)) else None
        if row is None or row["outcome"] != "ok" or not (inside or fits(row, row["seq"])):
            return
        if row["action"] == _KEY:
            self.keys.add(row["subject"])
        elif row["action"] == _ERASED:
            erased, account = self.known.erased, row["account_no"]
            erased[account] = max(row["seq"], erased.get(account, 0))
        elif row["action"] == _DROPPED:
            said = re.fullmatch(r"([0-9]{1,19})-([0-9]{1,19})", row["subject"])
            if said and int(said[1]) <= int(said[2]):  # else no desk wrote it
                self.known.dropped[int(said[1])] = int(said[2])

    def heads(self) -> Iterator[Head]:
        """heads.txt, which only grows: a line that goes back is none that the desk wrote."""
        last = 0
        for line in lines(self.folder / "heads.txt"):
            words = line.decode("ascii", "replace").split()
            if len(words) == 2 and words[0].isdecimal() and int(words[0]) > last:
                last = int(words[0])
                yield Head(last, words[1])

    def checkpoints(self) -> None:
        """Those whose signature stands are believed; the key must be one that the log knows."""
        if self.manifest["key"] and self.keys and self.manifest["key"] not in self.keys:
            self.found.append(Finding(self.known.last, "wrong_key"))
        for each in map(json.loads, lines(self.folder / "checkpoints.jsonl")):
            problem = self.distrust(each) if each["key"] in self.keys else "wrong_key"
            if not problem and each["key"] not in self.lost:
                self.known.signed.setdefault(each["seq"], set()).add(each["hash"])
                self.signed = max(self.signed, each["seq"])
            problem = problem or ("" if each["stored"] else "checkpoint_missing")
            self.found += [Finding(each["seq"], problem)] if problem else []

    def distrust(self, each: Row) -> str:
        """Why a checkpoint isn't believed; "" when it is, or when nobody can tell any more."""
        facts = encode([each[name] for name in ("seq", "hash", "rows", "signed_at", "key")])
        try:
            text = (self.folder / "keys" / f"log-{each['key']}.pub").read_text("ascii")
            public = bytes.fromhex(text.strip())
            signer = Ed25519PublicKey.from_public_bytes(public)
        except (OSError, ValueError):
            public = b""
        if hashlib.sha256(public).hexdigest()[:32] != each["key"]:
            self.lost.add(each["key"])
            return ""
        try:
            message = b"mesa-cda log checkpoint\n" + facts.encode()
            signer.verify(bytes.fromhex(each["signature"]), message)
        except (InvalidSignature, ValueError):
            return "bad_signature"
        return ""

    def spreadsheet(self, chain: Chain) -> None:
        """bitacora.csv beside the rows; the first of which it doesn't say the same is named."""
        path, same = self.folder / "bitacora.csv", True
        twin = _same(path, self.manifest["csv"]) if path.is_file() else None
        same = twin is None or next(twin)
        for row in chain.rows():
            if same and twin and chain.legible and not (same := twin.send(row)):
                self.found.append(Finding(row["seq"], "csv_differs"))
        if chain.legible and same and twin and not twin.send(None):
            self.found.append(Finding(chain.top + 1, "csv_differs"))

    # ---- in words --------------------------------------------------------------------------------

    def verdict(self) -> str:
        first, last = self.known.first, self.known.last
        rows = f"{self.rows:,} renglones, del {first:,} al {last:,}"
        if self.found:
            return f"LA BITÁCORA NO ESTÁ COMPLETA (se revisaron {rows})."
        return f"La bitácora está completa: {rows}."

    def notes(self) -> Iterator[str]:
        """What the verdict rests on, and what it leaves open."""
        first, last = self.known.first, self.known.last
        if self.signed:
            yield f"Hay firmas buenas hasta el renglón {self.signed:,}."
        if self.signed < last:
            yield f"Del renglón {self.signed + 1:,} al {last:,} no hay firma; sólo heads.txt."
        for key in sorted(self.lost):
            yield f"Sin su llave pública no se comprobaron las firmas de {key}."
        if first > 1 and self.known.of(first - 1):
            yield f"Empieza en el renglón {first:,}; el anterior consta fuera de la base."
        elif first > 1:
            yield f"Empieza en el renglón {first:,}; que enlace con el anterior no se comprueba."
        for start, end in sorted(self.known.dropped.items()):
            yield f"Los renglones {start:,} a {end:,} se dieron de baja, y así consta."
        if not self.known.detailed:
            yield "Se entregó sin datos personales: no se comprueban, sólo su compromiso."
        if self.told and self.told.seq < first - 1:
            yield f"La cabeza {self.told.seq:,} es de antes de estos renglones: no se comparó."
        elif self.told:
            yield f"Se comparó con la cabeza que diste, del renglón {self.told.seq:,}."
        if not self.manifest["logged"]:
            yield "Salió de una base bajo sospecha: la entrega no quedó escrita en la bitácora."


def _same(path: Path, columns: list[Row]) -> Generator[bool, Row | None, None]:
    """Whether a CSV says what is expected next: its heading, each row that is sent, its end."""
    with path.open("rb") as stream:

        def follows(cells: list[str], mark: bytes = b"") -> bool:
            text = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\r\n"
            wanted = mark + text.encode("utf-8", "replace")
            return stream.read(len(wanted)) == wanted

        row = yield follows([each["heading"] for each in columns], b"\xef\xbb\xbf")
        while row is not None:
            row = yield follows([_cell(row, each) for each in columns])
        yield not stream.read(1)


def _cell(row: Row, column: Row) -> str:
    value = row[column["column"]]
    text = "" if value is None else str(value)
    text = str(column["words"].get(text, text))
    return f"'{text}" if _RISKY.match(text) else text


def _text(found: Finding) -> str:
    row = f"el renglón {found.seq:,}"
    if found.through > found.seq:
        row = f"un renglón entre el {found.seq:,} y el {found.through:,}"
    return _SAID[found.problem].format(row=row, name=found.name).replace(" de el ", " del ")


def _said(check: Check, as_json: bool) -> str:
    if not as_json:
        findings = [f"  ✗ {_text(each)}." for each in check.found]
        return "\n".join([check.verdict(), *findings, *(f"  · {note}" for note in check.notes())])
    findings_said: list[dict[str, Any]] = [
        {**each._asdict(), "text": _text(each)} for each in check.found
    ]
    said = {"whole": not check.found, "rows": check.rows, "findings": findings_said}
    return json.dumps({**said, "notes": list(check.notes())}, ensure_ascii=False, indent=1)


def main() -> int:
    parser = argparse.ArgumentParser(description="Comprueba la bitácora de Mesa CDA.")
    parser.add_argument("folder", nargs="?", type=Path, default=_HERE, metavar="CARPETA")
    parser.add_argument(
        "--cabeza", nargs=2, metavar=("RENGLÓN", "HUELLA"), help="del correo diario a los gerentes"
    )
    parser.add_argument("--json", action="store_true", help="el resultado, para programas")
    options = parser.parse_args()
    if not (options.folder / "manifest.json").is_file():
        parser.error(f"en {options.folder} no hay manifest.json: indica dónde descomprimiste")
    try:
        told = options.cabeza and Head(int(options.cabeza[0].replace(",", "")), options.cabeza[1])
        check = Check(options.folder, told)
        check.run()
    except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
        print(f"LO ENTREGADO NO SE PUEDE LEER: {type(error).__name__}: {error}")
        return 1
    print(_said(check, options.json))
    return 1 if check.found else 0


if __name__ == "__main__":
    sys.exit(main())
