"""The desk as Home.py serves it, with two doors more: a program asks for resends, and for states.

`streamlit run tests/chaos/desk_app.py`. The worker, the lifespan and the service behind the first
door are the app's own. Only its waits, between two attempts or two looks, are shorter.
"""

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.model.outbox import Delivery
from lib.model.policy import Rule
from lib.model.roles import Role
from lib.services.outgoing import mail_watch, pace
from lib.services.outgoing.mail_watch import Rounds
from lib.services.resends import resending
from lib.settings import ROOT
from lib.ui import process, server, surface
from lib.ui.surface import Verdict, Way

AGENT = Actor("agente", "Agustina Agente", Role.AGENT)
# Seconds: a run would take hours otherwise.
pace._WAITS_S = (0.2, 0.4, 0.8, 1.6, 3.2)
pace._PROBES_S = (0.1, 0.2, 0.4, 0.8, 1.6)
mail_watch.Rounds = lambda: Rounds(doubted_s=0.5, fault_s=1.0)
surface.WAYS += (
    Way("/chaos/resend", frozenset({"POST"}), Verdict.ITSELF, "a program asks for resends"),
    Way("/chaos/states", frozenset({"GET"}), Verdict.ITSELF, "and for their states"),
)


async def _resend(request: Request) -> Response:
    """{"serial", "key"} → {"id"} of the mail, once it is durable; 409 and why when refused."""
    asked = await request.json()
    try:
        queued = await run_in_threadpool(_asked, asked["serial"], asked["key"])
    except AppError as error:
        return JSONResponse({"reason": error.reason.value}, status_code=409)
    return JSONResponse({"id": queued.id})


def _asked(serial: str, key: str) -> Delivery:
    return resending.resend(process.desk(), AGENT, serial, "other", "", key, tuple(Rule))


async def _states(_: Request) -> Response:
    """How many mails there are in each state."""
    question = "SELECT state, count(*) FROM ops.outbox GROUP BY state"
    return JSONResponse(dict(await run_in_threadpool(process.desk().store.rows, question)))


app = st.App(
    str(ROOT / "Home.py"),
    routes=[
        *server.ROUTES,
        Route("/chaos/resend", _resend, methods=["POST"]),
        Route("/chaos/states", _states),
    ],
    middleware=server.MIDDLEWARE,
    lifespan=server.lifespan,
    on_script_error=server.on_script_error,
)
