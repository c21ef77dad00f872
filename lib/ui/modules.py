"""Our components' code, served once: Streamlit sends what it is given as `js` and `css` again with
every answer, which for the grid was 145 KB an act. It is given a few lines that load the rest.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

FOLDER = "/componentes"

_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}  # another text, another path

# A component's code is a blob: only a whole address leads out of it. Its first answer waits for
# the module; a component draws all answers in their order. What a drawing gives to be called when
# the component goes (the palette's keys end with their page) is passed on.
_LOADER = """\
const loaded = import(new URL("{path}", location.origin).href);
export default function (component) {{
  const drawn = loaded.then(({{ default: draw, STYLE }}) => {{
    const {{ adoptedStyleSheets }} = component.parentElement.getRootNode();
    if (!adoptedStyleSheets.includes(STYLE)) adoptedStyleSheets.push(STYLE);
    return draw(component);
  }});
  return () => drawn.then((end) => end?.());
}}
"""
_STYLE = """
export const STYLE = new CSSStyleSheet();
STYLE.replaceSync({css});
"""


class Module:
    """Script files put together, whose default export draws a component, and its style."""

    def __init__(self, name: str, scripts: Sequence[Path], style: Path) -> None:
        self._name = name
        self._scripts = scripts
        self._style = style

    @cached_property
    def script(self) -> str:
        """The files one after another: they share their names."""
        return "\n".join(file.read_text("utf-8") for file in self._scripts)

    @property
    def loader(self) -> str:
        """What the component gets for its `js`."""
        return _LOADER.format(path=self._path)

    @property
    def route(self) -> Route:
        return Route(self._path, self._serve)

    @cached_property
    def _text(self) -> str:
        return self.script + _STYLE.format(css=json.dumps(self._style.read_text("utf-8")))

    @property
    def _path(self) -> str:
        digest = hashlib.sha256(self._text.encode()).hexdigest()
        return f"{FOLDER}/{self._name}.{digest[:16]}.js"

    async def _serve(self, _: Request) -> Response:
        return Response(self._text, media_type="text/javascript", headers=_FOR_GOOD)


_UI = Path(__file__).parent
_GRID = (
    *("text", "dom", "focus", "popup", "head", "heading_menu", "filter", "filter_kinds"),
    *("columns", "chooser", "chips", "panel"),
    *("clip", "menu", "peek", "select", "rows", "row_keys", "foot", "grid"),
)
_PALETTE = ("text", "window", "search", "sheet", "keys", "landing", "palette")

GRID = Module(
    "grid", [_UI / "grid" / "js" / f"{part}.js" for part in _GRID], _UI / "grid" / "grid.css"
)
PALETTE = Module(
    "palette",
    [
        _UI / "grid" / "js" / "dom.js",
        *(_UI / "palette" / "js" / f"{part}.js" for part in _PALETTE),
    ],
    _UI / "palette" / "palette.css",
)
ROUTES = [GRID.route, PALETTE.route]
