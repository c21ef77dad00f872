"""Reports of mail that came back, as servers write them."""

POSTFIX = """\
Return-Path: <>
X-Original-To: {to}
Delivered-To: {to}
From: MAILER-DAEMON@correo.mesa.test (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"
Message-Id: <bounce{number}@correo.mesa.test>

--B
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; correo.mesa.test
Arrival-Date: Sun, 22 Nov 2026 12:00:00 +0000 (UTC)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{recipient}> no such user

--B
Content-Type: text/rfc822-headers

From: Avisos Aspel <avisos@mesa.test>
To: {recipient}
Message-ID: {message_id}
Subject: =?utf-8?q?Reenv=C3=ADo_de_CDA?=

--B--
"""

QMAIL = """\
Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mx.example.com
To: {to}
Subject: failure notice

Hi. This is the qmail-send program at mx.example.com.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{recipient}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: {message_id}
From: avisos@mesa.test

CDA
"""

OUT_OF_OFFICE = """\
From: {recipient}
To: {to}
Subject: Fuera de la oficina
Auto-Submitted: auto-replied
In-Reply-To: {message_id}

Vuelvo el lunes.
"""


def written(
    form: str = POSTFIX,
    *,
    to: str = "bounces@mesa.test",
    recipient: str = "hector.villasenor@example.com",
    message_id: str = "<nadie@mesa.test>",
    action: str = "failed",
    status: str = "5.1.1",
    number: int = 1,
) -> bytes:
    """One report, with a number of its own."""
    text = form.format(
        to=to,
        recipient=recipient,
        message_id=message_id,
        action=action,
        status=status,
        number=number,
    )
    return text.replace("\n", "\r\n").encode()
