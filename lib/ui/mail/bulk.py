"""Reenviar CDA to what is selected: the window that checks, says what would happen, and asks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import streamlit as st

from lib.model.actor import Actor
from lib.model.bulk import Bulk, Manner
from lib.model.errors import AppError, Reason
from lib.model.policy import Mode
from lib.model.selection import Selection
from lib.model.view import View
from lib.services.resends import bulk
from lib.services.resends.bulk import Progress
from lib.services.resends.checked import Check
from lib.services.resends.sifting import Candidate
from lib.store.grid.sources import Source
from lib.ui import process, shell, window, written
from lib.ui.mail import bulk_words, mail_words, offers, stops
from lib.ui.plain import escaped, refusal

PAGE = "pages/Envios.py"
CHOSEN = "envio"  # the page's parameter: which one it shows
_LISTED = 200  # systems that the window names one by one


class _Look(Protocol):
    """A service's check, of systems that it was told."""

    def __call__(self, progress: Progress, *, actor: Actor) -> Check: ...


@dataclass(frozen=True)
class _Open:
    """`check` is None until `look` has made it."""

    look: _Look
    check: Check | None = None


def open_for(source: Source, view: View, selection: Selection) -> None:
    """Check what is ticked and ask whether to resend it."""
    look = partial(bulk.check, process.desk(), source, view, selection)
    window.put(_Open(look))
    _ask()


def open_again(bulk_id: str) -> None:
    """The same for what of a bulk didn't go, from a callback: `show` draws the window."""
    look = partial(bulk.check_again, process.desk(), bulk_id)
    window.put(_Open(look))


def show() -> None:
    """Draw this session's window, if it is this one. Call it once in each run of its pages."""
    if window.about(_Open):
        _ask()


@st.dialog("Reenviar CDA a varios", width="medium", on_dismiss=window.leave)
def _ask() -> None:
    opened = window.about(_Open)
    if opened is None:
        st.rerun()
    with shell.guarded():
        try:
            check = opened.check or _checked(opened)
        except AppError as error:
            _refused(error)
            return
        _draw(check)


def _checked(opened: _Open) -> Check:
    """Kept: the window's own reruns don't check again."""
    bar = st.progress(0.0, "Revisando los sistemas…")

    def show(fraction: float) -> None:
        bar.progress(fraction, "Revisando los sistemas…")

    check = opened.look(show, actor=shell.actor())
    window.put(replace(opened, check=check))
    bar.empty()
    return check


def _refused(error: AppError) -> None:
    if error.reason is Reason.SIGNED_OUT:
        raise error
    st.error(refusal(error), icon=":material/block:")
    if st.button("Cerrar", key="bulk.close"):
        window.close()


# ---- what the check found ------------------------------------------------------------------


def _draw(check: Check) -> None:
    accepting = _tally(check)
    if not check.going(accepting=accepting):
        _nothing(check)
        return
    manner = st.radio(
        "Cómo se envía",
        list(Manner),
        format_func=bulk_words.MANNER_NAMES.__getitem__,
        captions=[_mails(check.mails(each, accepting=accepting)) for each in Manner],
        key=f"bulk.{check.key}.manner",
    )
    _form(check, manner or Manner.PER_ACCOUNT, accepting=accepting)


def _tally(check: Check) -> bool:
    """How many go and how many don't, and why; whether those with warnings go too."""
    st.markdown(_selected(check))
    place = st.empty()
    accepting = bool(check.warned) and _warnings(check)
    held = check.held(accepting=accepting)
    shown = (
        ("green", "Salen", len(check.going(accepting=accepting)) - len(held)),
        ("orange", "Con aviso", 0 if accepting else len(check.warned)),
        ("blue", "Esperarán a un gerente", len(held)),
        ("gray", "No salen", len(check.left_out)),
    )
    place.markdown(" ".join(f":{colour}-badge[{name}: {n:,}]" for colour, name, n in shown if n))
    _listed("Los que esperarán a un gerente", held, [_asks(each) for each in held])
    _listed("Los que no salen", check.left_out, [_why(each) for each in check.left_out])
    return accepting


def _selected(check: Check) -> str:
    systems = written.count(len(check.systems), "sistema", "sistemas")
    accounts = len({each.account_no for each in check.systems if each.account_no})
    said = f"**{systems}** de {written.count(accounts, 'cuenta', 'cuentas')}"
    gone = written.count(check.gone, "renglón ya no existe", "renglones ya no existen")
    return f"{said} · {gone}" if check.gone else said


def _warnings(check: Check) -> bool:
    """What the policy only warns of, and whether those go in spite of it."""
    count = Counter(stop.rule for each in check.warned for stop in each.of(Mode.WARN))
    systems = written.count(len(check.warned), "sistema con aviso", "sistemas con aviso")
    accepting = st.checkbox(f"Enviar también {systems}", key=f"bulk.{check.key}.accepting")
    rules = (f"{stops.RULE_NAMES[rule]}: {number:,}" for rule, number in count.most_common())
    st.caption(f":material/gpp_maybe: {' · '.join(rules)}")
    return accepting


def _listed(title: str, systems: Sequence[Candidate], why: Sequence[tuple[str, str]]) -> None:
    """How many by what they have in common, and which they are."""
    if not systems:
        return
    with st.expander(title):
        common = Counter(short for short, _ in why).most_common()
        st.markdown("  \n".join(f"**{number:,}** · {escaped(short)}" for short, number in common))
        rows = [
            {
                "No. Serie": each.serial,
                "Sistema": f"{each.product} {each.version}".strip(),
                "Cliente": each.account_name,
                "Por qué": whole,
            }
            for each, (_, whole) in zip(systems[:_LISTED], why[:_LISTED], strict=True)
        ]
        st.dataframe(rows, hide_index=True, width="stretch")
        if len(systems) > _LISTED:
            st.caption(f"Se muestran los primeros {_LISTED:,}; el resultado los trae todos.")


def _why(candidate: Candidate) -> tuple[str, str]:
    """Of one that goes in no case: what it has in common with others, and its own sentence."""
    refused = candidate.refusal(tuple(stop.rule for stop in candidate.of(Mode.WARN)))
    return (bulk_words.short(refused), bulk_words.whole(refused)) if refused else ("", "")


def _asks(candidate: Candidate) -> tuple[str, str]:
    stop = candidate.of(Mode.ASK)[0]
    return stops.RULE_NAMES[stop.rule], stops.sentence(stop)


def _nothing(check: Check) -> None:
    sentence = refusal(AppError(Reason.NOTHING_TO_RESEND))
    if check.warned:
        sentence = "Solo quedan sistemas con avisos; marca la casilla si quieres enviarlos."
    st.info(sentence, icon=":material/block:")
    if st.button("Cerrar", key="bulk.close"):
        window.close()


# ---- confirming ----------------------------------------------------------------------------


def _form(check: Check, manner: Manner, *, accepting: bool) -> None:
    key = f"bulk.{check.key}"
    with st.form(key, border=False):
        reason = st.selectbox(
            "Motivo",
            check.policy.reasons,
            index=None,
            format_func=mail_words.motive,
            placeholder="Elige el motivo",
            key=f"{key}.reason",
        )
        ticket = offers.ticket(check.policy, f"{key}.ticket")
        left, right = st.columns(2)
        confirmed = left.form_submit_button(
            _label(check, manner, accepting=accepting),
            type="primary",
            icon=":material/forward_to_inbox:",
            width="stretch",
        )
        cancelled = right.form_submit_button("Cancelar", width="stretch")
    if cancelled:
        window.close()
    if confirmed and (started := _started(check, manner, reason or "", ticket, accepting)):
        window.leave()
        st.switch_page(PAGE, query_params={CHOSEN: started.id})


def _started(
    check: Check, manner: Manner, reason: str, ticket: str, accepting: bool
) -> Bulk | None:
    try:
        return bulk.start(
            process.desk(), shell.actor(), check, manner, reason, ticket, accepting=accepting
        )
    except AppError as error:
        if error.reason is Reason.SIGNED_OUT:
            raise
        st.error(refusal(error), icon=":material/block:")
        return None


def _label(check: Check, manner: Manner, *, accepting: bool) -> str:
    return f"Enviar {_mails(check.mails(manner, accepting=accepting))}"


def _mails(count: int) -> str:
    return written.count(count, "correo", "correos")
