"""Suscripciones: the portal's list of Sistemas en Suscripción, for every customer."""

from lib.model.roles import Permission
from lib.ui import bulk, resend, reveal, shell, tables

shell.enter("Suscripciones", ":material/autorenew:", Permission.FIND)
tables.subscriptions()
resend.show()
bulk.show()
reveal.show()
