"""What the side panel shows of one row: names and values, lines, sentences; all of it text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """`tone` as a Status has it; `copied`: what is said when its button has copied the value; ""
    for none."""

    name: str
    value: str
    tone: str = ""
    copied: str = ""


def telling(*facts: Fact) -> tuple[Fact, ...]:
    """Those that have a value."""
    return tuple(fact for fact in facts if fact.value)


@dataclass(frozen=True)
class Line:
    """Something that happened, or one of several: `text`, and under it `note`."""

    text: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Section:
    """`note` says what its facts and lines don't, or why there are none."""

    title: str
    facts: tuple[Fact, ...] = ()
    lines: tuple[Line, ...] = ()
    note: str = ""
    tone: str = ""  # of the note


@dataclass(frozen=True)
class Peek:
    """`title` names the row; `of_account`: whether acts on its account make sense."""

    title: str
    about: str
    sections: tuple[Section, ...]
    of_account: bool = True
