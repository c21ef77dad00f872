"""The search over everything that `/` and Ctrl-K open on any page, and the list under `?`."""

from lib.ui.palette.palette import palette

__all__ = ["palette"]
