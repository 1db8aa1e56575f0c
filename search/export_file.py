"""Files that are there whole or not at all: written under another name, synced, and renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from kilde.errors import KildeError, MissingError, UsageError


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """A file to write, which gets its name when the block ends well, and vanishes when it does not.

    KildeError where the disk is full or refuses; what stood under the name before is then as it was.
    """
    check_target(target)
    part = target.with_name(f".{target.name}.{token_hex(4)}.part")
    try:
        with part.open("xb") as stream:
            yield stream
            sync(stream)
        part.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise KildeError(f"cannot write {target}: {error.strerror or error}; nothing of it was kept") from error
    finally:
        part.unlink(missing_ok=True)


def check_target(target: Path) -> None:
    """Raise an error for a name that no file can have."""
    if not target.parent.is_dir():
        raise MissingError(f"there is no folder {target.parent} to write {target.name} in; make it first")
    if target.exists() and not target.is_file():
        raise UsageError(f"{target} is no file that could be replaced; name another")


def sync(stream: BinaryIO) -> None:
    """Everything written so far is on the disk."""
    stream.flush()
    os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
