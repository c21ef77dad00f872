"""Which systems of many may be mailed, and what stands against each: the questions of one resend,
asked of all at once."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lib.model.account import Account
from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.model.policy import Mode, Rule, Stop
from lib.model.system import System
from lib.services.resends import asking, mailable, policies, rules
from lib.store.reading import Reader
from lib.store.records import accounts, systems


@dataclass(frozen=True)
class Candidate:
    """A system: why it can't be mailed, else what the policy has against it. Names are "" for one
    that is there no more."""

    serial: str
    account_no: str = ""
    account_name: str = ""
    product: str = ""
    version: str = ""
    problem: AppError | None = None
    stops: tuple[Stop, ...] = ()

    def of(self, mode: Mode) -> list[Stop]:
        return [stop for stop in self.stops if stop.mode is mode]

    @property
    def may_go(self) -> bool:
        """Whether it is mailed, or a manager decides, once all its warnings are accepted."""
        return self.refusal(frozenset(Rule)) is None

    def refusal(self, accepted: Collection[Rule]) -> AppError | None:
        """Why it isn't mailed when these warnings are accepted; None: it is, or a manager
        decides."""
        try:
            policies.let_pass(self.stops, accepted)
        except AppError as error:
            return error
        return self.problem


class Sieve:
    """Reads at once all there is to know of these systems; `now` is UTC."""

    def __init__(
        self, reader: Reader, actor: Actor, serials: Collection[str], now: dt.datetime
    ) -> None:
        self._reader = reader
        self._known = systems.some(reader, serials)
        owners = {system.account_no for system in self._known.values()}
        found = accounts.some(reader, owners)
        self._names = {number: account.name for number, account in found.items()}
        self._systems = mailable.all_systems(reader, serials, self._known)
        self._accounts = mailable.all_addressees(owners, found)
        reached = [each for each in self._accounts.values() if isinstance(each, Account)]
        policy = policies.in_force(reader)
        self._seen = rules.gathered(reader, policy, actor, reached, self._known.values(), now)

    def system(self, serial: str) -> System:
        """One of them that has an address to be mailed to. Raises AppError as
        lib/services/resends/mailable.py does."""
        found = self._systems[serial]
        if isinstance(found, AppError):
            raise found
        account = self._accounts[found.account_no]
        if isinstance(account, AppError):
            raise account
        return found

    def candidates(self, serials: Sequence[str], before: int = 0) -> list[Candidate]:
        """Each looked at by itself; `before` CDAs are asked for ahead of them in the same act, and
        of these each that goes is, ahead of the next."""
        found: list[Candidate] = []
        for serial in serials:
            found.append(self._candidate(serial, before))
            before += found[-1].may_go
        return found

    def _candidate(self, serial: str, before: int) -> Candidate:
        try:
            system = self.system(serial)
            asking.require_free(self._reader, self._seen, serial)
            account = self._accounts[system.account_no]
            assert isinstance(account, Account)  # `system` raised otherwise
            return self._of(serial, None, rules.stops(self._seen, account, [system], before))
        except AppError as error:
            return self._of(serial, error)

    def _of(
        self, serial: str, problem: AppError | None = None, stops: Sequence[Stop] = ()
    ) -> Candidate:
        system = self._known.get(serial)
        if system is None:
            return Candidate(serial, problem=problem)
        name = self._names.get(system.account_no, "")
        said = (system.account_no, name, system.product, system.version)
        return Candidate(serial, *said, problem, tuple(stops))
