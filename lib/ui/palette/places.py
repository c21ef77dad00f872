"""Where a thing found leads: its page, what the page's address says, the row to stand on there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from lib.model.view import MAX_KEY, View, clean
from lib.ui.hits import Hit, Kind
from lib.ui.pages import PAGES, Page

ACCOUNT, VIEW = (
    "cuenta",
    "vista",
)  # what pages read of an address: ui/records/customer.py, ui/grid

_LONGEST = 8_000  # characters of what a browser says of an address
_CUSTOMER, _PAPERS = "pages/Cuenta.py", "pages/Certificados.py"

# Where all of a kind are listed, and what the way there is called.
_LISTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "accounts": ((_CUSTOMER, "Ver las {} cuentas"),),
    "systems": (
        ("pages/Suscripciones.py", "Buscar en Suscripciones"),
        ("pages/Licenciamiento.py", "Buscar en Licenciamiento"),
    ),
    "certificates": ((_PAPERS, "Ver los {} certificados"),),
}


@dataclass(frozen=True)
class Place:
    """`row` is the id of the row that the focus goes to there; "" for the page's beginning."""

    file: str
    query: Mapping[str, str] = field(default_factory=dict)
    row: str = ""

    @property
    def href(self) -> str:
        """Its address on this host."""
        path = next(page.path for page in PAGES if page.file == self.file)
        return f"{path}?{urlencode(self.query)}" if self.query else path


def of(kind: Kind, hit: Hit) -> Place:
    """A system's place is its account's page, where its row has Reenviar; a certificate's is the
    list, where its row says what is printed on it."""
    if kind.id == "certificates":
        return Place(_PAPERS, {VIEW: View(q=hit.row).to_query()}, hit.row)
    return Place(_CUSTOMER, {ACCOUNT: hit.account_no}, hit.row if kind.id == "systems" else "")


def lists(kind: Kind, text: str) -> list[tuple[str, Place]]:
    """The ways to all of a kind that `text` finds, each with its name."""
    query = {VIEW: View(q=text).to_query()}
    return [(name.format(f"{kind.total:,}"), Place(file, query)) for file, name in _LISTS[kind.id]]


def read(raw: object, allowed: Sequence[Page]) -> Place | None:
    """The place that a browser sends back; None unless it is on a page that may be opened."""
    if not isinstance(raw, dict):
        return None
    page = next((page for page in allowed if page.file == raw.get("file")), None)
    asked = raw.get("query")
    if page is None or not isinstance(asked, dict):
        return None
    sizes = {ACCOUNT: MAX_KEY, VIEW: _LONGEST}
    query = {name: clean(asked.get(name), most) for name, most in sizes.items()}
    return Place(page.file, {name: value for name, value in query.items() if value})
