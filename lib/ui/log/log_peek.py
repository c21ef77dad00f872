"""The side panel's words for an entry of the log."""

from lib.model.errors import AppError, Reason
from lib.services.log import entries, stories
from lib.services.log.entries import LogEntry
from lib.ui import process, shell, written
from lib.ui.grid.peek import Fact, Line, Peek, Section
from lib.ui.log import log_entry, log_sentences, log_words, person_words

_DIGITS = 18  # of an entry's number: what a BIGINT holds


def entry(seq: str) -> Peek:
    """An entry of the log, whole. Raises AppError: SIGNED_OUT, FORBIDDEN, UNKNOWN_ENTRY,
    STORAGE_FAILED."""
    desk, actor = process.desk(), shell.actor()
    found = entries.entry(desk, actor, _seq(seq))
    return _entry(found, stories.story(desk, actor, found))


def _seq(text: str) -> int:
    """The id comes from a browser."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise AppError(Reason.UNKNOWN_ENTRY)
    return int(text)


def _entry(of: LogEntry, story: list[LogEntry]) -> Peek:
    facts = tuple(Fact(name, value) for name, value in log_entry.known(of).items())
    told = (Line(log_sentences.sentence(of), tone=log_sentences.tone(of)),)
    sections = [
        Section("Qué pasó", lines=told),
        _story(of, story),
        _changes(of),
        Section("En detalle", facts),
        _others(of),
    ]
    return Peek(
        log_words.ACTION_NAMES[of.action],
        f"{person_words.called(of)} · {written.instant(of.logged_at)}",
        tuple(s for s in sections if s.facts or s.lines),
        of_account=bool(of.account_no),
    )


def _changes(of: LogEntry) -> Section:
    lines = [Line(f"{name}: {new}", f"antes: {old}") for name, old, new in log_entry.changed(of)]
    return Section("Cambios", lines=tuple(lines))


def _others(of: LogEntry) -> Section:
    return Section("Datos", tuple(Fact(*pair) for pair in log_entry.others(of.detail).items()))


def _story(of: LogEntry, story: list[LogEntry]) -> Section:
    return Section("Historia", lines=tuple(_step(of, step) for step in story))


def _step(of: LogEntry, step: LogEntry) -> Line:
    """When, who and what; which of them is the one open."""
    here = " · este renglón" if step.seq == of.seq else ""
    note = f"{written.instant(step.logged_at)} · {person_words.called(step)}{here}"
    return Line(log_sentences.sentence(step), note, log_sentences.tone(step))
