"""Whether the machine's clock was set back: by it nothing may be sent, nor a wait be over.

What the log holds is the measure. A row from the future (the clock was wrong, and is right now)
would stop the desk until then, so an administrator may say that the clock is right (mail_queue.py).
"""

import datetime as dt

from lib.store.database import Transaction
from lib.store.log import audit


class ClockWatch:
    """Remembers how far it read the log: each look costs only the rows since."""

    def __init__(self) -> None:
        self._seq = 0
        self._newest: dt.datetime | None = None

    def ahead(self, transaction: Transaction, trusted: int) -> dt.timedelta | None:
        """How far the log's newest instant, of the rows after `trusted`, lies after this
        transaction's; None when it doesn't."""
        if trusted > self._seq:
            self._seq, self._newest = trusted, None
        seq, newest = audit.newest(transaction, self._seq)
        if newest is not None:
            self._seq, self._newest = seq, max(newest, self._newest or newest)
        if self._newest is None or self._newest <= transaction.now:
            return None
        return self._newest - transaction.now
