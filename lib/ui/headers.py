"""The headers of every answer."""

import base64
import hashlib
import re
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders

# A year at least, subdomains too (ASVS 5.0, V3.4.1).
TWO_YEARS = "max-age=63072000; includeSubDomains"
_PAGE = Path(streamlit.__file__).parent / "static" / "index.html"
_UNUSED = (
    "accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope", "hid",
    "idle-detection", "magnetometer", "microphone", "midi", "payment", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
_OURS_ALONE = ("publickey-credentials-create", "publickey-credentials-get")


def fixed(*, tls: bool) -> dict[str, str]:
    """`tls`: people reach the desk over TLS, and shall never again in clear."""
    return {
        "Content-Security-Policy": _policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": ", ".join(
            [*(f"{name}=()" for name in _UNUSED), *(f"{name}=(self)" for name in _OURS_ALONE)]
        ),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Permitted-Cross-Domain-Policies": "none",
        **({"Strict-Transport-Security": TWO_YEARS} if tls else {}),
    }


def finish(headers: MutableHeaders, ours: dict[str, str], *, private: bool) -> None:
    """Make an answer's headers what they have to be. `private`: no cache keeps it; nor what says
    nothing of caches. No other origin reads anything, whatever Streamlit offers."""
    headers.update(ours)
    if private or "cache-control" not in headers:
        headers["Cache-Control"] = "no-store"
    for name in [name for name in headers if name.startswith("access-control-")]:
        del headers[name]
    for at, (name, value) in enumerate(headers.raw):
        if name == b"set-cookie" and b"secure" not in value.lower().replace(b" ", b"").split(b";"):
            headers.raw[at] = (name, value + b"; Secure")


def _policy() -> str:
    """Only this host, no eval, no inline script but those of Streamlit's own index.html, each by
    its hash. Inline styles stay: Streamlit's page writes all of its own that way as it draws, with
    texts that no hash can foresee. blob: modules are our components.
    """
    scripts = re.findall(r"<script>(.*?)</script>", _PAGE.read_text("utf-8"), re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self' blob: " + " ".join(f"'sha256-{h}'" for h in hashes),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'none'",
            "frame-src 'none'",
            "media-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )
