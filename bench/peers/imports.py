"""Other people's imports of a CSV of certificates into SQLite: `imports.py WHICH FILE FOLDER`.

WHICH is "django" (django-import-export as its admin runs it: a dry run, then the import) or
"pandas" (read_csv and to_sql, which check nothing). The answer, on stdout, is JSON: seconds, and
the rows that are there at the end. Run in their own environment.
"""

import json
import sqlite3
import sys
import time
from pathlib import Path

_TABLE = "certificate"
_COLUMNS = {
    "folio": "Folio", "serial": "No. Serie", "product": "Sistema", "version": "Versión",
    "seats": "Usuarios", "purchased_on": "Fecha Compra", "holder": "Titular", "rfc": "RFC",
    "account_no": "No. Cuenta",
}  # fmt: skip


def main() -> None:
    which, file, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    database = folder / f"{which}.sqlite3"
    told = {"django": django, "pandas": pandas}[which](file, database)
    with sqlite3.connect(database) as connection:
        (rows,) = connection.execute(f"SELECT count(*) FROM {_TABLE}").fetchone()
    print(json.dumps({**told, "rows": rows}))


def pandas(file: Path, database: Path) -> dict[str, float]:
    import pandas as pd

    began = time.perf_counter()
    frame = pd.read_csv(file, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    read = time.perf_counter()
    with sqlite3.connect(database) as connection:
        frame.to_sql(_TABLE, connection, index=False)
    return {"check_s": read - began, "commit_s": time.perf_counter() - read}


def django(file: Path, database: Path) -> dict[str, float]:
    resource, tablib = _resource(database)
    began = time.perf_counter()
    data = tablib.Dataset().load(file.read_text("utf-8-sig"), format="csv")
    tried = resource.import_data(data, dry_run=True)
    assert not tried.has_errors()
    checked = time.perf_counter()
    resource.import_data(data, dry_run=False, raise_errors=True)
    return {"check_s": checked - began, "commit_s": time.perf_counter() - checked}


def _resource(database: Path):  # type: ignore[no-untyped-def]
    """A resource over a model with a unique folio, and the library that reads its files."""
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="bench",
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database)}},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "import_export"],
    )
    django.setup()
    import tablib
    from django.db import connection, models
    from import_export import fields, resources, widgets

    class Certificate(models.Model):
        folio = models.CharField(max_length=40, unique=True)
        serial = models.CharField(max_length=40)
        product = models.CharField(max_length=40)
        version = models.CharField(max_length=20)
        seats = models.IntegerField()
        purchased_on = models.DateField(null=True)
        holder = models.CharField(max_length=300, blank=True)
        rfc = models.CharField(max_length=20, blank=True)
        account_no = models.CharField(max_length=20, blank=True)

        class Meta:
            app_label = "import_export"  # one that is installed
            db_table = _TABLE

    with connection.schema_editor() as editor:
        editor.create_model(Certificate)

    read_as = {"seats": widgets.IntegerWidget(), "purchased_on": widgets.DateWidget("%d/%m/%Y")}
    declared = {
        name: fields.Field(name, heading, read_as.get(name, widgets.CharWidget()))
        for name, heading in _COLUMNS.items()
    }
    meta = type("Meta", (), {"model": Certificate, "import_id_fields": ("folio",)})
    return type("Certificates", (resources.ModelResource,), {**declared, "Meta": meta})(), tablib


if __name__ == "__main__":
    main()
