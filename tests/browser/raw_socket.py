"""Streamlit's WebSocket by hand: what an attacker's program can ask, and what it gets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from tests.browser.desk_server import DeskServer


@dataclass
class Heard:
    """What one script run sent."""

    messages: list[ForwardMsg] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything, as one text to search in."""
        return "\n".join(str(message) for message in self.messages)

    @property
    def labels(self) -> list[str]:
        """The labels of the text fields drawn."""
        elements = [m.delta.new_element for m in self.messages if m.WhichOneof("type") == "delta"]
        return [e.text_input.label for e in elements if e.WhichOneof("type") == "text_input"]

    @property
    def session(self) -> str:
        """Streamlit's own session id."""
        started = [m for m in self.messages if m.WhichOneof("type") == "new_session"]
        return started[0].new_session.initialize.session_id


def run_page(
    server: DeskServer, page: str = "", *, cookie: str = "", session: str = "", origin: str = ""
) -> Heard:
    """Connect, run the page `page` ("" is Inicio, else its file's stem) once, and hear it out.
    `origin`: the desk's own page, unless another's."""
    with Tab(server, cookie=cookie, session=session, origin=origin) as tab:
        return tab.open(page)


class Tab:
    """One WebSocket: opens pages and does what a browser could say was done there."""

    def __init__(
        self,
        server: DeskServer,
        *,
        cookie: str = "",
        session: str = "",
        origin: str = "",
        headers: Mapping[str, str] | None = None,
        **line: Any,
    ) -> None:
        """`line`: how to get there, as websockets' `connect` takes it."""
        own = {"Cookie": f"__Host-mesa={cookie}"} if cookie else {}
        self.heard = Heard()
        self._line = connect(
            f"{server.url.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=["streamlit", "xsrf", session] if session else ["streamlit"],  # type: ignore[list-item]
            additional_headers={**own, **(headers or {})},
            origin=origin or server.url,  # type: ignore[arg-type]
            max_size=None,
            open_timeout=20,
            **line,
        )

    def __enter__(self) -> "Tab":
        self.socket = self._line.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._line.__exit__(*error)

    def open(self, page: str) -> Heard:
        request = BackMsg()
        request.rerun_script.page_name = page
        self.heard = self.say(request)
        return self.heard

    def press(self, label: str, typed: dict[str, str] | None = None) -> Heard:
        """Press the button of this label that the open page drew, having typed into its fields."""
        button = next(m for m in self._drawn("button") if m.delta.new_element.button.label == label)
        request = self._act(button.delta.fragment_id)
        for message in self._drawn("text_input"):
            field = message.delta.new_element.text_input
            if typed and field.label in typed:
                state = request.rerun_script.widget_states.widgets.add()
                state.id, state.string_value = field.id, typed[field.label]
        state = request.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = button.delta.new_element.button.id, True
        return self.say(request)

    def upload_and_press(self, label: str, name: str, size: int, file_id: str) -> Heard:
        """Say that the page's uploader holds a file, then press the button that this draws."""
        uploader = self._drawn("file_uploader")[0]
        request = self._act(uploader.delta.fragment_id)
        state = request.rerun_script.widget_states.widgets.add()
        state.id = uploader.delta.new_element.file_uploader.id
        file = state.file_uploader_state_value.uploaded_file_info.add()
        file.file_id, file.name, file.size = file_id, name, size
        file.file_urls.file_id = file_id
        self.heard = self.say(request)
        return self.press(label)

    def download_paths(self) -> list[str]:
        """Where the open page's download buttons lead."""
        return [m.delta.new_element.download_button.url for m in self._drawn("download_button")]

    def ask_grid(self, view: dict[str, object]) -> Heard:
        """Ask the open page's grid, which is a fragment, for other rows."""
        grid = next(m for m in self._drawn("bidi_component") if _is_grid(m))
        drawn = grid.delta.new_element.bidi_component
        request = self._act(grid.delta.fragment_id)
        state = request.rerun_script.widget_states.widgets.add()
        opened = json.loads(drawn.json)["opened"]
        state.id, state.json_value = drawn.id, json.dumps({"view": {**view, "opened": opened}})
        return self.say(request)

    def say(self, request: BackMsg) -> Heard:
        """Send it, and hear the run that it causes out, with those that this begins anew."""
        self.socket.send(request.SerializeToString())
        heard = Heard()
        while not heard.messages or not _over(heard.messages[-1]):
            message = ForwardMsg()
            message.ParseFromString(self.socket.recv(timeout=20, decode=False))
            heard.messages.append(message)
        return heard

    def _act(self, fragment: str) -> BackMsg:
        shown = next(m for m in self.heard.messages if m.WhichOneof("type") == "navigation")
        request = BackMsg()
        request.rerun_script.page_script_hash = shown.navigation.page_script_hash
        request.rerun_script.fragment_id = fragment
        return request

    def _drawn(self, kind: str) -> list[ForwardMsg]:
        deltas = [m for m in self.heard.messages if m.WhichOneof("type") == "delta"]
        return [m for m in deltas if m.delta.new_element.WhichOneof("type") == kind]


def _is_grid(message: ForwardMsg) -> bool:
    return message.delta.new_element.bidi_component.component_name == "mesa_grid"


def _over(message: ForwardMsg) -> bool:
    ended = message.WhichOneof("type") == "script_finished"
    return ended and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
