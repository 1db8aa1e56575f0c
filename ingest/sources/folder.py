"""Files and folders of this machine: each file once, in the order of its name, read only when its turn comes."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from errno import ELOOP
from functools import lru_cache
from pathlib import Path

from ingest.formats import LARGEST, media_type_of
from ingest.sources.seen import Seen, Unseen
from kilde.errors import MissingError
from kilde.model import Observation

LOCAL = "local"
TRIES = 2
"""Reads of a file that changes meanwhile."""


@dataclass(frozen=True, slots=True)
class Target:
    """A file to read: its place, and the names it goes by."""

    path: str
    source: str
    locator: str
    named: bool = True
    """Named by a person, so that a link is followed; a link found in a folder is not."""


def find_targets(paths: Sequence[Path], source: str | None) -> list[Target]:
    """The files that paths stand for, folders with all that is below them, each once.

    Raises MissingError for a path that is not there. Names that begin with a dot are left out: they are the system's,
    not a publisher's.
    """
    targets: dict[tuple[str, str], Target] = {}
    for path in paths:
        if not path.exists():
            raise MissingError(f"there is no file or folder {path}")
        within = path.is_dir()
        folder = path.resolve() if within else path.absolute().parent.resolve()
        name = source or folder.name or LOCAL
        for locator in sorted(walk(path)) if within else [path.name]:
            file = f"{path}/{locator}" if within else str(path)
            targets.setdefault((name, locator), Target(file, name, locator, named=not within))
    return list(targets.values())


def walk(folder: Path) -> Iterator[str]:
    """The files below a folder, as paths from it; links to folders are not followed, so that no loop can be walked."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = os.path.relpath(root, folder)
        prefix = "" if below == os.curdir else below.replace(os.sep, "/") + "/"
        yield from (prefix + name for name in names if not name.startswith("."))


def see(target: Target, *, now: datetime, published: str | None = None) -> Seen | Unseen:
    """Read a file; what cannot be read is told, not raised."""
    source, locator = target.source, target.locator
    try:
        body = read_regular(target.path, follow=target.named)
    except ValueError as error:
        return Unseen(source, locator, "not_a_file", str(error))
    except BlockingIOError:
        return Unseen(source, locator, "changing", "the file is being written; ingest it again when it is done")
    except OSError as error:
        if error.errno == ELOOP:
            return Unseen(source, locator, "symbolic_link", "a link, not a file; ingest what it leads to")
        detail = f"{error.strerror or error}; mend its permissions and ingest it again"
        return Unseen(source, locator, "unreadable_file", detail)
    if len(body) > LARGEST:
        return Unseen(source, locator, "too_large_to_archive", f"larger than {LARGEST:,} bytes; split it")
    observation = Observation(
        source=source,
        locator=locator,
        digest=hashlib.sha256(body).hexdigest(),
        size=len(body),
        media_type=media_type_of(locator),
        observed=utc_text(now),
        published=published,
    )
    return Seen(observation, body)


@lru_cache(maxsize=1)
def utc_text(now: datetime) -> str:
    """A moment as observations have it."""
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def read_regular(path: Path | str, *, follow: bool = True) -> bytes:
    """The bytes of a regular file, one more than LARGEST at most; raises ValueError for devices, pipes and the like.

    Raises BlockingIOError where the file changes while it is read, twice; OSError for a link unless `follow`.
    """
    for _ in range(TRIES):
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW))
        try:
            before = os.fstat(handle)
            if not stat.S_ISREG(before.st_mode):
                raise ValueError("not a regular file")
            body = read_all(handle, before.st_size)
            after = os.fstat(handle)
        finally:
            os.close(handle)
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
            return body
    raise BlockingIOError(f"{path} changes while it is read")


def read_all(handle: int, size: int) -> bytes:
    """All bytes of an open file, one more than LARGEST at most; one call for a file that has the size it says."""
    body = os.read(handle, min(size, LARGEST) + 1)
    if len(body) == size:
        return body
    with os.fdopen(os.dup(handle), "rb") as stream:
        return body + stream.read(LARGEST + 1 - len(body))
