"""What a report says, in each server's way of saying it; nothing in one can raise."""

import pytest

from lib.mail import bounce
from lib.model.bounce import BounceKind, Report
from tests.mail.reports import OUT_OF_OFFICE, QMAIL, written

HECTOR = "hector.villasenor@example.com"


def test_a_standard_report() -> None:
    report = bounce.read(written(to="bounces+x@mesa.test", message_id="<m1@mesa.test>"))
    assert report == Report(
        BounceKind.PERMANENT,
        frozenset({HECTOR}),
        ("bounces+x@mesa.test",),
        "<m1@mesa.test>",
        "5.1.1",
    )


def test_a_delay_is_no_failure() -> None:
    report = bounce.read(written(action="delayed", status="4.4.1"))
    assert (report.kind, report.status) == (BounceKind.TEMPORARY, "4.4.1")


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_good_news_is_no_bounce(action: str) -> None:
    assert bounce.read(written(action=action, status="2.0.0")).kind is BounceKind.UNKNOWN


def test_a_server_with_words_of_its_own() -> None:
    report = bounce.read(written(QMAIL))
    assert (report.kind, report.failed) == (BounceKind.PERMANENT, frozenset({HECTOR}))


def test_an_automatic_answer_is_no_bounce() -> None:
    assert bounce.read(written(OUT_OF_OFFICE)).kind is BounceKind.UNKNOWN


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe" * 500,
        b"Content-Type: multipart/report; boundary=B\r\n\r\n--B\r\nContent-Type: message/",
        b"Content-Type: message/delivery-status\r\n\r\n\x00\x00: \xff",
        b"To: " + b"a@b.example, " * 5000,
        written()[:700],
        written().replace(b"Final-Recipient: rfc822;", b"Final-Recipient: ;;;@@@\xf1"),
    ],
)
def test_a_broken_report_is_read_for_what_it_is_worth(raw: bytes) -> None:
    assert bounce.read(raw).kind in BounceKind


def test_a_report_nested_in_itself_ends() -> None:
    deep = written()
    for _ in range(60):
        deep = b"Content-Type: message/rfc822\r\n\r\n" + deep
    assert bounce.read(deep).kind in BounceKind
