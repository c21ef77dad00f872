"""The program's own templates, in force until an administrator saves another."""

from functools import cache

from lib.model.outbox import MailKind
from lib.model.template import Draft, Language
from lib.settings import ROOT

_FOLDER = ROOT / "lib" / "mail" / "templates"


@cache
def original(kind: MailKind, language: Language) -> Draft:
    """Raises FileNotFoundError for a kind or a language that has none."""
    parts = (_FOLDER / f"{kind.value}.{language.value}.{end}" for end in ("subject", "txt", "html"))
    subject, text, html = (part.read_text("utf-8").removesuffix("\n") for part in parts)
    return Draft(subject, text, html)
