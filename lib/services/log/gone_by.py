"""Which versions of the policy and the templates the rows of the log may name."""

from lib.model import versions
from lib.model.actor import Actor
from lib.model.roles import Permission
from lib.model.template import SPECS, UNSAVED, Draft, Template
from lib.services.desk import Desk
from lib.store.mail import policies, templates

_NO_DRAFT = Draft("", "", "")


def known(desk: Desk, actor: Actor) -> list[str]:
    """Each as a row says it (lib/model/versions.py). Raises AppError(FORBIDDEN |
    STORAGE_FAILED)."""
    desk.require(actor, Permission.READ_LOG)
    newest = policies.in_force(desk.store).version
    found = [versions.policy(number) for number in range(newest + 1)]
    for kind, spec in SPECS.items():
        for language in spec.languages:
            last = templates.newest_version(desk.store, kind, language)
            for number in range(last + 1):
                ref = Template(kind, language, number, _NO_DRAFT).ref
                found += [versions.template(ref), versions.template(ref + UNSAVED)]
    return found
