"""Who is asking: passed to every service as `actor=`, never ambient."""

from dataclasses import dataclass

from lib.model.errors import AppError, Reason
from lib.model.roles import Permission, Role, may


@dataclass(frozen=True)
class Actor:
    """A signed-in person, as read from the database for this very act.

    `session` is the public id of their session (never its cookie); `address` is where the
    request came from, as text, or "" when unknown.
    """

    username: str
    name: str
    role: Role
    session: str = ""
    address: str = ""

    def may(self, permission: Permission) -> bool:
        return may(self.role, permission)

    def require(self, permission: Permission) -> None:
        """Raise AppError(FORBIDDEN) unless the role allows it."""
        if not self.may(permission):
            raise AppError(Reason.FORBIDDEN, permission=permission.value)


# The desk itself: the mail worker, migrations, start and stop.
SYSTEM = Actor(username="sistema", name="Sistema", role=Role.ADMIN)
