"""Usuarios: who works at the desk; roles, who may come in, sessions, second factors."""

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.people import users

shell.enter("Usuarios", ":material/group:", Permission.MANAGE_STAFF)
users.draw()
