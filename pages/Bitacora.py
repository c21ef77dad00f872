"""Bitácora: who did what to which system, when and why."""

from lib.model.roles import Permission
from lib.ui import proof, shell, tables

shell.enter("Bitácora", ":material/history:", Permission.READ_LOG)
tables.log()
proof.panel()
