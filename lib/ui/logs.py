"""Logs say which error and where, never its text: an exception's message may hold anybody's data.

Streamlit and its server log whole tracebacks; `install` takes their text away at the source.
"""

import logging
import os
from types import TracebackType
from typing import Any

_FRAMES = 6


def install() -> None:
    """From now on, in this whole process: time and level on each line, no exception text."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    make = logging.getLogRecordFactory()

    def textless(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.msg = f"{record.getMessage()} [{summary(error)}]"
            record.args = ()
            record.exc_info = None
        return record

    logging.setLogRecordFactory(textless)


def summary(error: BaseException) -> str:
    """Type and the innermost places of an error and its causes: `ValueError at a.py:3 < b.py:9`."""
    cause = error.__cause__
    own = f"{type(error).__name__} at {_places(error.__traceback__)}"
    return f"{own}; from {summary(cause)}" if cause else own


def _places(trace: TracebackType | None) -> str:
    places = []
    while trace:
        name = os.path.basename(trace.tb_frame.f_code.co_filename)
        places.append(f"{name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " < ".join(reversed(places[-_FRAMES:])) or "?"
