"""Where the desk keeps things: the only room that knows SQL.

`ops` is what happens here (one DuckDB file, one process); `ref` is what the vendor handed over
(immutable files, one for each load). docs/decisions.md says why.
"""
