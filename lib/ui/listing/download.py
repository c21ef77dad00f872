"""The way out for an export: /exportar/<ticket>, once, for the session that asked for it."""

from collections.abc import Iterator
from typing import Protocol

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from lib.model.actor import Actor
from lib.model.audit_export import Bundled
from lib.model.errors import AppError, Reason
from lib.model.report import Paper
from lib.model.sheet import Format
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.imports import error_download, original_download
from lib.services.imports.original_download import Raw
from lib.services.log import auditing, report_files
from lib.services.records import exporting
from lib.services.records.exporting import Download
from lib.services.resends import bulk_results
from lib.ui import messages, process
from lib.ui.identity import COOKIE, address_of

PATH = "/exportar/"
RESULTS_PATH = "/exportar/resultado/"
REPORTS_PATH = "/exportar/resumen/"
AUDIT_PATH = "/exportar/auditor/"
ORIGINALS_PATH = "/exportar/original/"
ERRORS_PATH = "/exportar/errores/"
STALLED_S = 60.0  # a browser that takes nothing for so long has gone: it holds what is being read


class Take(Protocol):
    """A service's way to open what a ticket stands for."""

    def __call__(self, desk: Desk, ticket: str, *, actor: Actor) -> Download: ...


_NO_STORE = {"Cache-Control": "no-store"}
_TYPES: dict[str, str] = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Paper.PDF: "application/pdf",
    Bundled.ZIP: "application/zip",
    Raw.FILE: "application/octet-stream",
}
_STATUSES = {
    Reason.SIGNED_OUT: 401,
    Reason.FORBIDDEN: 403,
    Reason.NOTHING_TO_EXPORT: 404,
    Reason.UNKNOWN_BULK: 404,
    Reason.UNKNOWN_BATCH: 404,
    Reason.FILE_NOT_KEPT: 404,
    Reason.EXPORT_GONE: 410,
    Reason.STALE_PREVIEW: 410,
    Reason.EXPORT_RUNNING: 429,
    Reason.EXPORTS_BUSY: 429,
}


async def export(request: Request) -> Response:
    """The rows of a list, or the sentence that says why there are none."""
    return await _file(request, exporting.take)


async def result(request: Request) -> Response:
    """What became of a resend to many."""
    return await _file(request, bulk_results.take)


async def report(request: Request) -> Response:
    """A period's figures, as Tablero shows them."""
    return await _file(request, report_files.take)


async def original(request: Request) -> Response:
    """The file that an import came from."""
    return await _file(request, original_download.take)


async def errors(request: Request) -> Response:
    """The rows that an import left out, or would."""
    return await _file(request, error_download.take)


async def audit(request: Request) -> Response:
    """The log, for an auditor."""
    return await _file(request, auditing.take)


async def _file(request: Request, take: Take) -> Response:
    """A HEAD would use the ticket up."""
    if request.method != "GET":
        return Response(status_code=405)
    try:
        return _File(await run_in_threadpool(_taken, request, take))
    except AppError as error:
        status = _STATUSES.get(error.reason, 503)
        return PlainTextResponse(messages.sentence(error), status, _NO_STORE)


def _taken(request: Request, take: Take) -> Download:
    cookie, address = request.cookies.get(COOKIE, ""), address_of(request)
    person = access.actor_of_cookie(process.desk(), cookie, address)
    if person is None:
        raise AppError(Reason.SIGNED_OUT)
    return take(process.desk(), request.path_params["ticket"], actor=person)


class _File(Response):
    """Sent as it is made. What breaks on the way breaks the connection, so that no browser takes
    half a file for a whole one.
    """

    def __init__(self, download: Download) -> None:
        self._download = download
        self._gone = False
        self.status_code = 200
        self.background = None
        self.init_headers(
            {
                **_NO_STORE,
                "Content-Type": _TYPES[download.form],
                "Content-Disposition": f'attachment; filename="{download.name}"',
                "Content-Encoding": "identity",  # else the server compresses it between two answers
            }
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        problem: Exception | None = None
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._stop_when_gone, receive)
                try:
                    await self._send(send)
                except (AppError, TimeoutError) as error:
                    problem = error
                group.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                await self._close()
        if problem and not self._gone:
            raise problem  # the server closes the connection in the middle of the file

    async def _send(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        pieces = iter(self._download)
        while piece := await run_in_threadpool(_next, pieces):
            with anyio.fail_after(STALLED_S):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await self._close()  # before the browser has it all, and its person may want the next
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _close(self) -> None:
        await run_in_threadpool(self._download.close)

    async def _stop_when_gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        self._download.stop()


def _next(pieces: Iterator[bytes]) -> bytes:
    return next(pieces, b"")
