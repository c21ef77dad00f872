"""The lists that are a page of their own, for the menu and for what opens their views."""

from collections.abc import Mapping
from dataclasses import dataclass

from lib.model.actor import Actor
from lib.services.desk import Desk
from lib.store.grid import sources
from lib.store.grid.sources import Source
from lib.ui.log import log_names


@dataclass(frozen=True)
class PageList:
    """`key` is its grid's (lib/ui/listing/tables.py)."""

    key: str
    source: Source

    def labelled(self, desk: Desk, actor: Actor) -> Source:
        """As its grid reads it: its filters may say a code's name."""
        return log_names.labelled(self.source, desk, actor)


# By the page's title (lib/ui/pages.py).
LISTS: Mapping[str, PageList] = {
    "Suscripciones": PageList("subscriptions", sources.SUBSCRIPTIONS),
    "Licenciamiento": PageList("licences", sources.LICENCES),
    "Certificados": PageList("certificates", sources.CERTIFICATES),
    "Cuenta": PageList("accounts", sources.ACCOUNTS),
    "Bitácora": PageList("log", sources.AUDIT),
}
