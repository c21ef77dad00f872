"""What HTML a mail may hold: text, tables and links. Nothing that runs, nothing that is fetched.

A list of what is allowed, read strictly: what isn't plainly a tag is refused, because mail
programs and browsers guess differently at what is broken.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from lib.mail import words
from lib.model.template import Fault, Part, Wrong

_TAGS = frozenset(
    {"html", "head", "title", "meta", "body", "div", "span", "p", "br", "hr", "center", "pre"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "i", "em", "u", "s", "small", "code"}
    | {"sub", "sup", "bdi", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "a", "img"}
    | {"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"}
)
_VOID = frozenset({"br", "hr", "img", "meta"})
_ATTRIBUTES = frozenset(
    {"style", "class", "id", "lang", "dir", "title", "role", "align", "valign", "width", "height"}
    | {"border", "cellpadding", "cellspacing", "bgcolor", "color", "colspan", "rowspan", "scope"}
    | {"href", "src", "alt", "charset", "name", "content"}
)
_METAS = frozenset({"viewport", "color-scheme", "supported-color-schemes"})
_LINK = re.compile(r"(?:https://|mailto:|tel:)\S+", re.IGNORECASE)
_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+")
# Where an address may stand, and what it may be.
_ADDRESSES = {"href": ("a", _LINK), "src": ("img", _IMAGE)}
# CSS that fetches, runs, or hides what it says behind an escape or a comment.
_STYLE = re.compile(r"url|@|expression|behaviou?r|binding|\\|/\*|<", re.IGNORECASE)
_BALANCE = frozenset({Wrong.NOT_CLOSED, Wrong.NOT_OPENED})
_NAME = "\ue000"  # stands for a value or a block while the markup around it is read
_LEXER = words.environment(html=True)


def source_faults(source: str) -> list[Fault]:
    """Of a template whose Jinja2 is in order: the markup around its values, with its lines."""
    return list(_read(_without_jinja(source)))


def is_safe(html: str) -> bool:
    """Whether rendered HTML still holds nothing but what is allowed."""
    return not any(True for _ in _read(html))


def visible(html: str) -> str:
    """The text that a reader sees in the body, entities resolved."""
    reader = _Text()
    reader.feed(html)
    reader.close()
    return "".join(reader.pieces)


def _without_jinja(source: str) -> str:
    """The markup alone, each of Jinja2's marks replaced by _NAME, on the lines it stands on."""
    out, line = [], 1
    for at, kind, value in _LEXER.lex(source):
        if at > line:  # a comment or a block over several lines
            out.append("\n" * (at - line))
            line = at
        if kind == "data":
            out.append(value)
            line += value.count("\n")
        elif kind in {"variable_begin", "block_begin", "comment_begin", "raw_begin"}:
            out.append(_NAME)
    return "".join(out)


def _read(html: str) -> Iterator[Fault]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found = sorted([*reader.found, *reader.never_closed()], key=lambda fault: fault.line)
    # A tag that isn't allowed may leave others open: those are said once it is gone.
    yield from [fault for fault in found if fault.wrong not in _BALANCE] or found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[Fault] = []
        self._open: list[tuple[str, int]] = []

    def never_closed(self) -> list[Fault]:
        return [Fault(Part.HTML, Wrong.NOT_CLOSED, line, f"<{tag}>") for tag, line in self._open]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._look_at(tag, attributes)
        if tag not in _VOID:
            self._open.append((tag, self.getpos()[0]))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._look_at(tag, attributes)
        if tag not in _VOID:  # <div/> opens and doesn't close
            self._fault(Wrong.NOT_CLOSED, f"<{tag}/>")

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()
            return
        if tag not in {opened for opened, _ in self._open}:
            self._fault(Wrong.NOT_OPENED, f"</{tag}>")
            return
        while self._open[-1][0] != tag:
            opened, line = self._open.pop()
            self.found.append(Fault(Part.HTML, Wrong.NOT_CLOSED, line, f"<{opened}>"))
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if "<" in data:
            self._fault(Wrong.STRAY, "<")

    def handle_comment(self, data: str) -> None:
        self._fault(Wrong.COMMENT, "<!--")

    def handle_decl(self, decl: str) -> None:
        if decl.casefold() != "doctype html":
            self._fault(Wrong.TAG, "<!…>")

    def unknown_decl(self, data: str) -> None:
        self._fault(Wrong.TAG, "<!…>")

    def handle_pi(self, data: str) -> None:
        self._fault(Wrong.TAG, "<?…>")

    def _look_at(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if _NAME in (self.get_starttag_text() or ""):
            self._fault(Wrong.NAME_IN_TAG, f"<{tag.partition(_NAME)[0]}>")
        elif tag not in _TAGS:
            self._fault(Wrong.TAG, f"<{tag}>")
        elif tag == "meta" and not _is_harmless_meta(dict(attributes)):
            self._fault(Wrong.TAG, "<meta>")
        else:
            for name, value in attributes:
                self._attribute(tag, name, value or "")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name not in _ATTRIBUTES or "<" in value or ">" in value:
            self._fault(Wrong.ATTRIBUTE, name)
        elif name in _ADDRESSES and not _leads_nowhere_else(tag, name, value):
            self._fault(Wrong.ADDRESS, value[:60])
        elif name == "style" and _STYLE.search(value):
            self._fault(Wrong.STYLE, value[:60])

    def _fault(self, wrong: Wrong, what: str) -> None:
        self.found.append(Fault(Part.HTML, wrong, self.getpos()[0], what))


def _leads_nowhere_else(tag: str, name: str, value: str) -> bool:
    of, form = _ADDRESSES[name]
    return tag == of and form.fullmatch(value) is not None


def _is_harmless_meta(attributes: dict[str, str | None]) -> bool:
    if set(attributes) == {"charset"}:
        return (attributes["charset"] or "").casefold() == "utf-8"
    return set(attributes) == {"name", "content"} and attributes["name"] in _METAS


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._in_head = False

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self._in_head = tag == "head" or (self._in_head and tag != "body")

    def handle_endtag(self, tag: str) -> None:
        self._in_head = self._in_head and tag != "head"

    def handle_data(self, data: str) -> None:
        if not self._in_head:
            self.pieces.append(data)
