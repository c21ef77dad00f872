"""What grids call codes that only the desk knows: in Bitácora its people and the versions in use,
in Certificados the batches."""

from collections.abc import Mapping

from lib.model.actor import SYSTEM, Actor
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.loads import history
from lib.services.log import gone_by, people
from lib.store.grid.sources import AUDIT, CERTIFICATES, Source
from lib.ui import written
from lib.ui.grid import names
from lib.ui.log import person_words, version_words


def labelled(source: Source, desk: Desk, actor: Actor) -> Source:
    """A list as its grid shows it: codes by their names; the log's people by theirs, batches by
    their files'. Raises AppError(STORAGE_FAILED)."""
    if source.table == CERTIFICATES.table:
        return names.labelled(source, {"batch": _batches(desk, actor)})
    if source.table != AUDIT.table or not actor.may(Permission.READ_LOG):
        return names.labelled(source)
    return names.labelled(source, _of_log(desk, actor))


def _batches(desk: Desk, actor: Actor) -> Mapping[str, str]:
    """Each by its file and when it came; two of one file on one day differ by the hour."""
    named = {
        batch.id: f"{batch.source} · {written.instant(batch.finished_at)}"
        for batch in history.named(desk, actor)
    }
    return {"hand": "Registro a mano", **named}


def _of_log(desk: Desk, actor: Actor) -> Mapping[str, Mapping[str, str]]:
    return {
        "actor": {SYSTEM.username: person_words.DESK, **people.names(desk, actor)},
        "versions": {each: version_words.said(each) for each in gone_by.known(desk, actor)},
    }
