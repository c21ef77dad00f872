"""The expressions that an administrator may check tickets by: regular, and quick on any ticket.

A part of Python's own: letters, classes (`[A-Z]`, `\\d`), groups, `|`, `?`, `*`, `+`, `{2,5}`. In
how many ways an expression can be tried on a ticket is counted before it is ever run: `(\\d+)+`
would take years on forty digits.
"""

import re

MOST_PATTERN = 120  # characters
MOST_WAYS = 100_000  # each is at most one walk over a ticket: some milliseconds in all

_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\\[])*\]")
_COUNTS = re.compile(r"\{(\d{1,4})(?:(,)(\d{0,4}))?\}")
_ESCAPES = frozenset("dDwWsS") | frozenset(r"\.^$*+?{}[]|()-/#_&~ ")
_SET_SIGNS = ("--", "&&", "~~", "||")
_SPECIAL = frozenset("*+?{}[]()|\\^$")


def matches(pattern: str, ticket: str) -> bool:
    """Whether the whole ticket is what the pattern says. The pattern must be one that `ways` takes,
    with no more than MOST_WAYS."""
    return re.fullmatch(pattern, ticket, re.ASCII) is not None


def ways(pattern: str, longest: int) -> int:
    """In how many ways it can be tried on a text of `longest` characters, counted generously and
    only up to MOST_WAYS + 1. Raises ValueError when it isn't an expression this takes.

    >>> ways(r"[A-Z]{2,5}-\\d{1,8}", 40), ways(r"(\\d+)+", 40) > MOST_WAYS
    (32, True)
    """
    if len(pattern) > MOST_PATTERN or not pattern.isprintable():
        raise ValueError("too long, or not one line")
    reading = _Reading(pattern, longest)
    found, _ = reading.choices()
    if not reading.is_over:
        raise ValueError("unexpected )")
    try:
        re.compile(pattern, re.ASCII)
    except re.error as error:
        raise ValueError("not an expression") from error
    return found


class _Reading:
    """Reads a pattern from left to right. Each part answers (ways, whether it may be nothing)."""

    def __init__(self, pattern: str, longest: int) -> None:
        self._text = pattern
        self._at = 0
        self._longest = longest

    @property
    def is_over(self) -> bool:
        return self._at >= len(self._text)

    def choices(self) -> tuple[int, bool]:
        """`a|b|c`."""
        found, empty = self._sequence()
        while self._takes("|"):
            more, may_be_nothing = self._sequence()
            found, empty = min(found + more, MOST_WAYS + 1), empty or may_be_nothing
        return found, empty

    def _sequence(self) -> tuple[int, bool]:
        found, empty = 1, True
        while not self.is_over and self._text[self._at] not in "|)":
            more, may_be_nothing = self._repeated(*self._atom())
            found, empty = min(found * more, MOST_WAYS + 1), empty and may_be_nothing
        return found, empty

    def _atom(self) -> tuple[int, bool]:
        if self._takes("("):
            return self._group()
        if found := _CLASS.match(self._text, self._at):
            if any(sign in found[0] for sign in _SET_SIGNS):
                raise ValueError("a class that Python may come to read otherwise")
            self._at = found.end()
            return 1, False
        if self._takes("^") or self._takes("$"):
            return 1, True
        symbol = self._text[self._at]
        if symbol == "\\":
            symbol = self._text[self._at + 1 : self._at + 2]
            if symbol not in _ESCAPES or not symbol:
                raise ValueError("an escape that tickets need not")
            self._at += 1
        elif symbol in _SPECIAL:
            raise ValueError(f"unexpected {symbol}")
        self._at += 1
        return 1, False

    def _group(self) -> tuple[int, bool]:
        """No look-arounds, names or flags: only `(...)` and `(?:...)`."""
        if self._takes("?") and not self._takes(":"):
            raise ValueError("a group that tickets need not")
        found = self.choices()
        if not self._takes(")"):
            raise ValueError("a group left open")
        return found

    def _repeated(self, each: int, empty: bool) -> tuple[int, bool]:
        least, most = self._counts()
        if (least, most) == (1, 1):
            return each, empty
        # Nothing, repeated, would be tried as often as is said without getting any further.
        if empty or least > self._longest or most < least:
            raise ValueError("a repetition that can't be")
        found = 0
        for times in range(least, min(most, self._longest) + 1):
            found = min(found + min(each**times, MOST_WAYS + 1), MOST_WAYS + 1)
        return found, least == 0

    def _counts(self) -> tuple[int, int]:
        """The repetition that stands here: (1, 1) when there is none."""
        for sign, counts in (("?", (0, 1)), ("*", (0, self._longest)), ("+", (1, self._longest))):
            if self._takes(sign):
                return self._once(counts)
        if found := _COUNTS.match(self._text, self._at):
            self._at = found.end()
            least = int(found[1])
            most = int(found[3] or self._longest) if found[2] else least
            return self._once((least, most))
        return 1, 1

    def _once(self, counts: tuple[int, int]) -> tuple[int, int]:
        if not self.is_over and self._text[self._at] in "?*+{":
            raise ValueError("a repetition of a repetition")
        return counts

    def _takes(self, symbol: str) -> bool:
        if self._text.startswith(symbol, self._at):
            self._at += len(symbol)
            return True
        return False
