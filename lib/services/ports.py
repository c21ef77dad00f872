"""Loopback ports: whether one is free."""

import socket

from lib.model.errors import AppError, Reason


def require_free(port: int) -> None:
    """Raise AppError(PORT_TAKEN) when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("localhost", port))
        except OSError as error:
            raise AppError(Reason.PORT_TAKEN, port=port) from error
