"""What a view asked for and a grid couldn't do: one sentence each on screen, never an error."""

from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    COLUMN = "column"  # unknown, or not for this use
    FILTER = "filter"  # a text that means nothing for its column
    GROUP = "group"  # not something to group by
    DEPTH = "depth"  # a level beyond the deepest
    OPENED = "opened"  # groups to open or close that can't exist
    UNFOLDED = "unfolded"  # too many groups to open them all
    PAGE = "page"  # beyond the end


@dataclass(frozen=True)
class LeftOut:
    """`name` is the column's or level's id as the view has it, which may be anything; "" where
    there is none."""

    what: What
    name: str = ""
