"""Certificados: physical licences, whose CDA is printed on the paper."""

from lib.model.roles import Permission
from lib.ui import shell, tables

shell.enter("Certificados", ":material/verified:", Permission.FIND)
tables.certificates()
