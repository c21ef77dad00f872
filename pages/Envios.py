"""Envíos: the resends to many systems, while they go on and afterwards."""

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.mail import bulk, bulk_page

shell.enter("Envíos a varios", ":material/stacked_email:", Permission.RESEND)
bulk_page.draw()
bulk.show()
