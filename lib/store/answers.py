"""Answers kept for as long as nothing they were read from has changed."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Rows = list[tuple[Any, ...]]
T = TypeVar("T")

_LONG = 1_000  # bytes
_MANY = 200  # values of a list: their text is longer


class Answers(Generic[T]):
    """`most` of them, of `most_size` together, as `size` tells one's; the least recently used go
    first. The caller's key says what an answer depends on. Safe from several threads."""

    def __init__(self, most: int, most_size: int, size: Callable[[T], int]) -> None:
        self._most = most
        self._most_size = most_size
        self._size_of = size
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._size = 0

    def get(self, key: Hashable, read: Callable[[], T]) -> T:
        """What is kept under `key`, else what `read` gives. It is shared: never change it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        answer = read()
        with self._lock:
            self._keep(key, answer)
        return answer

    def _keep(self, key: Hashable, answer: T) -> None:
        if key in self._kept:
            return
        self._kept[key] = answer
        self._size += self._size_of(answer)
        while self._size > self._most_size or len(self._kept) > self._most:
            _, dropped = self._kept.popitem(last=False)
            self._size -= self._size_of(dropped)


def short(value: Any) -> Any:
    """A value as a key: of a long one only its hash, or every kept answer kept it too."""
    if isinstance(value, tuple) and len(value) > _MANY:
        value = repr(value).encode()
    if isinstance(value, bytes) and len(value) > _LONG:
        return hashlib.blake2b(value, digest_size=16).digest()
    return value
