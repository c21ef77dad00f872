"""What happens at a desk of 160 people, day after day: the acts of its log, and the mails behind
them, made up as a desk writes them. The same seed and days give the same.

The mix is a support desk's: of a hundred calls each is a resend, six of them of a serial mailed
within the week, three held for a manager, two refused, four after a change of address.
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lib.demo import words
from lib.model.action import Action
from lib.model.outbox import Motive
from lib.model.text import fold

DAYS = 850  # two years and four months
ROWS_A_CALL = 2.57  # of the mix below
_PEOPLE, _MANAGERS = 160, 8
_SHIFT = 0.8  # of them work on a day
_BUSY = 3.0  # times as many calls on the first working day of a month
_S = 1_000_000  # instants are microseconds since 1970, UTC
_OFFICE = 6 * 3600  # seconds behind UTC; summer time, of which there is none since 2022, aside
_MOTIVES = (
    *[Motive.NOT_RECEIVED] * 9, *[Motive.REINSTALLED] * 4, *[Motive.NEW_COMPUTER] * 4,
    *[Motive.NEW_ADDRESS] * 2, Motive.UNLOCKED, Motive.OTHER,
)  # fmt: skip
_REFUSED = ("cooling_down", "bad_address", "quota_used", "on_its_way")
_VERSIONS = "policy 3, resend/es 2"


class Customer(NamedTuple):
    serial: str
    account_no: str
    email: str


class Act(NamedTuple):
    """A row of the log before it is chained; `detail` is canonical JSON."""

    at: int
    actor: str
    role: str
    session: str
    address: str
    action: str
    outcome: str
    account_no: str
    serial: str
    reason: str
    ticket: str
    subject: str
    detail: str
    versions: str


class Mail(NamedTuple):
    """A row of the outbox."""

    id: str
    serial: str
    account_no: str
    recipient: str
    requested_by: str
    requested_at: int
    reason: str
    ticket: str
    state: str
    attempts: int
    finished_at: int
    problem: str
    smtp_code: int
    smtp_text: str
    kind: str


class _Person(NamedTuple):
    username: str
    role: str
    session: str
    address: str


_DESK = _Person("sistema", "administrador", "", "")


class Days:
    """`customers` are whom they call; `rows` how many the log is to have, about."""

    def __init__(self, customers: Sequence[Customer], rows: int, last: dt.date, seed: int) -> None:
        self._chance = random.Random(seed)
        self._customers = customers
        self._last = last
        self._left = rows
        self._people = _staff(self._chance)
        self._lately: list[Customer] = []
        self._acts: list[Act] = []
        self._mails: list[Mail] = []

    def __iter__(self) -> Iterator[tuple[list[Act], list[Mail]]]:
        """Each day's acts in order of time, and its mails."""
        days = [self._last - dt.timedelta(days=n) for n in reversed(range(DAYS))]
        weights = [_weight(day, n) for n, day in enumerate(days)]
        for n, day in enumerate(days):
            rows = self._left * weights[n] / sum(weights[n:])
            # The last one has a few too many: the log is cut where it is long enough.
            self._day(day, int(rows / ROWS_A_CALL) + 1 + (day == self._last) * (int(rows) // 10))
            self._acts.sort()
            yield self._acts, self._mails
            self._left -= len(self._acts)
            self._acts, self._mails = [], []

    def _day(self, day: dt.date, calls: int) -> None:
        midnight = ((day - dt.date(1970, 1, 1)).days * 86_400 + _OFFICE) * _S
        here = [self._arrives(one, midnight) for one in self._shift()]
        managers = [one for one in here if one.role == "gerente"] or here[:1]
        if day.day == 1:
            self._add(midnight + 60 * _S, _DESK, Action.SEGMENT_OPENED, reason="month")
        self._add(midnight + 3 * 3600 * _S, _DESK, Action.LOG_VERIFIED, detail='{"rows":1}')
        for _ in range(calls):
            self._call(self._chance.choice(here), managers, midnight + self._hour())
        self._lately = self._lately[-20_000:]

    def _shift(self) -> list[tuple[str, str]]:
        count = int(len(self._people) * _SHIFT)
        return self._chance.sample(self._people, count)

    def _arrives(self, one: tuple[str, str], midnight: int) -> _Person:
        chance = self._chance
        address = f"10.20.{chance.randrange(4)}.{chance.randrange(2, 250)}"
        person = _Person(*one, f"{chance.getrandbits(96):024x}", address)
        at = midnight + int(chance.uniform(8.5, 9.4) * 3600 * _S)
        if chance.random() < 0.05:
            failed = _DESK._replace(address=address)
            typed = f'{{"typed":"{person.username}"}}'
            self._add(at - 9 * _S, failed, Action.SIGN_IN_FAILED, "refused", detail=typed)
        self._add(at, person, Action.SIGNED_IN, subject=person.username)
        left = midnight + int(chance.uniform(18.6, 19.5) * 3600 * _S)
        self._add(left, person, Action.SIGNED_OUT, subject=person.username)
        return person

    def _hour(self) -> int:
        """More at eleven and at half past four."""
        chance = self._chance
        hour = chance.gauss(11, 1.2) if chance.random() < 0.55 else chance.gauss(16.5, 1.1)
        return int(min(max(hour, 9.4), 18.6) * 3600 * _S)

    # ---- a call ------------------------------------------------------------------------------

    def _call(self, agent: _Person, managers: list[_Person], at: int) -> None:
        chance = self._chance
        again = self._lately and chance.random() < 0.06
        who = chance.choice(self._lately if again else self._customers)
        self._lately.append(who)
        reason = chance.choice(_MOTIVES).value
        ticket = f"T-{chance.randrange(100_000, 999_999)}" if chance.random() < 0.6 else ""
        if chance.random() < 0.04:
            self._new_address(agent, who, at - 60 * _S)
        if chance.random() < 0.02:
            why = chance.choice(_REFUSED)
            self._of(who, at, agent, Action.RESEND_REQUESTED, "refused", reason=why)
        elif chance.random() < 0.03:
            self._reveal(chance.choice(managers), who, ticket, at)
        else:
            self._resend(agent, managers, who, reason, ticket, at)

    def _new_address(self, agent: _Person, who: Customer, at: int) -> None:
        mail_id = f"{self._chance.getrandbits(128):032x}"
        detail = f'{{"new":{{"email":"nuevo.{who.email}"}},"old":{{"email":"{who.email}"}}}}'
        self._of(who._replace(serial=""), at, agent, Action.CONTACT_CHANGED, subject=mail_id,
                 detail=detail)  # fmt: skip
        self._leaves(who._replace(serial=""), mail_id, agent, at, at, "", "", "address_changed")

    def _reveal(self, manager: _Person, who: Customer, ticket: str, at: int) -> None:
        key = f"{self._chance.getrandbits(128):032x}"
        self._of(who, at, manager, Action.CDA_REVEALED, reason="phone", ticket=ticket, subject=key)

    def _resend(
        self, agent: _Person, managers: list[_Person], who: Customer, reason: str, ticket: str,
        at: int,
    ) -> None:  # fmt: skip
        chance, mail_id = self._chance, f"{self._chance.getrandbits(128):032x}"
        told = {"subject": mail_id, "reason": reason, "ticket": ticket}
        detail = f'{{"recipient":"{who.email}"}}'
        self._of(who, at, agent, Action.RESEND_REQUESTED, detail=detail, versions=_VERSIONS, **told)
        from_then = at
        if chance.random() < 0.03:
            rules = '{"rules":"changed_lately"}'
            self._of(who, at, agent, Action.APPROVAL_ASKED, detail=rules, **told)
            from_then = at + int(chance.expovariate(1 / 400) * _S)
            manager = chance.choice(managers)
            self._of(who, from_then, manager, Action.APPROVAL_GIVEN, **told)
        self._leaves(who, mail_id, agent, at, from_then, reason, ticket, "resend")

    def _leaves(
        self, who: Customer, mail_id: str, agent: _Person, asked: int, at: int, reason: str,
        ticket: str, kind: str,
    ) -> None:  # fmt: skip
        chance, state, attempts = self._chance, "accepted", 1
        end = at + int((1.5 + chance.expovariate(1 / 4)) * _S)
        said = f"2.0.0 Ok: queued as {mail_id[:10].upper()}"
        if chance.random() < 0.01:
            self._mailed(who, mail_id, end, Action.MAIL_DEFERRED, "server_busy", 1, 451, "4.3.0")
            end, attempts = end + 300 * _S, 2
        if chance.random() < 0.004:
            refused = ("address_refused", attempts, 550, "5.1.1 No such user")
            self._mailed(who, mail_id, end, Action.MAIL_FAILED, *refused)
            state = "failed"
        else:
            self._mailed(who, mail_id, end, Action.MAIL_ACCEPTED, "", attempts, 250, said)
            if chance.random() < 0.012:
                state, back = "bounced", end + int(chance.uniform(5, 900) * _S)
                detail = f'{{"recipient":"{who.email}","status":"5.1.1"}}'
                self._of(who, back, _DESK, Action.MAIL_BOUNCED, "failed", reason="given_back",
                         subject=mail_id, detail=detail)  # fmt: skip
        problem = {"failed": "address_refused", "bounced": "given_back"}.get(state, "")
        self._mails.append(
            Mail(mail_id, who.serial, who.account_no, who.email, agent.username, asked, reason,
                 ticket, state, attempts, end, problem, 550 if state == "failed" else 250, said,
                 kind)
        )  # fmt: skip

    def _mailed(
        self, who: Customer, mail_id: str, at: int, action: Action, problem: str, attempt: int,
        code: int, said: str,
    ) -> None:  # fmt: skip
        detail = (
            f'{{"attempt":{attempt},"recipient":"{who.email}","smtp_code":{code},'
            f'"smtp_text":"{said}","template":"resend/es@2"}}'
        )
        outcome = "failed" if problem else "ok"
        self._of(who, at, _DESK, action, outcome, reason=problem, subject=mail_id, detail=detail,
                 versions="resend/es 2")  # fmt: skip

    # ---- rows ----------------------------------------------------------------------------------

    def _of(
        self, who: Customer, at: int, by: _Person, action: Action, outcome: str = "ok", *,
        reason: str = "", ticket: str = "", subject: str = "", detail: str = "{}",
        versions: str = "",
    ) -> None:  # fmt: skip
        self._acts.append(
            Act(at, *by, action.value, outcome, who.account_no, who.serial, reason, ticket,
                subject, detail, versions)
        )  # fmt: skip

    def _add(
        self, at: int, by: _Person, action: Action, outcome: str = "ok", *, subject: str = "",
        reason: str = "", detail: str = "{}",
    ) -> None:  # fmt: skip
        told = {"subject": subject, "reason": reason, "detail": detail}
        self._of(Customer("", "", ""), at, by, action, outcome, **told)


def _staff(chance: random.Random) -> list[tuple[str, str]]:
    """Usernames and roles."""
    names = dict.fromkeys(
        fold(f"{given}.{surname}").replace(" ", "")
        for surname in words.SURNAMES
        for given in words.GIVEN
    )
    chosen = chance.sample(list(names), _PEOPLE)
    return [(name, "gerente" if n < _MANAGERS else "agente") for n, name in enumerate(chosen)]


def _weight(day: dt.date, number: int) -> float:
    """A day's part of all: weekdays, a growing desk, the month's first working day."""
    if day.weekday() == 6:
        return 0.01
    if day.weekday() == 5:
        return 0.3
    first = day.day <= 3 and all(
        day.replace(day=earlier).weekday() >= 5 for earlier in range(1, day.day)
    )
    return (0.8 + 0.4 * number / DAYS) * (_BUSY if first else 1)
