"""No connection of the desk's reaches outside: not to read, not to write, not to bring code in."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from lib.store import opening
from lib.store.cipher import Cipher, new_key
from lib.store.database import Store
from lib.store.pack import engine, mending

LIB = Path(__file__).parent.parent.parent / "lib"
CONNECTS = re.compile(r"duckdb\.connect\(")
# Where connections are made: each is tried below. Another one has to be.
MADE_IN = {"store/opening.py", "store/pack/engine.py", "store/pack/mending.py"}

Opened = Callable[[Path], "contextmanager[duckdb.DuckDBPyConnection]"]


@contextmanager
def desk_s(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    store = Store.open(data)
    try:
        with store.cursor() as cursor:
            yield cursor
    finally:
        store.close()


@contextmanager
def encrypted(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """With the extension that brings OpenSSL, and the network's protocols along with it."""
    store = Store.open(data, cipher=Cipher(new_key()))
    try:
        with store.cursor() as cursor:
            yield cursor
    finally:
        store.close()


@contextmanager
def looked_at(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    Store.open(data).close()
    with opening.looking_at(data / "ops.duckdb") as connection:
        yield connection


@contextmanager
def build_s(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    (data / "ref" / "work").mkdir(parents=True)
    with engine.scratch(data / "ref" / "work", None) as connection:
        yield connection


@contextmanager
def mended(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = data / "incoming" / "one"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "base.duckdb")) as base:
        base.execute("CREATE TABLE note (line INTEGER)")
    shutil.copy(folder / "base.duckdb", folder / "made.duckdb")
    files = (folder / "made.duckdb", folder / "base.duckdb", folder / "base.duckdb")
    with mending._beside(*files) as connection:
        yield connection


REFUSED = (duckdb.PermissionException, duckdb.InvalidInputException)
TRIED = {
    "reads": "SELECT * FROM read_text('/etc/passwd')",
    "reads as a table": "SELECT * FROM '/etc/passwd'",
    "reads CSV": "SELECT * FROM read_csv('/etc/passwd')",
    "reads keys": "SELECT * FROM read_text('{data}/keys/cda.key')",
    "lists": "SELECT * FROM glob('{data}/keys/*')",
    "goes around": "SELECT * FROM read_text('{data}/ref/../keys/cda.key')",
    "writes": "COPY (SELECT 1) TO '{outside}/out.csv'",
    "writes by name": "EXPORT DATABASE '{outside}/out'",
    "attaches": "ATTACH '{outside}/other.duckdb' AS other",
    "asks the network": "SELECT * FROM read_csv('https://example.com/x.csv')",
    "installs": "INSTALL httpfs",
    "loads": "LOAD httpfs",
    "loads a file": "LOAD '{outside}/x.duckdb_extension'",
    "unlocks": "SET enable_external_access = true",
    "reaches further": "SET allowed_directories = ['/']",
    "spills elsewhere": "SET temp_directory = '{outside}'",
    "trusts anybody": "SET allow_unsigned_extensions = true",
    "keeps a secret": "CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')",
}


@pytest.mark.parametrize(
    "opened", [desk_s, encrypted, looked_at, build_s, mended], ids=lambda f: f.__name__
)
def test_no_connection_reaches_outside(opened: Opened, tmp_path: Path) -> None:
    data, outside = tmp_path / "data", tmp_path / "outside"
    (data / "keys").mkdir(parents=True)
    (data / "keys" / "cda.key").write_text("a key")
    outside.mkdir()
    with opened(data) as connection:
        there = {"loads"} if opened is encrypted else set()  # it is loaded: nothing happens
        for what, statement in TRIED.items():
            if what in there:
                continue
            with pytest.raises(duckdb.Error) as error:
                connection.execute(statement.format(data=data, outside=outside)).fetchall()
            assert not re.search("syntax|Parser Error", str(error.value)), what
        places = connection.execute(
            "SELECT current_setting('temp_directory'), current_setting('max_temp_directory_size')"
        ).fetchone()
    assert places
    assert places[0].startswith(f"{data}/")
    assert not places[1].startswith("90%")
    assert list(outside.iterdir()) == []


def test_every_connection_is_one_of_these() -> None:
    files = {file: file.read_text("utf-8") for file in LIB.rglob("*.py")}
    making = {str(file.relative_to(LIB)) for file, text in files.items() if CONNECTS.search(text)}
    assert making == MADE_IN
