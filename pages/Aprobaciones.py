"""Aprobaciones: the resends that the policy stopped, for managers to answer."""

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.mail import approving

shell.enter("Aprobaciones", ":material/approval:", Permission.APPROVE)
approving.draw()
