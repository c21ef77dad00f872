"""What somebody tried and was refused, where that is worth a row in the log.

The refusal rolls its transaction back, so the row is one of its own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lib.model.action import Entry
from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.services.desk import Desk

Row = Callable[[AppError], Entry | None]  # None: not worth one


@contextmanager
def logged(desk: Desk, actor: Actor, row: Row) -> Iterator[None]:
    """Log what is refused within, and let the refusal out."""
    try:
        yield
    except AppError as error:
        tried = row(error)
        if tried:
            desk.store.write(lambda transaction: transaction.log(actor, tried))
        raise
