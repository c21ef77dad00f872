"""Typed settings from the environment, else `.streamlit/secrets.toml` ([mesa]), else defaults.

A bad value stops the start: AppError(BAD_SETTING) names the setting and what it takes.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lib.model.errors import AppError, Reason

ROOT = Path(__file__).resolve().parent.parent
SECRETS = ROOT / ".streamlit" / "secrets.toml"

_SECURITY = ("starttls", "tls", "none")


@dataclass(frozen=True)
class MailSettings:
    """How mail leaves. `security` is starttls, tls or none (none only to a loopback host)."""

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


@dataclass(frozen=True)
class Settings:
    data: Path
    port: int
    demo: bool
    demo_accounts: int
    cda_key: str  # base64 of 64 bytes; "" = the file data/keys/cda.key
    resend_cooldown_s: int
    mail: MailSettings

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
    return Settings(
        data=Path(source.text("MESA_DATA", "") or ROOT / "data").resolve(),
        port=source.whole("PORT", 8501, 1, 65535),
        demo=source.text("MESA_DEMO", "") == "1",
        demo_accounts=source.whole("MESA_DEMO_ACCOUNTS", 20_000, 1, 10_000_000),
        cda_key=source.text("MESA_CDA_KEY", ""),
        resend_cooldown_s=source.whole("MESA_RESEND_COOLDOWN", 60, 0, 86_400),
        mail=_mail(source),
    )


def _mail(source: "_Source") -> MailSettings:
    host = source.text("MESA_SMTP_HOST", "localhost")
    security = source.choice("MESA_SMTP_SECURITY", "starttls", _SECURITY)
    if security == "none" and host not in {"localhost", "127.0.0.1", "::1"}:
        raise AppError(
            Reason.BAD_SETTING,
            setting="MESA_SMTP_SECURITY",
            takes="'none' solo hacia esta misma máquina; usa starttls o tls",
        )
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
    )


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
