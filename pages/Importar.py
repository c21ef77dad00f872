"""Importar: physical certificates, looked at before they go in; each batch of before, by itself."""

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.imports import batch_page, history, importing

shell.enter("Importar certificados", ":material/upload_file:", Permission.IMPORT)
if batch_id := batch_page.chosen():
    batch_page.draw(batch_id)
else:
    importing.form()
    history.draw()
