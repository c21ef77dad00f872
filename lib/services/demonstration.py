"""What keeps a demonstration and a real desk apart.

A demonstration's passwords stand on its door. So it works over a folder of its own, on this machine
alone and with the mail server that it brought; and a real desk lets nobody in over such a folder.
"""

from pathlib import Path
from urllib.parse import urlsplit

from lib.mail.greeting import greeting
from lib.model.errors import AppError, Reason
from lib.services import addresses
from lib.settings import Settings

PASSWORD = "mesa-cda-demo"  # noqa: S105 - of all its people; it stands on its door
# How its mail server greets: any other one, on this machine too, hands mails on to people.
MAIL_SERVER = "mesa-cda-demo"
MARK = "DEMO.txt"
_MARKED = (
    "Esta carpeta es de una demostración (python -m lib demo): sus contraseñas las conoce "
    "cualquiera.\nUna mesa de verdad no abre con ella.\n"
)
# What only a desk that was opened before leaves in its folder.
_OF_A_DESK = ("ops.duckdb", "ref", "keys")


def claim(settings: Settings) -> None:
    """Make the data folder a demonstration's, if nobody's yet.

    Raises AppError: DEMO_SETTING, NOT_A_DEMO_FOLDER.
    """
    _require_nothing_real(settings)
    if not _is_marked(settings.data):
        if any((settings.data / name).exists() for name in _OF_A_DESK):
            raise AppError(Reason.NOT_A_DEMO_FOLDER, folder=str(settings.data))
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (settings.data / MARK).write_text(_MARKED, "utf-8")


def require_apart(settings: Settings, address: str) -> None:
    """Before anybody is served at `address` ("": every address of the machine).

    Raises AppError: DEMO_FOLDER for a real desk; NOT_A_DEMO_FOLDER, DEMO_ADDRESS, DEMO_SETTING,
    DEMO_MAIL for a demonstration.
    """
    if not settings.demo:
        if _is_marked(settings.data):
            raise AppError(Reason.DEMO_FOLDER, folder=str(settings.data))
        return
    if not _is_marked(settings.data):
        raise AppError(Reason.NOT_A_DEMO_FOLDER, folder=str(settings.data))
    if not addresses.is_loopback(address):
        raise AppError(Reason.DEMO_ADDRESS, address=address or "todas")
    _require_nothing_real(settings)
    if MAIL_SERVER not in greeting(settings.mail.host, settings.mail.port):
        raise AppError(Reason.DEMO_MAIL, host=settings.mail.host, port=settings.mail.port)


def _require_nothing_real(settings: Settings) -> None:
    """Raise AppError(DEMO_SETTING) for the first setting that reaches beyond this machine."""
    host = urlsplit(settings.url).hostname
    real = {
        "MESA_SMTP_HOST": not addresses.is_loopback(settings.mail.host),
        "MESA_IMAP_HOST": bool(settings.imap.host),
        "MESA_INBOX": settings.inbox is not None,
        "MESA_URL": host is not None and not addresses.is_loopback(host),
        "MESA_HOSTS": not all(map(addresses.is_loopback, settings.hosts)),
        "MESA_PROXY": bool(settings.proxies),
    }
    for name, is_set in real.items():
        if is_set:
            raise AppError(Reason.DEMO_SETTING, setting=name)


def _is_marked(data: Path) -> bool:
    return (data / MARK).is_file()
