"""A QR code as an image that needs no request."""

import base64
import io

import segno

_SIZE = 5  # pixels a module: some 250 in all, enough for a phone at arm's length


def image(address: str) -> str:
    """As HTML: what an authenticator app scans; black on white whatever the theme, because scanners
    want that."""
    drawn = io.BytesIO()
    segno.make(address, error="l").save(
        drawn, kind="svg", scale=_SIZE, border=4, dark="#000", light="#fff"
    )
    source = "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()
    return f'<img class="door-qr" alt="Código QR para la aplicación" src="{source}">'
