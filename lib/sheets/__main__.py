"""The child of lib/sheets/apart.py: rows on stdin, a file's bytes on stdout."""

import os
import pickle
import sys

from lib.model.sheet import Format
from lib.sheets import csv_file, xlsx_file
from lib.sheets.apart import received


def main() -> None:
    os.nice(10)  # whoever is on the phone comes first
    rows, out = sys.stdin.buffer, sys.stdout.buffer
    sheet, form = pickle.load(rows)  # noqa: S301 — our own desk's pipe
    write = csv_file.write if form is Format.CSV else xlsx_file.write
    write(sheet, received(rows), out)


if __name__ == "__main__":
    main()
