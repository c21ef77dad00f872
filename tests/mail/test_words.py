"""What mails say: the program's own as ever, and no value that becomes anything else."""

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.mail import markup, samples, values, words
from lib.mail.message import Letter, compose
from lib.mail.originals import original
from lib.mail.words import TooLongError, Words
from lib.model.contact import clean
from lib.model.outbox import MailKind
from lib.model.template import SPECS, Draft, Language
from tests.examples import rounds
from tests.mail.letters import CODE, LETTER, body, letter, read

OWN = [(kind, language) for kind, spec in SPECS.items() for language in spec.languages]
SUBJECT = "Aviso de aspel.com - Reenvío de CDA"

# What customers were sent before templates could be edited, to the letter.
TEXT = """\
Conoce tu código de activación

Estimado Héctor Villaseñor Muñoz,

Este es el código de activación (CDA) de tu sistema:

Sistema: Aspel SAE 10.0
No. Serie: S0000000001
CDA: LIVE1-AAAAA-BBBBB-CCCCC

Saludos,
Equipo Siigo Aspel"""
HTML = """\
<!doctype html>
<html lang="es-MX">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>Aviso de aspel.com - Reenvío de CDA</title>
</head>
<body style="margin:0;padding:0">
<div style="max-width:34rem;margin:0 auto;padding:1.5rem 1rem;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5;overflow-wrap:anywhere">
<h1 style="font-size:22px;line-height:1.3;margin:0 0 1rem">Conoce tu código de activación</h1>
<p style="margin:0 0 1rem"><bdi>Estimado Héctor Villaseñor Muñoz,</bdi></p>
<p style="margin:0 0 1rem">Este es el código de activación (CDA) de tu sistema:</p>
<table role="presentation" style="border-collapse:collapse;margin:0 0 1rem">
<tr><td style="padding:2px 1rem 2px 0">Sistema</td><td style="padding:2px 0"><strong>Aspel SAE 10.0</strong></td></tr>
<tr><td style="padding:2px 1rem 2px 0">No. Serie</td><td style="padding:2px 0"><strong>S0000000001</strong></td></tr>
</table>
<p style="margin:0 0 .25rem">CDA</p>
<p style="margin:0 0 1.5rem;padding:.75rem 1rem;border:1px solid #0b6e4f;border-radius:6px;background-color:#eef6f2;color:#12302a;font-family:Consolas,Menlo,monospace;font-size:20px;letter-spacing:.05em">LIVE1-AAAAA-BBBBB-CCCCC</p>
<p style="margin:0">Saludos,<br>Equipo Siigo Aspel</p>
</div>
</body>
</html>"""  # noqa: E501

HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "{{ cda }}",
            "{{ 7*7 }}{% for %}{#",
            "<script>alert(1)</script>",
            '" onmouseover="alert(1)',
            "</title></p></td></table></body>",
            "a\r\nBcc: x@example.net\r\n\r\n",
            "<!--",
            "javascript:alert(1)",
            "&lt;b&gt; &amp;",
            "\u202eabc\u2028",
            "\ue000",
        ]
    ),
)


def made(kind: MailKind, language: Language, name: str, other: str) -> values.Values:
    """Values of this kind, each of them hostile."""
    called = values.greeted(name, language)
    one = values.system(other, other, name, other)
    match kind:
        case MailKind.RESEND:
            return values.resend(other, called, one)
        case MailKind.RESEND_MANY:
            return values.resend_many(other, called, [one, one])
        case MailKind.ADDRESS_CHANGED:
            return values.address_changed(other, called, other, name, other)
        case _:
            return values.approval_waiting(
                other, called, other, other, [name, other], [name, other]
            )


class Skeleton(HTMLParser):
    """The tags of a mail, in order, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[Any] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(tag)


def test_a_resend_reads_as_it_always_did() -> None:
    said = letter().words
    assert said.subject == SUBJECT
    assert said.text == TEXT
    assert said.html == HTML


@pytest.mark.parametrize(("kind", "language"), OWN)
def test_each_of_the_program_s_own_shows_all_it_must(kind: MailKind, language: Language) -> None:
    said = words.rendered(original(kind, language), samples.typical(kind, language, SUBJECT))
    assert said.subject
    assert "\n\n\n" not in said.text  # a loop leaves no holes
    assert markup.is_safe(said.html)
    if kind is MailKind.RESEND_MANY:
        for code in (samples.CODE, f"{samples.CODE}1", samples.SERIAL, "0000PRUEBA2"):
            assert code in said.text
            assert code in said.html


def test_a_mail_of_several_systems_lists_each_with_its_code() -> None:
    several = [
        values.system("SAE", "10.0", "S1", "CODE-ONE"),
        values.system("COI", "11.0", "S2", "CODE-TWO"),
    ]
    inside = values.resend_many(SUBJECT, "Ana", several)
    said = words.rendered(original(MailKind.RESEND_MANY, Language.ES), inside)
    assert said.text == (
        "Conoce tus códigos de activación\n\nEstimado Ana,\n\n"
        "Estos son los códigos de activación (CDA) de tus sistemas:\n\n"
        "Sistema: Aspel SAE 10.0\nNo. Serie: S1\nCDA: CODE-ONE\n\n"
        "Sistema: Aspel COI 11.0\nNo. Serie: S2\nCDA: CODE-TWO\n\n"
        "Saludos,\nEquipo Siigo Aspel"
    )


@pytest.mark.parametrize(("kind", "language"), OWN)
@settings(max_examples=rounds(40))
@given(name=HOSTILE, other=HOSTILE)
def test_no_value_becomes_markup_a_header_or_a_template(
    kind: MailKind, language: Language, name: str, other: str
) -> None:
    draft = original(kind, language)
    said = words.rendered(draft, made(kind, language, name, other))
    usual = words.rendered(draft, made(kind, language, "Ana", "x"))
    assert markup.is_safe(said.html)
    assert Skeleton(said.html).tags == Skeleton(usual.html).tags
    assert said.subject == clean(said.subject)
    assert values.greeted(name, language) in said.text
    outside = Letter(**LETTER | {"recipient_name": name}, words=said)
    mail = read(compose(outside).as_bytes())
    assert mail["Bcc"] is None
    assert len(mail["To"].addresses) == 1
    assert mail.get_content_type() == "multipart/alternative"


def test_a_value_is_never_read_as_a_template() -> None:
    mail = letter(recipient_name="{{ cda }} {{ 7*7 }}").words
    assert "Estimado {{ cda }} {{ 7*7 }}," in mail.text
    assert mail.text.count(CODE) == mail.html.count(CODE) == 1


def test_the_subject_stands_in_the_html_s_title_as_it_goes() -> None:
    draft = Draft("{{ asunto }} de {{ nombre }}", "x", "<title>{{ asunto }}</title>")
    said = words.rendered(draft, {"asunto": "CDA", "nombre": "Ana\n<b>"})
    assert said.subject == "CDA de Ana <b>"
    assert said.html == "<title>CDA de Ana &lt;b&gt;</title>"


def test_an_unknown_name_is_an_error_never_nothing() -> None:
    with pytest.raises(Exception, match="'codigo' is undefined"):
        words.rendered(Draft("{{ codigo }}", "x", "x"), {})


def test_nobody_s_internals_can_be_reached() -> None:
    with pytest.raises(Exception, match="unsafe"):
        words.rendered(Draft("x", "{{ a.__class__.__mro__ }}", "x"), {"asunto": "", "a": "b"})


def test_what_grows_beyond_measure_is_stopped() -> None:
    draft = Draft("x", "{% for i in many %}" + "x" * 1000 + "{% endfor %}", "x")
    with pytest.raises(TooLongError):
        words.rendered(draft, {"many": range(10**9)})


def test_what_a_mail_says_is_in_no_repr() -> None:
    said = Words("a subject", f"text {CODE}", f"html {CODE}")
    assert repr(said) == "Words()"
    assert CODE not in repr(letter())
    assert CODE not in repr(compose(letter()))


def test_the_text_part_isn_t_escaped() -> None:
    mail = read(compose(letter(recipient_name="Ríos & Cía <sa>")).as_bytes())
    assert "Estimado Ríos & Cía <sa>," in body(mail, "plain")
    assert "Ríos &amp; Cía &lt;sa&gt;," in body(mail, "html")
