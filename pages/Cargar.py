"""Cargar: the vendor's pack of exports, for administrators."""

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.imports import history, inbox
from lib.ui.records import loading

shell.enter("Cargar datos", ":material/database_upload:", Permission.LOAD)
loading.form()
inbox.draw()
history.draw()
