"""Alertas: what the log made remarkable, who took it and what it was."""

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.log import alerts

shell.enter("Alertas", ":material/notifications:", Permission.ALERTS)
alerts.draw()
