"""Cargar: the vendor's pack of exports, for administrators."""

from lib.model.roles import Permission
from lib.ui import history, loading, shell

shell.enter("Cargar datos", ":material/database_upload:", Permission.LOAD)
loading.form()
history.draw()
