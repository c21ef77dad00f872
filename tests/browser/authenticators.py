"""Things that keep passkeys for a page's browser: Chromium's own, in software (CDP WebAuthn)."""

from playwright.sync_api import CDPSession, Page


class Authenticators:
    """Each is of somebody whom it verifies and who presses at once, until told otherwise."""

    def __init__(self, page: Page) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable")

    def add(self, transport: str = "internal") -> str:
        """One more ("internal": the machine's own; "usb": a key); its id."""
        options = {
            "protocol": "ctap2",
            "transport": transport,
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return str(added["authenticatorId"])

    def verify(self, authenticator: str, *, right: bool) -> None:
        """Whether it knows its person from now on."""
        told = {"authenticatorId": authenticator, "isUserVerified": right}
        self._cdp.send("WebAuthn.setUserVerified", told)
