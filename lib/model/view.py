"""What a person looks at in a grid: one small value that the browser, a URL and the engine share.

Whatever comes from outside is read tolerantly: what isn't understood is dropped, sizes are
capped, nothing raises. Which columns exist is the engine's to know (lib/store/grid).
"""

import base64
import binascii
import json
import zlib
from dataclasses import dataclass, field, replace
from typing import Any

# A group's path from the root: one key for each level. Dates are ISO text; None is "no value".
Key = str | int | None
Path = tuple[Key, ...]

MAX_TEXT = 200  # characters of the search or of a name
MAX_FILTER = 2_000  # of one filter: an alert's rows, one by one
MAX_KEY = 600  # characters of one group's key: data holds 500-character names
MAX_COLUMNS = 30  # filters, sorts, groups
MAX_EXPANDED = 200
LEAST_WIDTH, MOST_WIDTH = 2.0, 60.0  # of a column, in rem
MAX_LIMIT = 200
MAX_OFFSET = 10**9
MAX_SEQ = 2**53  # the browser's largest exact integer
PAGE_SIZE = 50

_MAX_QUERY = 8_000  # characters of the URL parameter
_MAX_JSON = 200_000  # bytes it may unfold to


@dataclass(frozen=True)
class Layout:
    """How the columns stand: which ones in which order ("()": all of the source's, as it has
    them), widths in rem of those that somebody changed, how many of the first stay in sight when
    scrolling sideways, rows close together or not."""

    columns: tuple[str, ...] = ()
    widths: dict[str, float] = field(default_factory=dict)
    frozen: int = 0
    dense: bool = False

    @classmethod
    def parse(cls, raw: object) -> "Layout":
        """The layout in whatever a browser, a URL or an old row holds."""
        if not isinstance(raw, dict):
            return cls()
        return cls(
            columns=_names(raw.get("columns")),
            widths=_widths(raw.get("widths")),
            frozen=_whole(raw.get("frozen"), 0, MAX_COLUMNS, 0),
            dense=raw.get("dense") is True,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "columns": list(self.columns),
            "widths": dict(self.widths),
            "frozen": self.frozen,
            "dense": self.dense,
        }


@dataclass(frozen=True)
class View:
    """`filters` holds, by column, text as people type it (lib/model/filter.py). `sort` holds
    (column, descending). `group` holds columns, with a grain where they have one
    ("activated_on:month"). Groups are closed but for the `expanded`; when `unfolded`, they are open
    but for the `collapsed`. `offset` and `limit` count rows of the unfolded tree; `seq` numbers the
    browser's requests so that late answers can be told."""

    q: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    sort: tuple[tuple[str, bool], ...] = ()
    group: tuple[str, ...] = ()
    expanded: tuple[Path, ...] = ()
    unfolded: bool = False
    collapsed: tuple[Path, ...] = ()
    layout: Layout = field(default_factory=Layout)
    offset: int = 0
    limit: int = PAGE_SIZE
    seq: int = 0

    @classmethod
    def parse(cls, raw: object) -> "View":
        """The view in whatever a browser sent."""
        if not isinstance(raw, dict):
            return cls()
        return cls(
            q=clean(raw.get("q"), MAX_TEXT),
            filters=_filters(raw.get("filters")),
            sort=_sorts(raw.get("sort")),
            group=_names(raw.get("group")),
            expanded=paths(raw.get("expanded")),
            unfolded=raw.get("unfolded") is True,
            collapsed=paths(raw.get("collapsed")),
            layout=Layout.parse(raw.get("layout")),
            offset=_whole(raw.get("offset"), 0, MAX_OFFSET, 0),
            limit=_whole(raw.get("limit"), 0, MAX_LIMIT, PAGE_SIZE) or PAGE_SIZE,
            seq=_whole(raw.get("seq"), 0, MAX_SEQ, 0),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain lists and dictionaries, as View.parse takes them."""
        return {
            "q": self.q,
            "filters": dict(self.filters),
            "sort": [list(term) for term in self.sort],
            "group": list(self.group),
            "expanded": [list(path) for path in self.expanded],
            "unfolded": self.unfolded,
            "collapsed": [list(path) for path in self.collapsed],
            "layout": self.layout.to_json(),
            "offset": self.offset,
            "limit": self.limit,
            "seq": self.seq,
        }

    def to_query(self) -> str:
        """One URL parameter without `seq`; "" for the default view. One too long to be read back
        goes without the groups that were opened or closed one by one."""
        text = self._packed()
        if len(text) <= _MAX_QUERY:
            return text
        return replace(self, expanded=(), collapsed=())._packed()

    def _packed(self) -> str:
        plain = View().to_json()
        said = {k: v for k, v in self.to_json().items() if v != plain[k] and k != "seq"}
        if not said:
            return ""
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(text.encode()) + packer.flush()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def from_query(cls, text: object) -> "View | None":
        """The view in a URL parameter; None when it was cut or damaged on its way."""
        if not isinstance(text, str) or len(text) > _MAX_QUERY:
            return None
        if not text:
            return cls()
        try:
            packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            said = json.loads(zlib.decompressobj(-15).decompress(packed, _MAX_JSON))
            view = cls.parse(said)
        except (ValueError, binascii.Error, zlib.error, RecursionError):
            return None
        return replace(view, seq=0) if isinstance(said, dict) else None


def clean(raw: object, most: int) -> str:
    """Text that storage can take: no lone surrogates, no NUL."""
    if not isinstance(raw, str):
        return ""
    return raw[:most].encode("utf-8", "ignore").decode().replace("\x00", "")


def _whole(raw: object, least: int, most: int, default: int) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        return default
    return max(least, min(raw, most))


def _widths(raw: object) -> dict[str, float]:
    if not isinstance(raw, dict):
        return {}
    widths = [(clean(name, MAX_TEXT), width) for name, width in list(raw.items())[:MAX_COLUMNS]]
    return {
        name: round(max(LEAST_WIDTH, min(float(width), MOST_WIDTH)), 2)
        for name, width in widths
        if name
        and isinstance(width, int | float)
        and not isinstance(width, bool)
        # NaN and infinity: json.loads reads them
        and -MAX_SEQ < width < MAX_SEQ
    }


def _items(raw: object, most: int) -> list[Any]:
    return list(raw[:most]) if isinstance(raw, (list, tuple)) else []


def _filters(raw: object) -> dict[str, str]:
    if not isinstance(raw, dict):
        return {}
    pairs = [(clean(k, MAX_TEXT), clean(v, MAX_FILTER)) for k, v in list(raw.items())[:MAX_COLUMNS]]
    return {column: text for column, text in pairs if column and text.strip()}


def _names(raw: object) -> tuple[str, ...]:
    names = [clean(name, MAX_TEXT) for name in _items(raw, MAX_COLUMNS)]
    return tuple(dict.fromkeys(name for name in names if name))


def _sorts(raw: object) -> tuple[tuple[str, bool], ...]:
    terms: dict[str, bool] = {}
    for term in _items(raw, MAX_COLUMNS):
        name, *rest = _items(term, 2) or [""]
        if clean(name, MAX_TEXT):
            terms.setdefault(clean(name, MAX_TEXT), bool(rest) and rest[0] is True)
    return tuple(terms.items())


def paths(raw: object) -> tuple[Path, ...]:
    """Groups' paths, as a browser sent them: of too many the last, which it added last."""
    last = raw[-MAX_EXPANDED:] if isinstance(raw, (list, tuple)) else []
    found = [_items(path, MAX_COLUMNS + 1) for path in last]
    kept = [
        tuple(_key(key) for key in path)
        for path in found
        if 0 < len(path) <= MAX_COLUMNS and all(_is_key(key) for key in path)
    ]
    return tuple(dict.fromkeys(kept))


def _is_key(raw: object) -> bool:
    if isinstance(raw, bool):
        return False
    if isinstance(raw, int):
        return abs(raw) <= MAX_SEQ
    return raw is None or isinstance(raw, str)


def _key(raw: Any) -> Key:
    return clean(raw, MAX_KEY) if isinstance(raw, str) else raw
