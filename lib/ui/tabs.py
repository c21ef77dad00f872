"""Whose each tab is. Streamlit calls a tab a session and knows it by an id that is no secret
enough: who knows it may upload into it and fetch what was made for it.
"""

import threading
from collections import OrderedDict

from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

_MOST = 20_000  # tabs remembered: more than a desk ever has open

_lock = threading.Lock()
_owners: OrderedDict[str, str] = OrderedDict()


def belongs_to(session: str) -> None:
    """The tab that runs now is of this session (its public id); "": of nobody."""
    context = get_script_run_ctx()
    if context is None:
        return
    with _lock:
        _owners.pop(context.session_id, None)
        if session:
            _owners[context.session_id] = session
        while len(_owners) > _MOST:
            _owners.popitem(last=False)


def owner(tab: str) -> str:
    """The session that a tab is of; "" when of nobody's."""
    with _lock:
        return _owners.get(tab, "")


def uploaded(tab: str) -> tuple[int, int]:
    """How many files a tab holds, and how many bytes all tabs do."""
    kept = runtime.get_instance().uploaded_file_mgr
    if not isinstance(kept, MemoryUploadedFileManager):
        return 0, 0
    by_tab = {name: list(files.values()) for name, files in list(kept.file_storage.items())}
    return len(by_tab.get(tab, [])), sum(len(f.data) for fs in by_tab.values() for f in fs)


def has_file(session: str, file_id: str) -> bool:
    """Whether this file was made for one of the session's tabs."""
    with _lock:
        own = {tab for tab, of in _owners.items() if of == session}
    made = runtime.get_instance().media_file_mgr._files_by_session_and_coord
    return any(file_id in made.get(tab, {}).values() for tab in own)
