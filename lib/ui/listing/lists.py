"""The lists that are a page of their own, for the menu and for what opens their views."""

from collections.abc import Mapping
from dataclasses import dataclass

from lib.store.grid import sources
from lib.store.grid.sources import Source
from lib.ui.grid.names import labelled


@dataclass(frozen=True)
class PageList:
    """`key` is its grid's (lib/ui/listing/tables.py)."""

    key: str
    source: Source

    @property
    def labelled(self) -> Source:
        """As its grid reads it: its filters may say a code's name."""
        return labelled(self.source)


# By the page's title (lib/ui/pages.py).
LISTS: Mapping[str, PageList] = {
    "Suscripciones": PageList("subscriptions", sources.SUBSCRIPTIONS),
    "Licenciamiento": PageList("licences", sources.LICENCES),
    "Certificados": PageList("certificates", sources.CERTIFICATES),
    "Cuenta": PageList("accounts", sources.ACCOUNTS),
    "Bitácora": PageList("log", sources.AUDIT),
}
