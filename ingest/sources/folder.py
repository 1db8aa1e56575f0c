"""Files and folders of this machine: each file once, in the order of its name, read only when its turn comes."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.formats import LARGEST, media_type_of
from ingest.sources.seen import Seen, Unseen
from kilde.errors import MissingError
from kilde.model import Observation

LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Target:
    """A file to read: its place, and the names it goes by."""

    path: Path
    source: str
    locator: str


def find_targets(paths: Sequence[Path], source: str | None) -> list[Target]:
    """The files that paths stand for, folders with all that is below them, each once.

    Raises MissingError for a path that is not there. Names that begin with a dot are left out: they are the system's,
    not a publisher's.
    """
    targets: dict[tuple[str, str], Target] = {}
    for path in paths:
        if not path.exists():
            raise MissingError(f"there is no file or folder {path}")
        folder = path.resolve() if path.is_dir() else path.absolute().parent.resolve()
        name = source or folder.name or LOCAL
        for file in sorted(walk(path)) if path.is_dir() else [path]:
            locator = file.relative_to(path).as_posix() if path.is_dir() else path.name
            targets.setdefault((name, locator), Target(file, name, locator))
    return list(targets.values())


def walk(folder: Path) -> Iterator[Path]:
    """The files below a folder; links to folders are not followed, so that no loop can be walked."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(root) / name for name in names if not name.startswith("."))


def see(target: Target, *, now: datetime, published: str | None = None) -> Seen | Unseen:
    """Read a file; what cannot be read is told, not raised."""
    try:
        body = read_regular(target.path)
    except ValueError as error:
        return Unseen(target.source, target.locator, "not_a_file", str(error))
    except OSError as error:
        return Unseen(
            target.source,
            target.locator,
            "unreadable_file",
            f"{error.strerror or error}; mend its permissions and ingest it again",
        )
    if len(body) > LARGEST:
        detail = f"larger than {LARGEST:,} bytes; split it"
        return Unseen(target.source, target.locator, "too_large_to_archive", detail)
    observation = Observation(
        source=target.source,
        locator=target.locator,
        digest=hashlib.sha256(body).hexdigest(),
        size=len(body),
        media_type=media_type_of(target.locator),
        observed=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        published=published,
    )
    return Seen(observation, body)


def read_regular(path: Path) -> bytes:
    """The bytes of a regular file, one more than LARGEST at most; raises ValueError for devices, pipes and the like."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise ValueError("not a regular file")
        return stream.read(LARGEST + 1)
