"""What the customer reads, and that no name or address can turn it into something else."""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest

from lib.mail.message import compose
from lib.model.errors import AppError, Reason
from tests.mail.letters import CODE, body, letter, sent

RTL = "محمد\u202emoc.live@kcatta\u202c بن علي"
LONG = ('Ñandú Güereña, "Cía" <mal@example.net>, (S.A.); ' * 20)[:500]


def test_the_headers_customers_know() -> None:
    mail = sent()
    assert str(mail["From"]) == "Avisos Aspel <avisos@avisos.aspel.com.mx>"
    assert str(mail["To"]) == "Héctor Villaseñor Muñoz <hector.villasenor@example.com>"
    assert mail["Subject"] == "Aviso de aspel.com - Reenvío de CDA"
    assert mail["Message-ID"] == "<m1@avisos.aspel.com.mx>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo is not None
    assert abs(mail["Date"].datetime - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_both_parts_say_the_same(kind: str) -> None:
    text = body(sent(), kind)
    for words in (
        "Conoce tu código de activación",
        "Estimado Héctor Villaseñor Muñoz,",
        "Aspel SAE 10.0",
        "S0000000001",
        CODE,
        "Saludos,",
        "Equipo Siigo Aspel",
    ):
        assert words in text


def test_the_html_fetches_nothing_and_follows_the_readers_colours() -> None:
    html = body(sent(), "html")
    assert not re.search(r"src=|href=|url\(|https?:|<script|<style|<link|<img", html)
    assert '<meta name="color-scheme" content="light dark">' in html
    assert 'name="viewport"' in html
    for style in re.findall(r'style="([^"]*)"', html):  # a colour never comes without its ground
        assert ("background-color:" in style) == bool(re.search(r"(^|;)color:", style))


def test_markup_in_a_name_is_text() -> None:
    name = '<img src=x onerror=alert(1)> *Ana* "Ríos" & Cía {{ code }}'
    mail = sent(recipient_name=name)
    assert f"Estimado {name}," in body(mail, "plain")
    html = body(mail, "html")
    assert "<img" not in html
    assert "Estimado &lt;img src=x onerror=alert(1)&gt; *Ana* &#34;Ríos&#34; &amp; Cía" in html
    assert html.count(CODE) == 1


@pytest.mark.parametrize("field", ["product", "version", "serial", "code"])
def test_markup_in_any_value_is_text(field: str) -> None:
    html = body(sent(**{field: "<b>x</b>"}), "html")
    assert "&lt;b&gt;x&lt;/b&gt;" in html


def test_a_long_name_stays_one_recipient() -> None:
    mail = sent(recipient_name=LONG)
    addresses = [a.addr_spec for a in mail["To"].addresses]
    assert addresses == ["hector.villasenor@example.com"]
    assert len(mail["To"].addresses[0].display_name) < 80  # 60, and what folding adds
    assert LONG.split("(")[0].strip() in body(mail, "plain")


def test_right_to_left_text_keeps_its_letters_and_loses_its_overrides() -> None:
    mail = sent(recipient_name=RTL)
    assert "محمد" in body(mail, "plain")
    assert "\u202e" not in body(mail, "plain") + body(mail, "html") + str(mail["To"])
    assert "<bdi>Estimado محمد" in body(mail, "html")
    assert [a.addr_spec for a in mail["To"].addresses] == ["hector.villasenor@example.com"]


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r", "\u2028", "\x85", "\x0b", "\x00"])
def test_a_line_break_in_a_name_or_the_subject_adds_no_header(break_: str) -> None:
    evil = f"Juan{break_}Bcc: malo@example.net{break_}{break_}cuerpo"
    mail = sent(recipient_name=evil, subject=evil, sender_name=evil)
    assert mail["Bcc"] is None
    assert len(mail["To"].addresses) == 1
    assert mail["Subject"].startswith("Juan Bcc: malo@example.net")
    assert body(mail, "plain").startswith("Conoce")


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "ana.rios(arroba)gmail",
        "a@example.com\n",
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com,b@example.com",
        "Ana <a@example.com>",
        '"a\r\nb"@example.com',
        "a@[127.0.0.1]",
        "a\u202e@example.com",
        "a\u200b@example.com",
        "a@example.com ",
    ],
)
def test_an_address_is_refused_not_repaired(recipient: str) -> None:
    with pytest.raises(AppError) as refusal:
        compose(letter(recipient=recipient))
    assert refusal.value.reason is Reason.BAD_ADDRESS
    assert recipient == "" or recipient not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_an_international_domain_goes_as_ascii() -> None:
    assert sent(recipient="a@ñandú.mx")["To"].addresses[0].addr_spec == "a@xn--and-6ma2c.mx"


def test_an_international_mailbox_is_written_in_utf8() -> None:
    raw = compose(letter(recipient="josé@example.com")).as_bytes()
    assert "<josé@example.com>".encode() in raw


def test_an_account_without_a_name_is_still_greeted() -> None:
    assert "Estimado cliente," in body(sent(recipient_name=" "), "plain")


def test_the_mail_is_plain_ascii_in_short_lines() -> None:
    raw = compose(letter(recipient_name=LONG)).as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_the_html_is_well_formed() -> None:
    class Balance(HTMLParser):
        depth = 0

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.depth += tag not in {"meta", "br"}

        def handle_endtag(self, tag: str) -> None:
            self.depth -= 1

    balance = Balance()
    balance.feed(body(sent(recipient_name=LONG), "html"))
    assert balance.depth == 0


def test_the_code_is_in_no_repr() -> None:
    assert CODE not in repr(letter())
    assert CODE not in repr(compose(letter()))
