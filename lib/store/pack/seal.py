"""CDAs sealed by the vault before the engine sees them: what it spills to disk is ciphertext."""

import re

import pyarrow as pa

from lib.store.vault import Vault

_EATEN = re.compile(r"[0-9]([.,][0-9]+)?[Ee]\+[0-9]+")


def seal(rows: pa.Table, vault: Vault) -> pa.Table:
    """The same rows with `code` as ciphertext, and `code_problem` where it can't be used.

    A reason never shows the code.
    """
    codes = rows["code"].to_pylist()
    sealed = [
        vault.seal(serial, code) if code else None
        for serial, code in zip(rows["serial"].to_pylist(), codes, strict=True)
    ]
    problems = [_problem(code) for code in codes]
    place = rows.schema.get_field_index("code")
    hidden = rows.set_column(place, "code", pa.array(sealed, pa.binary()))
    return hidden.append_column("code_problem", pa.array(problems, pa.string()))


def _problem(code: str) -> str | None:
    if not code:
        return "CDA vacío"
    return "Excel cambió el CDA, recupéralo del original" if _EATEN.fullmatch(code) else None
