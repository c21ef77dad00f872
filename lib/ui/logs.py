"""What logs may say: which error and where, never its text, and nobody's data.

Two locks. Whoever logs names no customer, address or secret; and what a library says all the same,
Streamlit's whole tracebacks above all, loses at the source whatever looks like one. What nobody
catches ends in the log too, by its type and place.
"""

import logging
import os
import re
import sys
import threading
from types import TracebackType
from typing import Any

from lib.model.errors import AppError

_FRAMES = 6
_LOG = logging.getLogger("mesa")
_NAMES = "pass(?:word|wd|phrase)?|contraseña|token|cookie|secret|seed|authorization|ticket|otp"
_OF_ADDRESS = r"[^\s<>\"'(),;:@]"  # begun where one can begin, so that each is looked at once
_LONGEST = 4_000  # characters of a line: whoever writes more says nothing that helps
# In this order: what a name gives away goes whole.
_UNSAID = (
    # a secret by the name that stands before it, and the path that a file is fetched by
    (re.compile(rf"\b((?:{_NAMES})[\"']?\s*[=:]\s*)\S.*", re.IGNORECASE), r"\1[…]"),
    (re.compile(r"(/exportar/(?:[a-z]+/)?|/contrasena/|[?&][a-z_]*=)[^\s\"'&]+"), r"\1[…]"),
    # asyncio names a task with what it raised
    (re.compile(r"(\bexception=\w+)\(.*"), r"\1(…)"),
    (re.compile(rf"(?<!{_OF_ADDRESS}){_OF_ADDRESS}++@[^\s<>\"'(),;:]+"), "[correo]"),
    (re.compile(r"\b[A-ZÑ&]{3,4}[0-9]{6}[A-Z0-9]{3}\b"), "[RFC]"),
    # codes in groups, and what is long, with digits, and isn't hexadecimal, as ids are
    (re.compile(r"\b[A-Z0-9]{4,}(?:-[A-Z0-9]{4,}){2,}\b"), "[código]"),
    (re.compile(r"(?<![\w./-])(?![0-9a-f-]+(?![\w-]))(?=[\w-]*\d)[\w-]{20,}=*(?![\w./])"), "[…]"),
)  # fmt: skip

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


def install() -> None:
    """From now on, in this whole process: time and level on each line, no exception's text."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.captureWarnings(capture=True)
    logging.setLogRecordFactory(_record)
    sys.excepthook = _uncaught
    threading.excepthook = _of_thread
    sys.unraisablehook = lambda lost: _say("lost", lost.exc_value)


def unsaid(text: str) -> str:
    """A line of a log without what looks like a secret or like somebody's data. It stays one line:
    nobody's text begins another (ASVS 5.0, 16.4.1), nor steers the terminal it is read in."""
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    for pattern, instead in _UNSAID:
        text = pattern.sub(instead, text)
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def summary(error: BaseException) -> str:
    """Type and the innermost places of an error and its causes: `ValueError at a.py:3 < b.py:9`."""
    cause = error.__cause__
    own = f"{type(error).__name__} at {_places(error.__traceback__)}"
    return f"{own}; from {summary(cause)}" if cause else own


def _record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    error = record.exc_info[1] if record.exc_info else None
    said = unsaid(_message(record))
    record.msg = f"{said} [{summary(error)}]" if error else said
    record.args, record.exc_info, record.exc_text = (), None, None
    return record


def _message(record: logging.LogRecord) -> str:
    """With its values, unless they don't fit: logging would print them with its own complaint.
    Of an exception only the type: its text holds what failed."""
    values = record.args
    if isinstance(values, tuple):
        record.args = tuple(map(_named, values))
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return str(record.msg)


def _named(value: object) -> object:
    """A refusal's text is its reason; any other exception's may be anybody's data."""
    if isinstance(value, BaseException) and not isinstance(value, AppError):
        return type(value).__name__
    return value


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)  # says no more than where
        return
    _say("uncaught", error)


def _of_thread(lost: threading.ExceptHookArgs) -> None:
    _say(f"thread {lost.thread.name if lost.thread else '?'}", lost.exc_value)


def _say(what: str, error: BaseException | None) -> None:
    _LOG.critical("%s: %s", what, summary(error) if error else "?")


def _places(trace: TracebackType | None) -> str:
    places = []
    while trace:
        name = os.path.basename(trace.tb_frame.f_code.co_filename)
        places.append(f"{name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " < ".join(reversed(places[-_FRAMES:])) or "?"
