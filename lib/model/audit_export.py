"""What of the log an auditor is given."""

from dataclasses import dataclass
from enum import StrEnum

from lib.model.period import Period

# What the log's row gives as its reason.
DETAILED, BARE = "with_details", "without_details"


class Bundled(StrEnum):
    ZIP = "zip"


@dataclass(frozen=True)
class Asked:
    """Of the office's `days`, of the rows from one number to another (0: from the oldest, to the
    newest), or of the whole log; with personal details, or with what commits to them alone."""

    detailed: bool
    days: Period | None = None
    first: int = 0
    last: int = 0

    @property
    def whole(self) -> bool:
        return self.days is None and not self.first and not self.last
