"""A resend to many: which mails a selection makes, and how far it is."""

from lib.model.bulk import MOST_IN_A_MAIL, OVER, BulkState, Manner, Tally, mails, places
from lib.model.outbox import MailState

MIXED = [("S3", "2"), ("S1", "1"), ("S9", ""), ("S4", "2"), ("S8", ""), ("S2", "1")]


def said(manner: Manner) -> list[tuple[int, int, str]]:
    return [(p.place, p.mail_no, p.serial) for p in places(MIXED, manner)]


def test_an_account_s_systems_stand_together_in_one_mail() -> None:
    assert said(Manner.PER_ACCOUNT) == [
        (0, 1, "S3"), (1, 1, "S4"), (2, 2, "S1"), (3, 2, "S2"), (4, 3, "S9"), (5, 4, "S8"),
    ]  # fmt: skip


def test_or_each_in_its_own() -> None:
    assert [mail_no for _, mail_no, _ in said(Manner.PER_SYSTEM)] == [1, 2, 3, 4, 5, 6]


def test_a_long_list_goes_in_several_mails() -> None:
    many = [(f"S{at:04}", "1") for at in range(MOST_IN_A_MAIL + 1)]
    numbers = [place.mail_no for place in places([*many, ("X", "2")], Manner.PER_ACCOUNT)]
    assert numbers == [1] * MOST_IN_A_MAIL + [2, 3]
    assert mails(many, Manner.PER_ACCOUNT) == 2
    assert mails(many, Manner.PER_SYSTEM) == len(many)
    assert mails([], Manner.PER_ACCOUNT) == 0


def test_how_far_it_is() -> None:
    asked = {MailState.ACCEPTED: 2, MailState.QUEUED: 1, MailState.SENDING: 1, MailState.HELD: 1}
    tally = Tally(waiting=2, left_out=1, asked=asked)
    assert (tally.systems, tally.pending, tally.fraction) == (8, 4, 0.5)
    assert Tally().fraction == 1.0
    assert set(BulkState) - OVER == {BulkState.RUNNING, BulkState.CANCELLING}
