"""A thread that looks after something beside the desk's pages, from its start to its end."""

import threading


class Beside:
    """What runs as `_run` in a thread called `name`, until `_stopping` is set. Started once."""

    def __init__(self, name: str) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End after the look in hand; one never started ends at once."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        raise NotImplementedError
