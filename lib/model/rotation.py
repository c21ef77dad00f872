"""A new key for the CDAs: what was sealed again, and where."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Resealed:
    """A ref file whose codes are sealed with another key. `file` lies in data/ref, `base` is the
    one it was made from; the keys are told by their fingerprints. `codes`: how many."""

    file: str
    base: str
    old_key: str
    new_key: str
    codes: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Resealed":
        """Raises TypeError when it isn't what to_json wrote."""
        return cls(**value)
