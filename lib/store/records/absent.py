"""Certificates from a file that hadn't all the columns: what the desk holds there stays."""

from lib.store.reading import Reader

_BARE = "regexp_replace({x}, '[^0-9A-Za-z]', '', 'g')"
_SPACED = f"CASE WHEN {_BARE} IN ({{x}}, '') THEN {{x}} ELSE {{x}} || ' ' || {_BARE} END"
# As pack/sql/carry.sql makes it, but for letters that the engine folds by itself otherwise than
# lib/model/text.py does; Spanish has none.
_SEARCH = "lower(strip_accents(concat_ws(' ', {parts})))"


def filled(reader: Reader, alias: str) -> str:
    """The relation of the certificates in an attached file (pack_certificate's columns), each with
    what is held where the file had no column."""
    rows = reader.rows(f"SELECT name FROM {alias}.pack_absent ORDER BY name")
    absent = [name for (name,) in rows]
    if not absent:
        return f"{alias}.pack_certificate"
    held = ", ".join(f"CASE WHEN h.folio IS NULL THEN p.{n} ELSE h.{n} END AS {n}" for n in absent)
    return (
        f"(SELECT p.* REPLACE ({held}, CASE WHEN h.folio IS NULL THEN p.search"
        f" ELSE {_searched(absent)} END AS search)"
        f" FROM {alias}.pack_certificate p LEFT JOIN held_certificate h ON h.folio = p.folio)"
    )


def _searched(absent: list[str]) -> str:
    of = {n: f"h.{n}" if n in absent else f"p.{n}" for n in ("holder", "rfc", "account_no")}
    parts = (
        "p.folio",
        _SPACED.format(x="p.serial"),
        of["holder"],
        _SPACED.format(x=of["rfc"]),
        of["account_no"],
    )
    return _SEARCH.format(parts=", ".join(f"nullif({part}, '')" for part in parts))
