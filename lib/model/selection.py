"""Which rows of a grid a person has ticked: single ones by their id, and whole groups."""

from dataclasses import dataclass
from typing import Any

from lib.model.view import MAX_KEY, Path, clean, paths

MAX_IDS = 2_000  # ticked one by one or page by page; more than that is a group's business


@dataclass(frozen=True)
class Selection:
    """`ids` are rows wherever the view stands now; `paths` are groups of the view: what it selects
    under them."""

    ids: tuple[str, ...] = ()
    paths: tuple[Path, ...] = ()

    @classmethod
    def parse(cls, raw: object) -> "Selection":
        """The selection in whatever a browser sent: what isn't understood is dropped."""
        if not isinstance(raw, dict):
            return cls()
        return cls(ids=_ids(raw.get("ids")), paths=paths(raw.get("paths")))

    def to_json(self) -> dict[str, Any]:
        return {"ids": list(self.ids), "paths": [list(path) for path in self.paths]}

    def __bool__(self) -> bool:
        return bool(self.ids or self.paths)


def _ids(raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list | tuple):
        return ()
    known = (clean(row_id, MAX_KEY) for row_id in raw[:MAX_IDS])
    return tuple(dict.fromkeys(row_id for row_id in known if row_id))
