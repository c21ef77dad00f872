"""Licenciamiento: electronic licences, bought once."""

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.listing import tables
from lib.ui.mail import bulk, resend, reveal

shell.enter("Licenciamiento", ":material/key_vertical:", Permission.FIND)
tables.licences()
resend.show()
bulk.show()
reveal.show()
