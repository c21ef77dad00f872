"""Which systems of many may be mailed, and what stands against each: the questions of one resend,
asked in sets where they can be."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lib.model.account import Account
from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.model.policy import Mode, Rule, Stop
from lib.model.system import System
from lib.services import mailable, policies, resending
from lib.store import accounts, systems
from lib.store.reading import Reader

# Rules that look at each system; the others at the account, its address or the hour.
_OF_A_SYSTEM = frozenset({Rule.COOLDOWN, Rule.QUOTA, Rule.OVERDUE, Rule.RECENT_UNLOCK})


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

    def refusal(self, accepted: Collection[Rule]) -> AppError | None:
        """Why it isn't mailed when these warnings are accepted; None: it is, or a manager
        decides."""
        try:
            policies.let_pass(self.stops, accepted)
        except AppError as error:
            return error
        return self.problem


class Sieve:
    """Reads at once what can be read at once of these systems; `now` is UTC. `known` are those that
    there are, by serial."""

    def __init__(
        self, reader: Reader, actor: Actor, serials: Collection[str], now: dt.datetime
    ) -> None:
        self._reader, self._actor, self._now = reader, actor, now
        self._policy = policies.in_force(reader)
        self.known = systems.some(reader, serials)
        owners = {system.account_no for system in self.known.values()}
        self._names = {n: account.name for n, account in accounts.some(reader, owners).items()}
        self._systems = mailable.all_systems(reader, serials)
        self._accounts = mailable.all_addressees(reader, owners)

    def by_account(self) -> dict[str, list[str]]:
        """The serials of each account, as they come."""
        found: dict[str, list[str]] = {}
        for serial in self._systems:
            owner = self.known.get(serial)
            found.setdefault(owner.account_no if owner else "", []).append(serial)
        return found

    def system(self, serial: str) -> System:
        """One of them that has an address to be mailed to. Raises AppError as
        lib/services/mailable.py does."""
        found = self._systems[serial]
        if isinstance(found, AppError):
            raise found
        account = self._accounts[found.account_no]
        if isinstance(account, AppError):
            raise account
        return found

    def candidates(self, serials: Sequence[str], before: int = 0) -> list[Candidate]:
        """Systems of one account (or of none), each looked at by itself; `before` CDAs are asked
        for ahead of them in the same act."""
        if len(serials) > 1 and (alike := self._alike(serials, before)):
            return alike
        return [self._alone(serial, before + at) for at, serial in enumerate(serials)]

    def _alike(self, serials: Sequence[str], before: int) -> list[Candidate]:
        """As mostly: one question about them all instead of one about each. Empty when what stands
        against them may be about one or the other."""
        try:
            found = self._stops([self._free(serial) for serial in serials], before)
        except AppError:
            return []
        if any(stop.rule in _OF_A_SYSTEM for stop in found):
            return []
        return [self._candidate(serial, None, found) for serial in serials]

    def _alone(self, serial: str, before: int) -> Candidate:
        try:
            stops = self._stops([self._free(serial)], before)
        except AppError as error:
            return self._candidate(serial, error)
        return self._candidate(serial, None, stops)

    def _free(self, serial: str) -> System:
        system = self.system(serial)
        resending.require_free(self._reader, serial)
        return system

    def _stops(self, systems: Sequence[System], before: int) -> list[Stop]:
        account = self._accounts[systems[0].account_no]
        assert isinstance(account, Account)  # `system` raised otherwise
        serials = [system.serial for system in systems]
        return policies.stops(
            self._reader, self._policy, self._actor, account, serials, self._now, before
        )

    def _candidate(
        self, serial: str, problem: AppError | None = None, stops: Sequence[Stop] = ()
    ) -> Candidate:
        system = self.known.get(serial)
        if system is None:
            return Candidate(serial, problem=problem)
        name = self._names.get(system.account_no, "")
        said = (system.account_no, name, system.product, system.version)
        return Candidate(serial, *said, problem, tuple(stops))
