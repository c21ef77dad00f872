"""Make the tables and put the rows in: `python -m django_admin.fill`, in the peers' environment."""

import os
import unicodedata
from collections.abc import Iterator
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "django_admin.settings")
django.setup()

import pyarrow.parquet as pq  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django_admin.models import System  # noqa: E402

_SHOWN = (
    "product", "version", "seats", "serial", "account_no", "account_name",
    "activated_on", "next_payment_on", "period", "status",
)  # fmt: skip
_SEARCHED = ("serial", "account_name", "email", "phone", "rfc", "account_no")
_TABLE, _COLUMNS = "django_admin_system", ", ".join([*_SHOWN, "search"])
_TRIGRAMS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX system_trigrams ON django_admin_system USING gin (upper(search) gin_trgm_ops)",
    f"VACUUM ANALYZE {_TABLE}",
)


def main() -> None:
    call_command("migrate", run_syncdb=True, verbosity=0)
    if System.objects.exists():
        return
    User.objects.create_superuser("bench", password="bench")
    with connection.cursor() as cursor, transaction.atomic():
        (_copy if connection.vendor == "postgresql" else _insert)(cursor)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for statement in _TRIGRAMS:
                cursor.execute(statement)


def _copy(cursor: Any) -> None:
    with cursor.copy(f"COPY {_TABLE} ({_COLUMNS}) FROM STDIN") as copy:
        for row in _rows():
            copy.write_row(row)


def _insert(cursor: Any) -> None:
    marks = ", ".join(["%s"] * (len(_SHOWN) + 1))
    cursor.executemany(f"INSERT INTO {_TABLE} ({_COLUMNS}) VALUES ({marks})", _rows())


def _rows() -> Iterator[tuple[Any, ...]]:
    for batch in pq.ParquetFile(os.environ["BENCH_ROWS"]).iter_batches(20_000):
        for row in batch.to_pylist():
            search = _folded(" ".join(str(row[name]) for name in _SEARCHED))
            yield (*(row[name] for name in _SHOWN), search)


def _folded(text: str) -> str:
    """Without accents, as the desk stores its own search text."""
    split = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in split if not unicodedata.combining(c))


if __name__ == "__main__":
    main()
