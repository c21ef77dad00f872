"""No text of anybody's reaches Streamlit's Markdown but through lib/ui/plain.py."""

import ast
from collections.abc import Iterable

from tests.following import ROOT, Following, Module, looked_at

FILES = sorted([*ROOT.glob("lib/ui/**/*.py"), *ROOT.glob("pages/*.py")])
# Streamlit's calls whose first argument, and whose `label`, `body`, `help` or `text`, it reads so.
SINKS = {
    "badge", "button", "caption", "checkbox", "date_input", "dialog", "download_button",
    "error", "expander", "feedback", "file_uploader", "form_submit_button", "header", "info",
    "link_button", "markdown", "metric", "multiselect", "number_input", "page_link", "pills",
    "popover", "progress", "radio", "segmented_control", "selectbox", "slider", "spinner",
    "status", "subheader", "success", "table", "tabs", "text_area", "text_input", "time_input",
    "title", "toast", "toggle", "warning", "write",
}  # fmt: skip
READ = frozenset({"body", "captions", "format_func", "help", "icon", "label", "text"})
OPTIONS_AS_TEXT = frozenset({"selectbox", "multiselect"})  # seen in tests/browser/test_hostile.py
# What these answer is escaped, a number, a date, or a name of ours.
SAFE = {
    "count", "day", "escaped", "instant", "int", "len", "max", "min", "plain", "refusal",
    "round", "sum",
}  # fmt: skip

# What can't be followed to where it was made, and why it is harmless.
LOOKED_AT = """
Escaped where it was put there
    store/log/board: Row(*row)
    ui/board/board_cards: bar.label
    ui/imports/fixing: said[:1]
    ui/imports/history: filter(None, parts)
    ui/imports/report: label
    ui/log/alerts: told.text
    ui/mail/approving: told.text
    ui/people/users: act(process.desk(), me, person)
    ui/records/linking: opened.problem
    ui/records/linking: opened.told
    ui/records/verdict: map(plain, paper.namesakes)
    ui/sign_in: st.session_state.pop('door.welcome', '')
A page's, a list's or a kind of hit's own words: constants
    ui/badge: page.icon
    ui/badge: page.title
    ui/home: kind.label
    ui/home: page.about
    ui/home: page.icon
    ui/home: page.title
    ui/imports/checking: parts.__getitem__
    ui/listing/tables: _explain_paper
    ui/listing/tables: _open_log
    ui/listing/tables: _resend
    ui/listing/tables: _reveal
    ui/listing/tables: table.title
    ui/people/by_company: _open
    ui/people/by_company: _shut
    ui/people/by_company: _unlink
    ui/shell: page.section
A number, a time, a duration, a hash or a reference of ours
    ui/board/board_cards: board_words.duration(before.median_s)
    ui/board/board_cards: board_words.duration(before.p95_s)
    ui/board/board_cards: board_words.duration(now.median_s)
    ui/board/board_cards: board_words.duration(now.p95_s)
    ui/imports/batch_page: origin.sha256
    ui/imports/checking: counts.set_aside
    ui/imports/checking: merge.changed
    ui/imports/checking: merge.new
    ui/imports/checking: merge.unchanged
    ui/imports/fixing_one: lines.index(line)
    ui/imports/importing: changed
    ui/imports/importing: new
    ui/imports/working: job.done
    ui/log/proof: fraction
    ui/mail/bulk: fraction
    ui/mail/bulk_page: tally.fraction
    ui/mail/policy: base.version
    ui/mail/policy: now.policy.version
    ui/mail/policy: version.policy.version
    ui/mail/reveal: offer.left
    ui/mail/reveal: offer.most
    ui/mail/template_words: ref.rpartition('@')[2]
    ui/people/my_factor: mine.codes_left
    ui/server: secrets.token_hex(4).upper()
An address of ours, its values encoded
    ui/board/board_cards: bar.target.address()
    ui/board/board_cards: board_links.bounces_of(each.account_no).address()
    ui/board/board_rows: board_links.of_serial(asked, serial).address()
Words of ours, a part of them
    ui/imports/columns: absent[-1]
    ui/imports/columns: absent[0]
    ui/imports/columns: absent[:-1]
    ui/imports/template_line: names[-1]
    ui/imports/template_line: names[:-1]
    ui/listing/export: messages.sentence(AppError(Reason.NOTHING_TO_EXPORT))
    ui/listing/export: {(False, False): 'toda la lista, sin filtros', (True, False)
    ui/log/segments: row[at]
    ui/log/timeline: place.pills('Qué mostrar', list(timeline_words.KINDS), defau
    ui/mail/language: name
    ui/mail/mail_words: words[1:]
    ui/mail/mail_words: words[:1]
    ui/mail/policy_words: _WHEN[rule](policy, cooldown_s)
    ui/mail/resend: labels[delivery.state]
    ui/mail/template_words: full.partition('.')[2]
    ui/mail/template_words: name[0]
    ui/mail/template_words: spec.lists
A place that isn't the screen, or is no Markdown
    ui/imports/columns: column.heading
    ui/mail/mail_state: approval.answered_by
    ui/mail/mail_state: approval.note
    ui/mail/templates: st.tabs(['HTML', 'Solo texto'])
    ui/server: messages.sentence(error)
Names of keys and of fields, which are ours
    ui/log/log_entry: entry.detail.get('new')
    ui/log/proof_words: checked.unchecked
    ui/mail/policy: error.facts.get('errors')
In a code span, without the mark that ends one
    ui/mail/templates: line[:_LINE]
"""


def given(made: Module, call: ast.Call) -> Iterable[ast.expr] | None:
    called = call.func.body if isinstance(call.func, ast.IfExp) else call.func
    if not isinstance(called, ast.Attribute) or called.attr not in SINKS:
        return None
    if isinstance(called.value, ast.Name) and called.value.id in made.imports:
        return None  # a module of ours
    read = READ - {"format_func"} if called.attr in OPTIONS_AS_TEXT else READ
    first = call.args[:1] if called.attr != "page_link" else []
    more = call.args[1:3] if called.attr == "metric" else []
    return [*first, *more, *(each.value for each in call.keywords if each.arg in read)]


FOLLOWING = Following(
    given, frozenset(SAFE), frozenset({"messages.sentence"})
)  # refusal() escapes it


def test_each_text_is_escaped_or_ours() -> None:
    """A new one fails here: put it through `plain`, or say why it needs none. One that
    is gone fails too."""
    assert FOLLOWING.loose_in(FILES, "lib/") == looked_at(LOOKED_AT)
