"""Certificados: physical licences, whose CDA is printed on the paper."""

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.listing import tables
from lib.ui.records import linking

shell.enter("Certificados", ":material/verified:", Permission.FIND)
tables.certificates()
linking.show()
