"""What a search box finds: from what is typed to the rows of a list.

terms.py reads what is typed; index.py finds its words in the ref's search tables, sets.py is its
arithmetic; customers.py puts words together and, with near.py, looks for those that were mistyped;
indexed.py, boxes.py and texts.py are for accounts and systems, certificates, and the log; this is
the door.
"""

from lib.store.database import Store
from lib.store.grid.reading import Reading
from lib.store.grid.search import boxes, indexed, texts
from lib.store.grid.search.found import Found
from lib.store.grid.search.index import Index
from lib.store.grid.search.terms import Term, terms
from lib.store.grid.sources import Source

__all__ = ["Found", "Term", "find", "terms", "warm"]


def warm(store: Store) -> None:
    """Read the index before anybody searches. Raises AppError(STORAGE_FAILED)."""
    store.kept(Index).warm()


def find(store: Store, source: Source, typed: str, reading: Reading) -> Found | None:
    """The rows of a source in which every word is found, or one like it; None when nothing was
    typed. Raises AppError(STORAGE_FAILED)."""
    asked = terms(typed)
    if not asked:
        return None
    while True:
        generation = store.generation
        try:
            return _find(store, source, asked, reading)
        except IndexError:  # the ref was switched between the index and what it read
            if store.generation == generation:
                raise


def _find(store: Store, source: Source, asked: list[Term], reading: Reading) -> Found:
    if source.search:
        return texts.find(source, asked)
    if not source.account:
        return boxes.find(source, asked, store, reading)
    return indexed.find(source, asked, store.kept(Index), reading)
