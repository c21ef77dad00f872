"""Suscripciones: the portal's list of Sistemas en Suscripción, for every customer."""

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.listing import tables
from lib.ui.mail import bulk, resend, reveal

shell.enter("Suscripciones", ":material/autorenew:", Permission.FIND)
tables.subscriptions()
resend.show()
bulk.show()
reveal.show()
