"""What a resend to many would do, as it was checked before it was asked for."""

import uuid
from dataclasses import dataclass, field
from functools import cached_property

from lib.model.bulk import Manner, mails
from lib.model.policy import Mode, Policy, Rule
from lib.services.resends.sifting import Candidate


@dataclass(frozen=True)
class Check:
    """What a resend to these systems would do now. `gone` of what was ticked isn't there any more;
    `key` makes what is confirmed after this check happen once.
    """

    list: str
    systems: tuple[Candidate, ...]
    gone: int
    policy: Policy
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def serials(self) -> tuple[str, ...]:
        return tuple(each.serial for each in self.systems)

    @cached_property
    def left_out(self) -> tuple[Candidate, ...]:
        """Those that go in no case."""
        return tuple(each for each in self.systems if not each.may_go)

    @cached_property
    def warned(self) -> tuple[Candidate, ...]:
        """Those that go only when their warnings are accepted."""
        return tuple(each for each in self.systems if each.may_go and each.of(Mode.WARN))

    @property
    def warnings(self) -> tuple[Rule, ...]:
        """The rules behind those, each once."""
        return tuple(dict.fromkeys(s.rule for each in self.warned for s in each.of(Mode.WARN)))

    def going(self, *, accepting: bool) -> tuple[Candidate, ...]:
        """Those that a mail would be asked for, with the warnings accepted or not."""
        accepted = self.warnings if accepting else ()
        return tuple(each for each in self.systems if not each.refusal(accepted))

    def held(self, *, accepting: bool) -> tuple[Candidate, ...]:
        """Those of them that a manager would have to approve."""
        return tuple(each for each in self.going(accepting=accepting) if each.of(Mode.ASK))

    def mails(self, manner: Manner, *, accepting: bool) -> int:
        going = self.going(accepting=accepting)
        return mails([(each.serial, each.account_no) for each in going], manner)

    def accounts(self, *, accepting: bool) -> int:
        return len({each.account_no for each in self.going(accepting=accepting)})
