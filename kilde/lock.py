"""One writer at a time: a lock on the data folder that dies with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from kilde.errors import DamagedError, LockedError

RESTORING = "restore.unfinished"
"""A file in the data folder while it is made from a backup: until that is done nothing else may write."""


@contextmanager
def write_lock(data: Path, name: str = "lock", *, restoring: bool = False) -> Iterator[None]:
    """Hold the lock of a data folder, or another one of this name; raises LockedError where another run holds it.

    DamagedError where the folder is half restored, unless it is for the restoring.
    """
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
        if name == "lock" and not restoring and (data / RESTORING).exists():
            raise DamagedError(f"a `kilde restore` into {data} was cut short: give the same command again")
        yield
