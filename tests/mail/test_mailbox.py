"""The demo's mailbox: what the sink kept, read back."""

import base64
import datetime as dt
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from lib.demo.smtp_sink import Sink
from lib.mail import mailbox
from lib.mail.answers import Verdict
from lib.mail.message import compose
from lib.mail.transport import Transport
from lib.mail.words import Words
from tests.mail.letters import CODE, letter
from tests.mail.test_transport import mail_settings, send


def test_what_is_sent_is_kept_and_read_newest_first(tmp_path: Path) -> None:
    with Sink(tmp_path / "mailbox") as sink:
        settings = mail_settings(sink.port)
        for name in ("Ana Ñúñez", "<b>Zoé</b>"):
            assert send(settings, recipient_name=name).verdict is Verdict.ACCEPTED
    box = mailbox.read(tmp_path / "mailbox")
    assert (len(box.mails), box.broken, box.total) == (2, 0, 2)
    newest, first = box.mails
    assert first.recipient == "Ana Ñúñez <hector.villasenor@example.com>"
    assert first.sender == "Avisos Aspel <avisos@avisos.aspel.com.mx>"
    assert first.subject == "Aviso de aspel.com - Reenvío de CDA"
    assert first.sent_at is not None
    assert abs(first.sent_at.replace(tzinfo=dt.UTC) - dt.datetime.now(dt.UTC)).seconds < 300
    assert "Estimado <b>Zoé</b>," in newest.text
    assert "&lt;b&gt;Zoé" in newest.html
    assert CODE in first.text
    assert CODE not in repr(first)


def test_a_mail_s_images_stand_in_their_places(tmp_path: Path) -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    said = Words("Resumen", "Sin imágenes", '<img src="cid:day" alt="cid:day"><p>cid:day</p>')
    mail = compose(replace(letter(), words=said, images={"day": png}))
    shape = [part.get_content_type() for part in mail.walk()]
    assert shape == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    ]  # fmt: skip
    (tmp_path / "1.eml").write_bytes(mail.as_bytes())
    [found] = mailbox.read(tmp_path).mails
    data = base64.b64encode(png).decode()
    assert found.html.strip() == (
        f'<img src="data:image/png;base64,{data}" alt="cid:day"><p>cid:day</p>'
    )
    assert found.text.strip() == "Sin imágenes"


def test_files_are_whole_and_private(tmp_path: Path) -> None:
    with Sink(tmp_path) as sink:
        send(mail_settings(sink.port))
    [file] = tmp_path.iterdir()
    assert file.suffix == ".eml"
    assert file.stat().st_mode & 0o077 == 0


def test_a_sink_that_cannot_keep_a_mail_does_not_accept_it(tmp_path: Path) -> None:
    folder = tmp_path / "mailbox"
    with Sink(folder) as sink:
        transport = Transport(mail_settings(sink.port))
        shutil.rmtree(folder)
        answer = transport.send(compose(letter()), "a@example.com")
        transport.close()
    assert (answer.verdict, answer.code) == (Verdict.DEFERRED, 452)


def test_the_sink_starts_anywhere_and_stops_twice(tmp_path: Path) -> None:
    first, second = Sink(tmp_path), Sink(tmp_path)
    first.start()
    second.start()
    assert 0 < first.port != second.port
    for sink in (first, second, first):
        sink.stop()


def test_a_mailbox_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert mailbox.read(tmp_path / "no") == mailbox.Mailbox([], 0, 0)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff\xfe" * 50, b"no headers at all", b"To: a@example.com\n\n"],
)
def test_a_broken_file_is_counted_and_skipped(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "1.eml").write_bytes(content)
    (tmp_path / "2.eml").write_bytes(compose(letter()).as_bytes())
    (tmp_path / "3.eml").mkdir()
    (tmp_path / "notes.txt").write_text("not a mail")
    box = mailbox.read(tmp_path)
    assert ([mail.file for mail in box.mails], box.broken, box.total) == (["2.eml"], 2, 3)


def test_a_mail_without_date_or_parts_is_still_a_mail(tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_bytes(b"From: a@example.com\nDate: soon\n\nhola\n")
    [mail] = mailbox.read(tmp_path).mails
    assert (mail.sent_at, mail.recipient, mail.subject, mail.html) == (None, "", "", "")
    assert mail.text == "hola\n"


def test_only_the_newest_are_read(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.eml").write_bytes(b"From: a@example.com\n\n")
    box = mailbox.read(tmp_path, limit=2)
    assert ([mail.file for mail in box.mails], box.total) == (["4.eml", "3.eml"], 5)


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "1.eml"
    for number, subject in enumerate(("uno", "dos"), start=1):
        file.write_bytes(f"From: a@example.com\nSubject: {subject}\n\n".encode())
        os.utime(file, ns=(number, number))
        assert [mail.subject for mail in mailbox.read(tmp_path).mails] == [subject]
