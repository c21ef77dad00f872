"""Importar: a CSV of physical certificates, looked at before it goes in."""

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.records import history, importing

shell.enter("Importar certificados", ":material/upload_file:", Permission.IMPORT)
importing.form()
history.draw()
