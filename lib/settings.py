"""Typed settings from the environment, else `.streamlit/secrets.toml` ([mesa]), else defaults.

A bad value stops the start: AppError(BAD_SETTING) names the setting and what it takes.
"""

import base64
import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lib import settings_oidc
from lib.model.errors import AppError, Reason
from lib.settings_oidc import OidcSettings

ROOT = Path(__file__).resolve().parent.parent
SECRETS = ROOT / ".streamlit" / "secrets.toml"

FACTOR_FOR = ("gerentes", "todos", "nadie")  # managers and administrators; everybody; nobody
_SECURITY = ("starttls", "tls", "none")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# Of a return path's local part: a mail's id and its seal take the rest of the 64 octets there are.
_LONGEST_RETURN_NAME = 14
_DATA_KEY_BYTES = 32  # AES-256
_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~/-]*)?")
_HOST = re.compile(r"[a-z0-9.-]+|[0-9a-f:]+")  # a name or an address, without a port


@dataclass(frozen=True)
class ImapSettings:
    """The account whose folders tell what became of mails; `host` is "" where there is none."""

    host: str = ""
    port: int = 993
    user: str = ""
    password: str = ""
    security: str = "tls"  # as MailSettings.security
    ca_file: str = ""
    timeout_s: float = 20.0
    archive_folder: str = ""  # "": no archive to look a mail up in
    bounce_folder: str = ""  # "": bounces aren't read


@dataclass(frozen=True)
class MailSettings:
    """How mail leaves. `security` is starttls, tls or none (none only to a loopback host).

    `archive_address` gets a copy of every mail, in the envelope alone. `archive_grace_s`: how long
    the archive may lag behind a mail that the server took. `return_path` is where bounces go; "":
    to the sender.
    """

    host: str
    port: int
    user: str
    password: str
    security: str
    ca_file: str
    timeout_s: float
    sender: str
    sender_name: str
    subject: str
    max_attempts: int
    connections: int = 2  # mails sent at once
    archive_address: str = ""
    archive_grace_s: int = 600
    return_path: str = ""


@dataclass(frozen=True)
class Settings:
    data: Path
    port: int
    demo: bool
    demo_accounts: int
    cda_key: str  # base64 of 64 bytes; "" = the file data/keys/cda.key
    resend_cooldown_s: int
    mail: MailSettings
    imap: ImapSettings = ImapSettings()
    data_key: str = field(default="", repr=False)  # base64 of 32 bytes; "": nothing is encrypted
    reveals_per_hour: int = 10  # CDAs that one person may see
    second_factor: str = "gerentes"  # who needs one: FACTOR_FOR; the demo asks nobody
    log_months: int = 12  # that the log stays whole in the database; 0: for good
    inbox: Path | None = None  # the folder whose packs are loaded as they come; None: none
    url: str = ""  # where people open the desk, for links in its own mails; "": no links
    hosts: tuple[str, ...] = ()  # names it answers to besides this machine's and that of `url`
    proxies: tuple[str, ...] = ()  # addresses and networks whose X-Forwarded-* count
    oidc: OidcSettings = settings_oidc.NONE

    @property
    def mailbox(self) -> Path:
        """The demo's mailbox: a folder of .eml files."""
        return self.data / "mailbox"


def read(environment: Mapping[str, str] | None = None, secrets: Path = SECRETS) -> Settings:
    """Settings in force. Raises AppError(BAD_SETTING)."""
    source = _Source(os.environ if environment is None else environment, secrets)
    found = _settings(source)
    source.refuse_unknown()
    return found


def _settings(source: "_Source") -> Settings:
    data = Path(source.text("MESA_DATA", "") or ROOT / "data").resolve()
    url = _url(source.text("MESA_URL", ""))
    return Settings(
        data=data,
        port=source.whole("PORT", 8501, 1, 65535),
        demo=source.text("MESA_DEMO", "") == "1",
        demo_accounts=source.whole("MESA_DEMO_ACCOUNTS", 20_000, 1, 10_000_000),
        cda_key=source.text("MESA_CDA_KEY", ""),
        resend_cooldown_s=source.whole("MESA_RESEND_COOLDOWN", 60, 0, 86_400),
        mail=_mail(source),
        imap=_imap(source),
        data_key=_data_key(source.text("MESA_DATA_KEY", "")),
        reveals_per_hour=source.whole("MESA_REVEALS_PER_HOUR", 10, 1, 1_000),
        second_factor=source.choice("MESA_SECOND_FACTOR", "gerentes", FACTOR_FOR),
        log_months=source.whole("MESA_LOG_MONTHS", 12, 0, 1_200),
        inbox=_inbox(source.text("MESA_INBOX", ""), data),
        url=url,
        hosts=_hosts(source.text("MESA_HOSTS", "")),
        proxies=_proxies(source.text("MESA_PROXY", "")),
        oidc=settings_oidc.read(source, url),
    )


def _inbox(value: str, data: Path) -> Path | None:
    """Whether it is there is asked as the desk starts (lib/services/loads/inbox.py): a command
    needn't wait for a share that is away."""
    if not value:
        return None
    folder = Path(value)
    if not folder.is_absolute():
        takes = "la ruta completa de una carpeta"
        raise AppError(Reason.BAD_SETTING, setting="MESA_INBOX", takes=takes)
    folder = folder.resolve()
    if folder.is_relative_to(data) or data.is_relative_to(folder):
        takes = "una carpeta fuera de MESA_DATA, que tampoco la contenga"
        raise AppError(Reason.BAD_SETTING, setting="MESA_INBOX", takes=takes)
    return folder


def _data_key(value: str) -> str:
    if value and not _is_key(value):
        takes = "lo que imprime python -m lib key data: 32 bytes en base64"
        raise AppError(Reason.BAD_SETTING, setting="MESA_DATA_KEY", takes=takes)
    return value


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == _DATA_KEY_BYTES
    except ValueError:
        return False


def _url(value: str) -> str:
    if value and not _URL.fullmatch(value):
        takes = "una dirección como https://mesa.example.com, sin parámetros"
        raise AppError(Reason.BAD_SETTING, setting="MESA_URL", takes=takes)
    return value.rstrip("/")


def _hosts(value: str) -> tuple[str, ...]:
    """No wildcard: whoever can make a name of that domain point here would be let in."""
    names = _listed(value.lower())
    if not all(_HOST.fullmatch(name) for name in names):
        takes = "nombres o direcciones sin puerto, separados por comas"
        raise AppError(Reason.BAD_SETTING, setting="MESA_HOSTS", takes=takes)
    return names


def _proxies(value: str) -> tuple[str, ...]:
    addresses = _listed(value)
    try:
        return tuple(str(ipaddress.ip_network(address)) for address in addresses)
    except ValueError as error:
        takes = "direcciones o redes (10.0.0.0/24) separadas por comas"
        raise AppError(Reason.BAD_SETTING, setting="MESA_PROXY", takes=takes) from error


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _mail(source: "_Source") -> MailSettings:
    host = source.text("MESA_SMTP_HOST", "localhost")
    security = source.choice("MESA_SMTP_SECURITY", "starttls", _SECURITY)
    _refuse_in_clear("MESA_SMTP_SECURITY", security, host)
    return MailSettings(
        host=host,
        port=source.whole("MESA_SMTP_PORT", 587, 1, 65535),
        user=source.text("MESA_SMTP_USER", ""),
        password=source.text("MESA_SMTP_PASSWORD", ""),
        security=security,
        ca_file=source.text("MESA_SMTP_CA", ""),
        timeout_s=source.whole("MESA_SMTP_TIMEOUT", 20, 1, 300),
        sender=source.text("MESA_MAIL_FROM", "avisos@avisos.aspel.com.mx"),
        sender_name=source.text("MESA_MAIL_FROM_NAME", "Avisos Aspel"),
        subject=source.text("MESA_MAIL_SUBJECT", "Aviso de aspel.com - Reenvío de CDA"),
        max_attempts=source.whole("MESA_MAIL_ATTEMPTS", 6, 1, 50),
        connections=source.whole("MESA_SMTP_CONNECTIONS", 2, 1, 10),
        archive_address=source.mailbox("MESA_ARCHIVE_ADDRESS"),
        archive_grace_s=source.whole("MESA_ARCHIVE_GRACE", 600, 0, 86_400),
        return_path=source.mailbox("MESA_RETURN_PATH", _LONGEST_RETURN_NAME),
    )


def _imap(source: "_Source") -> ImapSettings:
    host = source.text("MESA_IMAP_HOST", "")
    security = source.choice("MESA_IMAP_SECURITY", "tls", _SECURITY)
    if host:
        _refuse_in_clear("MESA_IMAP_SECURITY", security, host)
    found = ImapSettings(
        host=host,
        port=source.whole("MESA_IMAP_PORT", 993 if security == "tls" else 143, 1, 65535),
        user=source.text("MESA_IMAP_USER", ""),
        password=source.text("MESA_IMAP_PASSWORD", ""),
        security=security,
        ca_file=source.text("MESA_IMAP_CA", ""),
        timeout_s=source.whole("MESA_IMAP_TIMEOUT", 20, 1, 300),
        archive_folder=source.text("MESA_ARCHIVE_FOLDER", ""),
        bounce_folder=source.text("MESA_BOUNCE_FOLDER", ""),
    )
    if found.archive_folder and found.archive_folder == found.bounce_folder:
        takes = "una carpeta distinta de MESA_ARCHIVE_FOLDER"
        raise AppError(Reason.BAD_SETTING, setting="MESA_BOUNCE_FOLDER", takes=takes)
    return found


def _refuse_in_clear(setting: str, security: str, host: str) -> None:
    if security == "none" and host not in _LOOPBACK:
        takes = "'none' solo hacia esta misma máquina; usa starttls o tls"
        raise AppError(Reason.BAD_SETTING, setting=setting, takes=takes)


class _Source:
    """Looks a name up in the environment, then in the secrets file without its MESA_ prefix."""

    def __init__(self, environment: Mapping[str, str], secrets: Path) -> None:
        self._environment = environment
        self._secrets = _secrets_table(secrets)
        self._asked: set[str] = set()

    def refuse_unknown(self) -> None:
        """A misspelt name in the secrets file would be a setting that does nothing."""
        unknown = sorted(set(self._secrets) - self._asked)
        if unknown:
            takes = "uno de: " + ", ".join(sorted(self._asked))
            raise AppError(Reason.BAD_SETTING, setting=unknown[0], takes=takes)

    def text(self, name: str, default: str) -> str:
        key = name.removeprefix("MESA_").lower()
        self._asked.add(key)
        return self._environment.get(name, str(self._secrets.get(key, default)))

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name, str(default)).strip()
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            takes = f"un número entero de {least} a {most}"
            raise AppError(Reason.BAD_SETTING, setting=name, takes=takes)
        return int(value)

    def mailbox(self, name: str, longest_name: int = 64) -> str:
        """An ASCII address, or "" for none."""
        value = self.text(name, "").strip()
        local, _, domain = value.rpartition("@")
        fits = value.isascii() and value.isprintable() and " " not in value
        if value and not (fits and domain and 0 < len(local) <= longest_name):
            takes = f"un correo con {longest_name} caracteres o menos antes de la @"
            raise AppError(Reason.BAD_SETTING, setting=name, takes=takes)
        return value

    def choice(self, name: str, default: str, options: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in options:
            raise AppError(Reason.BAD_SETTING, setting=name, takes=" | ".join(options))
        return value


def _secrets_table(path: Path) -> Mapping[str, object]:
    if not path.is_file():
        return {}
    try:
        table = tomllib.loads(path.read_text("utf-8")).get("mesa", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AppError(Reason.BAD_SETTING, setting=str(path), takes="TOML válido") from error
    if not isinstance(table, dict):
        raise AppError(Reason.BAD_SETTING, setting=f"mesa en {path}", takes="una tabla [mesa]")
    return table
