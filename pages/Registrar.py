"""Registrar certificado: one at a time, with a scanner."""

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.imports import registering

shell.enter("Registrar certificado", ":material/barcode_scanner:", Permission.IMPORT)
registering.page()
