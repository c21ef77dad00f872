"""CDAs sealed by the vault before the engine sees them: what it spills to disk is ciphertext."""

import pyarrow as pa
import pyarrow.compute as pc

from lib.store.vault import Vault

_EATEN = r"\A[0-9]([.,][0-9]+)?[Ee]\+[0-9]+\z"


def seal(rows: pa.Table, vault: Vault) -> pa.Table:
    """The same rows with `code` as ciphertext, and `code_problem` where it can't be used.

    A reason never shows the code.
    """
    codes = rows["code"].combine_chunks()
    serials = rows["serial"].combine_chunks().cast(pa.binary())
    sealed = vault.seal_all(serials.to_pylist(), codes.cast(pa.binary()).to_pylist())
    place = rows.schema.get_field_index("code")
    hidden = rows.set_column(place, "code", pa.array(sealed, pa.binary()))
    return hidden.append_column("code_problem", _problems(codes))


def _problems(codes: pa.StringArray) -> pa.StringArray:
    eaten = pc.match_substring_regex(codes, _EATEN)
    changed = "Excel cambió el CDA, recupéralo del original"
    other = pc.if_else(eaten, changed, pa.scalar(None, pa.string()))
    return pc.if_else(pc.equal(codes, ""), "CDA vacío", other)
