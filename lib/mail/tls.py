"""TLS as the desk speaks it to any mail server: verified, and not an old version."""

import ssl


def verifying(ca_file: str) -> ssl.SSLContext:
    """Trusts `ca_file`, or the system's authorities for "". Raises OSError for a missing file."""
    context = ssl.create_default_context(cafile=ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
