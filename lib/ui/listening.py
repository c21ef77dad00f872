"""What uvicorn does on its own that Streamlit has no setting for.

It trusts X-Forwarded-For from this machine, whoever there says it, and names itself in every
answer. Streamlit starts it and imports the app (so, this) just before it opens its port.
"""

import socket

import uvicorn
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_start = uvicorn.Server.startup


async def _startup(server: uvicorn.Server, sockets: list[socket.socket] | None = None) -> None:
    app = server.config.loaded_app
    if isinstance(app, ProxyHeadersMiddleware):
        server.config.loaded_app = app.app  # lib/ui/middleware.py trusts whom MESA_PROXY names
    server.config.encoded_headers = []
    await _start(server, sockets)


def install() -> None:
    """For the server that starts next in this process."""
    uvicorn.Server.startup = _startup  # type: ignore[assignment, method-assign]
