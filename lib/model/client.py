"""What somebody comes to the door with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Client:
    """A browser: `device` is the hash of what its long-lived cookie holds ("": it has none yet),
    `browser` what a list calls it ("Chrome en Windows"; "": it doesn't say)."""

    device: str = ""
    browser: str = ""


NO_CLIENT = Client()
