"""What a mail says, before it is about anybody: a template, its versions, what it may hold."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lib.model.errors import AppError, Reason
from lib.model.outbox import MailKind


class Language(StrEnum):
    """What an account is written in."""

    ES = "es"
    EN = "en"


class Part(StrEnum):
    SUBJECT = "subject"
    TEXT = "text"
    HTML = "html"


UNSAVED = "+"  # after the version that a tested draft began from

# Characters of each part's source.
LONGEST: Mapping[Part, int] = {Part.SUBJECT: 200, Part.TEXT: 10_000, Part.HTML: 50_000}


@dataclass(frozen=True)
class Draft:
    """The three parts as somebody wrote them: Jinja2, not yet about anybody."""

    subject: str
    text: str
    html: str

    def __getitem__(self, part: Part) -> str:
        return {Part.SUBJECT: self.subject, Part.TEXT: self.text, Part.HTML: self.html}[part]


@dataclass(frozen=True)
class Template:
    """One version of what a kind of mail says in a language.

    Version 0 is the program's own, of no person and no time. `restored`: the version it was
    copied from.
    """

    kind: MailKind
    language: Language
    version: int
    draft: Draft
    saved_by: str = ""
    saved_at: dt.datetime | None = None
    restored: int | None = None

    @property
    def ref(self) -> str:
        """How a mail and the log name it.

        >>> Template(MailKind.RESEND, Language.ES, 3, Draft("", "", "")).ref
        'resend/es@3'
        """
        return f"{self.kind.value}/{self.language.value}@{self.version}"


def read_ref(ref: str) -> tuple[MailKind, Language, int]:
    """A template's kind, language and version. Raises AppError(UNKNOWN_TEMPLATE).

    >>> read_ref("resend/es@3") == (MailKind.RESEND, Language.ES, 3)
    True
    """
    kind, _, rest = ref.partition("/")
    language, _, version = rest.partition("@")
    try:
        return MailKind(kind), Language(language), int(version)
    except ValueError:
        raise AppError(Reason.UNKNOWN_TEMPLATE) from None


@dataclass(frozen=True)
class Spec:
    """What the templates of one kind of mail may and must say.

    `names` are single values; `lists` are several, each with these names, or text when none.
    `required` has to be readable in the text and in the HTML; `secret` never in a subject, which
    phones show while locked and servers write into their logs.
    """

    names: frozenset[str]
    lists: Mapping[str, frozenset[str]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    secret: frozenset[str] = frozenset()
    languages: tuple[Language, ...] = tuple(Language)


_SYSTEM = frozenset({"sistema", "version", "serie", "cda"})

# Names that administrators write, in their language; said in lib/ui/mail/template_words.py.
SPECS: Mapping[MailKind, Spec] = {
    MailKind.RESEND: Spec(
        names=_SYSTEM | {"asunto", "nombre"},
        required=frozenset({"serie", "cda"}),
        secret=frozenset({"cda"}),
    ),
    MailKind.RESEND_MANY: Spec(
        names=frozenset({"asunto", "nombre"}),
        lists={"sistemas": _SYSTEM},
        required=frozenset({"sistemas.serie", "sistemas.cda"}),
        secret=frozenset({"sistemas"}),
    ),
    MailKind.ADDRESS_CHANGED: Spec(
        names=frozenset({"asunto", "nombre", "correo_anterior", "correo_nuevo", "referencia"}),
        required=frozenset({"correo_nuevo", "referencia"}),
    ),
    # To the managers, whose desk speaks Spanish whatever the account's language.
    MailKind.APPROVAL_WAITING: Spec(
        names=frozenset({"asunto", "nombre", "cuenta", "pidio"}),
        lists={"series": frozenset(), "motivos": frozenset()},
        required=frozenset({"cuenta", "pidio", "series", "motivos"}),
        languages=(Language.ES,),
    ),
}


class Wrong(StrEnum):
    """Why a template is refused; words in lib/ui/mail/template_words.py."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    SYNTAX = "syntax"
    NOT_ALLOWED = "not_allowed"  # of the language: a call, arithmetic, a loop in a loop…
    UNKNOWN_NAME = "unknown_name"
    IS_A_LIST = "is_a_list"
    SECRET = "secret"  # noqa: S105 - a CDA in the subject
    MISSING = "missing"
    UNSAFE = "unsafe"  # a customer's data could become markup
    # of the HTML
    TAG = "tag"
    ATTRIBUTE = "attribute"
    ADDRESS = "address"  # a link or an image that isn't allowed
    STYLE = "style"
    NAME_IN_TAG = "name_in_tag"
    NOT_CLOSED = "not_closed"
    NOT_OPENED = "not_opened"
    STRAY = "stray"  # a "<" that begins nothing
    COMMENT = "comment"


@dataclass(frozen=True)
class Fault:
    """One thing to correct. `line` counts from 1, 0 where it is of none; `what` is the name, the
    tag or the address at fault.
    """

    part: Part
    wrong: Wrong
    line: int = 0
    what: str = ""
