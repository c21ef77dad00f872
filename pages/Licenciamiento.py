"""Licenciamiento: electronic licences, bought once."""

from lib.model.roles import Permission
from lib.ui import bulk, resend, reveal, shell, tables

shell.enter("Licenciamiento", ":material/key_vertical:", Permission.FIND)
tables.licences()
resend.show()
bulk.show()
reveal.show()
