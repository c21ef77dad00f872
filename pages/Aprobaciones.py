"""Aprobaciones: the resends that the policy stopped, for managers to answer."""

from lib.model.roles import Permission
from lib.ui import approving, shell

shell.enter("Aprobaciones", ":material/approval:", Permission.APPROVE)
approving.draw()
