"""A bounded store of decoded arrays: the least recently used go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Protocol, TypeVar


class Sized(Protocol):
    """Something that says how much memory its arrays take."""

    @property
    def nbytes(self) -> int:
        """Bytes."""


_Kept = TypeVar("_Kept", bound=Sized)

_OVERHEAD = 300
"""Bytes that an entry takes besides its arrays."""


class Cache:
    """Holds at most `limit` bytes. Several threads may share it; two may work out the same value at once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._held: OrderedDict[Hashable, Sized] = OrderedDict()
        self._lock = Lock()

    def allow(self, limit: int) -> None:
        """Hold at most so many bytes from now on."""
        self._limit = limit

    @property
    def size(self) -> int:
        """Bytes held now."""
        return self._size

    def get(self, key: Hashable, read: Callable[[], _Kept]) -> _Kept:
        """The value of a key, read if it is not held. A key always has values of one type."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]  # type: ignore[return-value]
        value = read()
        with self._lock:
            if key not in self._held:
                self._held[key] = value
                self._size += value.nbytes + _OVERHEAD
            while self._size > self._limit and len(self._held) > 1:
                _, oldest = self._held.popitem(last=False)
                self._size -= oldest.nbytes + _OVERHEAD
        return value
