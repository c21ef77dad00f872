"""What a template may hold, and the line on which it stops being one."""

from dataclasses import replace

import pytest

from lib.mail import checking, markup
from lib.mail.originals import original
from lib.model.outbox import MailKind
from lib.model.template import LONGEST, SPECS, Draft, Fault, Language, Part, Wrong

RESEND = original(MailKind.RESEND, Language.ES)
GOOD = Draft(
    "CDA de {{ serie }}", "{{ serie }}\n{{ cda }}\n", "<p>{{ serie }}</p>\n<p>{{ cda }}</p>"
)


def found(draft: Draft, kind: MailKind = MailKind.RESEND) -> list[Fault]:
    return checking.faults(kind, Language.ES, draft)


def wrongs(draft: Draft, kind: MailKind = MailKind.RESEND) -> list[tuple[Part, Wrong, int]]:
    return [(fault.part, fault.wrong, fault.line) for fault in found(draft, kind)]


def html(source: str) -> Draft:
    """Something after the two lines that make the HTML good."""
    return replace(GOOD, html=f"{GOOD.html}\n{source}")


@pytest.mark.parametrize(
    ("kind", "language"), [(k, lang) for k, spec in SPECS.items() for lang in spec.languages]
)
def test_the_program_s_own_may_be_saved(kind: MailKind, language: Language) -> None:
    assert checking.faults(kind, language, original(kind, language)) == []


def test_a_small_one_may_be_saved() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>{% if version == '10.0' %}Nueva{% else %}Otra{% endif %} {{ nombre|upper }}</p>",
        '<a href="https://www.aspel.com.mx/soporte?a=1&amp;b=2">Soporte</a>',
        '<a href="mailto:soporte@example.com">a</a> <a href="tel:+525512345678">b</a>',
        '<img src="data:image/png;base64,iVBORw0KGgo=" alt="Aspel">',
        "{# para nosotros: <script> #}",
        "<p>3 &lt; 4 &amp; {{ '<b>' }}</p>",
        '<table role="presentation"><tr><td bgcolor="#fff">x</td></tr></table>',
        "{% raw %}<p>{{ así }}</p>{% endraw %}",
    ],
)
def test_what_a_mail_may_hold(source: str) -> None:
    assert found(html(source)) == []


@pytest.mark.parametrize(
    ("source", "wrong", "what"),
    [
        ("<script>alert(1)</script>", Wrong.TAG, "<script>"),
        ("<SCRIPT src=x></SCRIPT>", Wrong.TAG, "<script>"),
        ("<style>p{color:red}</style>", Wrong.TAG, "<style>"),
        ("<iframe></iframe>", Wrong.TAG, "<iframe>"),
        ("<form></form>", Wrong.TAG, "<form>"),
        ("<svg/onload=alert(1)></svg>", Wrong.TAG, "<svg>"),
        ('<link rel="stylesheet" href="https://x.example/a.css">', Wrong.TAG, "<link>"),
        ('<base href="https://x.example/">', Wrong.TAG, "<base>"),
        ('<meta http-equiv="refresh" content="0;url=https://x.example">', Wrong.TAG, "<meta>"),
        ("<!ENTITY x>", Wrong.COMMENT, "<!--"),
        ("<?php x ?>", Wrong.TAG, "<?…>"),
        ('<p onclick="x()">a</p>', Wrong.ATTRIBUTE, "onclick"),
        ("<p title='</title><script>'>a</p>", Wrong.ATTRIBUTE, "title"),
        ('<a ping="https://x.example" href="https://x.example">a</a>', Wrong.ATTRIBUTE, "ping"),
        ('<img srcset="https://x.example/a.png">', Wrong.ATTRIBUTE, "srcset"),
        ('<img src="https://x.example/a.png">', Wrong.ADDRESS, "https://x.example/a.png"),
        ('<img src="//x.example/a.png">', Wrong.ADDRESS, "//x.example/a.png"),
        ('<img src="data:image/svg+xml;base64,AAAA">', Wrong.ADDRESS, "data:image/svg"),
        ('<a href="javascript:alert(1)">a</a>', Wrong.ADDRESS, "javascript:alert(1)"),
        ('<a href="java&#115;cript:alert(1)">a</a>', Wrong.ADDRESS, "javascript:alert(1)"),
        ('<a href="http://x.example">a</a>', Wrong.ADDRESS, "http://x.example"),
        ('<td href="https://x.example">a</td>', Wrong.ADDRESS, "https://x.example"),
        ('<p style="background:url(https://x.example)">a</p>', Wrong.STYLE, "background"),
        (r'<p style="background:\75rl(x)">a</p>', Wrong.STYLE, "background"),
        ('<p style="x:u/**/rl(x)">a</p>', Wrong.STYLE, "x:u"),
        ('<p title="{{ nombre }}">a</p>', Wrong.NAME_IN_TAG, "<p>"),
        ("<p {% if cda %}dir='rtl'{% endif %}>a</p>", Wrong.NAME_IN_TAG, "<p>"),
        ("<h{{ nombre }}>a", Wrong.NAME_IN_TAG, "<h>"),
        ("<p>a", Wrong.NOT_CLOSED, "<p>"),
        ("<p><b>a</p>", Wrong.NOT_CLOSED, "<b>"),
        ("<p/>", Wrong.NOT_CLOSED, "<p/>"),
        ("</p>", Wrong.NOT_OPENED, "</p>"),
        ("<{{ nombre }}>", Wrong.STRAY, "<"),
        ("3 < 4", Wrong.STRAY, "<"),
        ('<img src="x', Wrong.STRAY, "<"),
        ("<!-- {{ cda }} -->", Wrong.COMMENT, "<!--"),
        ("<!--[if mso]><p>a</p><![endif]-->", Wrong.COMMENT, "<!--"),
    ],
)
def test_what_html_may_not_hold_is_said_with_its_line(source: str, wrong: Wrong, what: str) -> None:
    first = found(html(source))[0]
    assert (first.part, first.wrong, first.line) == (Part.HTML, wrong, 3)
    assert first.what.startswith(what)


@pytest.mark.parametrize(
    ("source", "wrong", "what"),
    [
        ("{{ nombre ", Wrong.SYNTAX, ""),
        ("{% if nombre %}", Wrong.SYNTAX, ""),
        ("{% inventado %}", Wrong.SYNTAX, ""),
        ("{{ 'a }}", Wrong.SYNTAX, ""),
        ("{{ codigo }}", Wrong.UNKNOWN_NAME, "codigo"),
        ("{{ self }}", Wrong.UNKNOWN_NAME, "self"),
        ("{{ nombre.email }}", Wrong.UNKNOWN_NAME, "nombre.email"),
        ("{{ nombre.__class__ }}", Wrong.UNKNOWN_NAME, "nombre.__class__"),
        ("{{ ''.__class__ }}", Wrong.UNKNOWN_NAME, ".__class__"),
        ("{% for x in sistemas %}{{ x.cda }}{% endfor %}", Wrong.UNKNOWN_NAME, "sistemas"),
        ("{% for i in range(1000000000) %}a{% endfor %}", Wrong.NOT_ALLOWED, "for"),
        ("{% for c in 'abc' %}a{% endfor %}", Wrong.NOT_ALLOWED, "for"),
        ("{{ nombre.upper() }}", Wrong.NOT_ALLOWED, "( )"),
        ("{{ cycler }}", Wrong.UNKNOWN_NAME, "cycler"),
        ("{{ nombre['x'] }}", Wrong.NOT_ALLOWED, "[ ]"),
        ("{{ 10**10**10 }}", Wrong.NOT_ALLOWED, "**"),
        ("{{ 'a' * 1000000000 }}", Wrong.NOT_ALLOWED, "*"),
        ("{{ nombre ~ nombre }}", Wrong.NOT_ALLOWED, "~"),
        ("{{ nombre|safe }}", Wrong.NOT_ALLOWED, "|safe"),
        ("{{ nombre|upper|lower }}", Wrong.NOT_ALLOWED, "|lower"),
        ("{{ 'a'|upper }}", Wrong.NOT_ALLOWED, "|upper"),
        ("{{ nombre|inventado }}", Wrong.NOT_ALLOWED, "|inventado"),
        ("{{ [1, 2] }}", Wrong.NOT_ALLOWED, "list"),
        ("{% set cda = 'x' %}", Wrong.NOT_ALLOWED, "set"),
        ("{% macro a() %}{% endmacro %}", Wrong.NOT_ALLOWED, "macro"),
        ("{% include 'resend.es.txt' %}", Wrong.NOT_ALLOWED, "include"),
        ("{% extends 'a' %}", Wrong.NOT_ALLOWED, "extends"),
        ("{% autoescape false %}{{ nombre }}{% endautoescape %}", Wrong.NOT_ALLOWED, "autoescape"),
        ("{% filter upper %}a{% endfilter %}", Wrong.NOT_ALLOWED, "filter"),
        ("{% if nombre is defined %}a{% endif %}", Wrong.NOT_ALLOWED, "is"),
    ],
)
def test_what_a_template_may_not_do_is_said_with_its_line(
    source: str, wrong: Wrong, what: str
) -> None:
    [fault] = found(replace(GOOD, text=f"{GOOD.text}{source}"))
    assert (fault.part, fault.wrong, fault.what) == (Part.TEXT, wrong, what)
    assert fault.line == 3


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("{{ sistemas }}", Wrong.IS_A_LIST),
        ("{{ s.precio }}", Wrong.UNKNOWN_NAME),
        ("{% for s in sistemas %}{{ s }}{% endfor %}", Wrong.IS_A_LIST),
        ("{% for s in sistemas %}{{ s.keys }}{% endfor %}", Wrong.UNKNOWN_NAME),
        ("{% for s in sistemas %}{{ loop.cycle }}{% endfor %}", Wrong.UNKNOWN_NAME),
        ("{% for nombre in sistemas %}{{ nombre.cda }}{% endfor %}", Wrong.NOT_ALLOWED),
        ("{% for a, b in sistemas %}a{% endfor %}", Wrong.NOT_ALLOWED),
        ("{% for s in sistemas recursive %}a{% endfor %}", Wrong.NOT_ALLOWED),
        (
            "{% for s in sistemas %}{% for t in sistemas %}a{% endfor %}{% endfor %}",
            Wrong.NOT_ALLOWED,
        ),
    ],
)
def test_a_list_is_gone_through_once(source: str, wrong: Wrong) -> None:
    own = original(MailKind.RESEND_MANY, Language.ES)
    lines = own.text.count("\n") + 2
    [fault] = found(replace(own, text=f"{own.text}\n{source}"), MailKind.RESEND_MANY)
    assert (fault.part, fault.wrong, fault.line) == (Part.TEXT, wrong, lines)


def test_entries_can_be_told_apart_within_their_loop() -> None:
    own = original(MailKind.APPROVAL_WAITING, Language.ES)
    more = "{% for s in series %}{{ loop.index }}: {{ s }}{% if not loop.last %}, {% endif %}"
    assert found(replace(own, text=f"{own.text}\n{more}{{% endfor %}}"), own_kind()) == []


def own_kind() -> MailKind:
    return MailKind.APPROVAL_WAITING


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("{{ cda }}", MailKind.RESEND),
        ("{% if cda == 'x' %}a{% endif %}b", MailKind.RESEND),
        ("{% for s in sistemas %}{{ s.cda }}{% endfor %}", MailKind.RESEND_MANY),
    ],
)
def test_no_code_in_a_subject(subject: str, kind: MailKind) -> None:
    draft = replace(original(kind, Language.ES), subject=subject)
    assert wrongs(draft, kind) == [(Part.SUBJECT, Wrong.SECRET, 1)]


@pytest.mark.parametrize(
    ("changes", "part", "what"),
    [
        ({"text": "{{ serie }}"}, Part.TEXT, "cda"),
        ({"text": "{{ cda }}"}, Part.TEXT, "serie"),
        ({"html": "<p>{{ serie }}</p>"}, Part.HTML, "cda"),
        ({"html": "<head><title>{{ cda }}</title></head><p>{{ serie }}</p>"}, Part.HTML, "cda"),
        ({"text": "{{ serie }}{% if nombre == 'x' %}{{ cda }}{% endif %}"}, Part.TEXT, "cda"),
        ({"text": "{{ serie }} {# {{ cda }} #}"}, Part.TEXT, "cda"),
        ({"text": "{{ serie }} {{ cda|lower }}"}, Part.TEXT, "cda"),
    ],
)
def test_what_a_mail_is_for_must_be_readable_in_it(
    changes: dict[str, str], part: Part, what: str
) -> None:
    assert found(replace(GOOD, **changes)) == [Fault(part, Wrong.MISSING, 0, what)]


def test_each_system_s_code_must_be_there() -> None:
    own = original(MailKind.RESEND_MANY, Language.ES)
    first = own.text.replace("CDA: {{ s.cda }}", "{% if loop.first %}{{ s.cda }}{% endif %}")
    assert found(replace(own, text=first), MailKind.RESEND_MANY) == [
        Fault(Part.TEXT, Wrong.MISSING, 0, "sistemas.cda")
    ]


@pytest.mark.parametrize("part", Part)
def test_no_part_is_empty_or_endless(part: Part) -> None:
    empty = replace(GOOD, **{part.value: " \n "})
    assert wrongs(empty) == [(part, Wrong.EMPTY, 0)]
    endless = replace(GOOD, **{part.value: "x" * (LONGEST[part] + 1)})
    assert wrongs(endless) == [(part, Wrong.TOO_LONG, 0)]


def test_a_subject_that_may_come_out_empty_is_refused() -> None:
    nothing = replace(GOOD, subject="{% if nombre == 'x' %}a{% endif %}")
    assert wrongs(nothing) == [(Part.SUBJECT, Wrong.EMPTY, 0)]


def test_what_would_grow_too_long_for_a_large_account_is_refused() -> None:
    own = original(MailKind.RESEND_MANY, Language.ES)
    grown = own.html.replace("{{ s.cda }}", "{{ s.cda }}" + "a" * 8_000)
    assert wrongs(replace(own, html=grown), MailKind.RESEND_MANY) == [
        (Part.HTML, Wrong.TOO_LONG, 0)
    ]


@pytest.mark.parametrize(
    "deep", ["(" * 5_000, "not " * 5_000, "9" * 5_000 + "}}", "{% if nombre %}" * 500]
)
def test_nesting_beyond_measure_is_an_error_like_any(deep: str) -> None:
    source = deep if deep.startswith("{%") else f"{{{{ {deep}"
    [fault] = found(replace(GOOD, text=source[: LONGEST[Part.TEXT]]))
    assert (fault.part, fault.wrong) == (Part.TEXT, Wrong.SYNTAX)


@pytest.mark.parametrize("depth", [150, 400])
def test_what_only_the_compiler_can_t_take_is_refused_too(depth: int) -> None:
    source = "{% if cda %}" * depth + "{% endif %}" * depth
    [fault] = found(replace(GOOD, text=(GOOD.text + source)))
    assert fault.wrong in {Wrong.SYNTAX, Wrong.TOO_LONG}


def test_lines_are_counted_through_blocks_that_leave_nothing() -> None:
    source = "{% if cda %}\n{#\n\n#}\n<p>a</p>\n{%- endif -%}\n\n<script>"
    lines = {fault.line for fault in markup.source_faults(source)}
    assert lines == {8}


def test_the_text_a_reader_sees() -> None:
    html = "<head><title>no</title></head><body><p>a &amp; <b>b</b>&#33;</p></body>"
    assert markup.visible(html) == "a & b!"
