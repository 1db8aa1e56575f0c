"""One writer at a time: a lock on the data folder that dies with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from kilde.errors import LockedError


@contextmanager
def write_lock(data: Path, name: str = "lock") -> Iterator[None]:
    """Hold the lock of a data folder, or another one of this name; raises LockedError where another run holds it."""
    path = data / name
    with path.open("a+", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            stream.seek(0)
            holder = stream.read(200).strip() or "another run"
            raise LockedError(f"{holder} writes to {data}; try again when it is done") from error
        stream.seek(0)
        stream.truncate()
        stream.write(f"process {os.getpid()} (since {datetime.now(UTC):%Y-%m-%d %H:%M} UTC)")
        stream.flush()
        yield
