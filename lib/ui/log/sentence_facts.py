"""An entry of the log as a sentence's parts: each is "" where the entry doesn't say it."""

from lib.model import versions
from lib.model.errors import AppError
from lib.model.template import read_ref
from lib.services.log.entries import LogEntry
from lib.ui import written
from lib.ui.log import log_entry, log_words, person_words
from lib.ui.mail import template_words

_CHANGES = 4  # told in a sentence; the entry itself has them all
_TALLIED = {
    "accepted_mails": ("aceptado", "aceptados"),
    "uncertain": ("incierto", "inciertos"),
    "held": ("detenido", "detenidos"),
    "failed": ("fallido", "fallidos"),
    "left_out": ("sistema que no se envió", "sistemas que no se enviaron"),
    "cancelled": ("cancelado", "cancelados"),
}
_ROWS = {
    "new": ("nueva", "nuevas"),
    "changed": ("cambiada", "cambiadas"),
    "set_aside": ("apartada", "apartadas"),
}


class Facts:
    """What a sentence may say of one entry, in words."""

    def __init__(self, entry: LogEntry) -> None:
        self._entry = entry
        self.outcome = entry.outcome
        self.account_no = entry.account_no
        self.serial = entry.serial
        self.subject = entry.subject
        self.reason = entry.reason
        self.address = entry.address
        self.attempt = self.detail("attempt")

    @property
    def who(self) -> str:
        """By their full name, where staff has them."""
        called = person_words.called(self._entry)
        return uncapped(called) if called == person_words.DESK else called

    def person(self, detail: str) -> str:
        """Somebody whom a detail names by username."""
        username = self.detail(detail)
        return self._entry.names.get(username, username)

    def detail(self, name: str) -> str:
        """One of its details in words."""
        value = self._entry.detail.get(name, "")
        return log_entry.words(name, value) if value != "" and isinstance(value, str | int) else ""

    def counted(self, name: str, one: str, several: str) -> str:
        """A detail that is a number, with its noun."""
        n = self._entry.detail.get(name)
        return written.count(n, one, several) if isinstance(n, int) else ""

    def cda(self) -> str:
        serial, number = self._entry.serial, self._entry.account_no
        if serial:
            return f"el CDA de la serie {serial}"
        return f"los CDA de la cuenta {number}" if number else "un CDA"

    def of_cda(self) -> str:
        """After «el reenvío»."""
        return _of(self.cda())

    def mail(self) -> str:
        serial, number = self._entry.serial, self._entry.account_no
        if serial:
            return f"el correo con el CDA de la serie {serial}"
        return f"el correo para la cuenta {number}" if number else "un correo de la mesa"

    def account(self) -> str:
        number = self._entry.account_no
        return f"la cuenta {number}" if number else "una cuenta"

    def to(self) -> str:
        recipient = self.detail("recipient")
        return f" a {recipient}" if recipient else ""

    def motive(self) -> str:
        """Why somebody asked, and their ticket."""
        motive = log_words.resend_reason(self._entry.reason)
        ticket = f"ticket {self._entry.ticket}" if self._entry.ticket else ""
        said = "; ".join(filter(None, (f"motivo «{motive}»" if motive else "", ticket)))
        return f" ({said})" if said else ""

    def because(self) -> str:
        """What went wrong."""
        why = log_words.resend_reason(self._entry.reason)
        return f": {uncapped(why)}" if why else ""

    def answered(self) -> str:
        """What the mail server said."""
        said = " ".join(filter(None, (self.detail("smtp_code"), self.detail("smtp_text"))))
        return f" (respondió «{said}»)" if said else ""

    def note(self) -> str:
        note = self.detail("note")
        return f", con la nota «{note}»" if note else ""

    def version(self) -> str:
        """Which one it made of the only thing that it goes by."""
        numbers = [number for _, number in versions.named(self._entry.versions)]
        return f" (versión {numbers[0]})" if len(numbers) == 1 else ""

    def changes(self) -> str:
        """What changed, old → new, for who may read it."""
        made = log_entry.changed(self._entry)
        said = [f"{name}, {old} → {new}" for name, old, new in made[:_CHANGES]]
        more = [f"y {len(made) - _CHANGES} más"] if len(made) > _CHANGES else []
        return f": {'; '.join([*said, *more])}" if said else ""

    def change(self) -> str:
        """The same where the sentence has said what it is."""
        made = log_entry.changed(self._entry)
        return f": {made[0][1]} → {made[0][2]}" if made else ""

    def rows(self) -> str:
        return _joined(self, _ROWS)


def uncapped(words: str) -> str:
    """Within a sentence; abbreviations keep their capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def template(ref: str) -> str:
    """A version of a template by its name on screen, after «plantilla».

    >>> template("resend/es@3")
    ' «Reenvío de un CDA» (español), versión 3'
    """
    try:
        kind, language, version = read_ref(ref)
    except AppError:
        return f" «{ref}»" if ref else ""
    named = template_words.KIND_NAMES.get(kind, kind.value)
    return f" «{named}» ({template_words.LANGUAGE_NAMES[language].lower()}), versión {version}"


def _of(words: str) -> str:
    return f"del {words[3:]}" if words.startswith("el ") else f"de {words}"


def tally(facts: Facts) -> str:
    """What became of a resend to many, in counts."""
    return _counts(facts, _TALLIED)


def _joined(facts: Facts, names: dict[str, tuple[str, str]]) -> str:
    counts = _counts(facts, names)
    return f": {counts}" if counts else ""


def _counts(facts: Facts, names: dict[str, tuple[str, str]]) -> str:
    found = (facts.counted(name, *words) for name, words in names.items())
    return ", ".join(each for each in found if each and not each.startswith("0 "))
