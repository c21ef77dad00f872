"""What Bitácora's grid calls codes that only the desk knows: its people, the versions in use."""

from collections.abc import Mapping

from lib.model.actor import SYSTEM, Actor
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.log import gone_by, people
from lib.store.grid.sources import AUDIT, Source
from lib.ui.grid import names
from lib.ui.log import person_words, version_words


def labelled(source: Source, desk: Desk, actor: Actor) -> Source:
    """A list as its grid shows it: codes by their names; the log's people by theirs. Raises
    AppError(STORAGE_FAILED)."""
    if source.table != AUDIT.table or not actor.may(Permission.READ_LOG):
        return names.labelled(source)
    return names.labelled(source, _of_log(desk, actor))


def _of_log(desk: Desk, actor: Actor) -> Mapping[str, Mapping[str, str]]:
    return {
        "actor": {SYSTEM.username: person_words.DESK, **people.names(desk, actor)},
        "versions": {each: version_words.said(each) for each in gone_by.known(desk, actor)},
    }
