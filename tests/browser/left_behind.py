"""What a desk that tests used left behind: its log names nobody, its folder holds no secret.

Looked at whenever one stops (desk_server.DeskServer.stop), whatever the test was about: no run of
its own would do half of what all of them do together.
"""

import re
from pathlib import Path

from tests import small_ref

CODES = frozenset(code for *_, code in small_ref.ACTIVATIONS)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
# Cookies, tickets and links have 32 bytes and more; ids are hexadecimal.
TOKEN = re.compile(r"(?<![\w./-])(?![0-9a-f]+(?!\w))(?=[\w-]*\d)[\w-]{32,}(?![\w./])")
_KEYS = "keys"  # what lies there is secret itself


def check(data: Path, log: str, passwords: frozenset[str]) -> None:
    """Raises AssertionError that says where, and never what."""
    assert told(log, CODES | passwords) == []
    assert kept(data, CODES | passwords) == []


def told(log: str, secrets: frozenset[str]) -> list[str]:
    """The lines of a log that say a secret, an address or what looks like a token, by number and
    kind."""
    found = []
    for number, line in enumerate(log.splitlines(), 1):
        kinds = {"a secret": any(secret in line for secret in secrets)}
        kinds |= {"an address": ADDRESS.search(line), "a token": TOKEN.search(line)}
        found += [f"line {number}: {kind}" for kind, is_there in kinds.items() if is_there]
    return found


def kept(data: Path, secrets: frozenset[str]) -> list[str]:
    """The files under a data folder in which one of these lies as it is read."""
    sought = [secret.encode() for secret in secrets]
    files = [path for path in data.rglob("*") if path.is_file()]
    return [
        str(path.relative_to(data))
        for path in files
        if path.relative_to(data).parts[0] != _KEYS
        and any(secret in content for content in [path.read_bytes()] for secret in sought)
    ]
