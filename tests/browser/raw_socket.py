"""Streamlit's WebSocket by hand: what an attacker's program can ask, and what it gets."""

from dataclasses import dataclass, field

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
    """Connect, run the page `page` ("" is Inicio, else its file's stem) once, and hear it out."""
    headers = {"Cookie": f"__Host-mesa={cookie}"} if cookie else {}
    protocols = ["streamlit", "xsrf", session] if session else ["streamlit"]
    heard = Heard()
    with connect(
        f"ws://{server.host}/_stcore/stream",
        subprotocols=protocols,  # type: ignore[arg-type]
        additional_headers=headers,
        origin=origin or None,  # type: ignore[arg-type]
        max_size=None,
        open_timeout=20,
    ) as socket:
        request = BackMsg()
        request.rerun_script.page_name = page
        socket.send(request.SerializeToString())
        while not heard.messages or heard.messages[-1].WhichOneof("type") != "script_finished":
            message = ForwardMsg()
            message.ParseFromString(socket.recv(timeout=20, decode=False))
            heard.messages.append(message)
    return heard
