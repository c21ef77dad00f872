"""Tablero: what a manager counts, and the rows behind each figure."""

from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.board import board

shell.enter("Tablero", ":material/monitoring:", Permission.READ_LOG)
board.draw()
