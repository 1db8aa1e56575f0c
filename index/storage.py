"""The folder of the index: which generation is current, what its files should be, and who may write.

`current` names the sub-folder that is read; a rebuild makes another and swaps the name. Within a sub-folder a commit
counts when its table of contents gets its name. Before that the segments it names and its manifest, which has the
sizes and digests of all files of the commit, are on disk under their names; so whatever is cut off, the last commit
is whole. Pointer and manifest carry digests of themselves. Anything that does not fit is a DamagedError that names
the command that mends it; the index is derived, and can always be made anew.
"""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from index.fields import fingerprint
from kilde.errors import DamagedError, LockedError, MissingError

INDEX_NAME = "MAIN"
REBUILD = "`kilde index --rebuild` makes it anew"
_POINTER = "current"
_GENERATION = re.compile("g[0-9]{6}")
_TOC = re.compile(r"_MAIN_([0-9]{1,9})\.toc")
_LARGEST_POINTER = 128


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a commit left: a number that grows with every commit, the store's change it covers, records and files.

    `toc` is Whoosh's own number of the commit; `files` has the size and sha-256 of each file.
    """

    generation: int
    toc: int
    change: int
    records: int
    fingerprint: str
    files: dict[str, tuple[int, str]]


class _Storage(FileStorage):
    """Whoosh's storage, where a table of contents gets its name only after everything else is on disk."""

    def __init__(self, folder: Path, note: dict[str, Any]) -> None:
        super().__init__(str(folder))
        self._folder = folder
        self._note = note

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Write the manifest, then rename the table of contents."""
        path = self._folder / oldname
        size, digest = path.stat().st_size, _synced_digest(path)
        files = self._note["files"] | {newname: (size, digest)}
        manifest = _manifest_name(self._note["toc"])
        _write(self._folder / manifest, _signed(json.dumps(self._note | {"files": files}, sort_keys=True)))
        sync_folder(self._folder)
        super().rename_file(oldname, newname, safe)
        sync_folder(self._folder)


def commit(generation: Path, schema: Any, segments: Sequence[Any], note: dict[str, Any]) -> Manifest:
    """Make some segments, whose files are synced, the content of a sub-folder; `note` goes into the manifest.

    The commit counts, and is on disk, when this returns. What fails before leaves the last commit as it was.
    """
    toc = newest_toc(generation) + 1
    before = _newest_manifest(generation)
    files = {}
    for segment in segments:
        name = segment.make_filename(segment.COMPOUND_EXT)
        files[name] = before.files[name] if before and name in before.files else _size_and_digest(generation / name)
    records = sum(segment.doc_count_all() - segment.deleted_count() for segment in segments)
    full = note | {"toc": toc, "records": records, "fingerprint": fingerprint(), "files": files}
    TOC(schema, list(segments), toc).write(_Storage(generation, full), INDEX_NAME)
    return manifest(generation)


def segments_of(generation: Path) -> list[Any]:
    """Whoosh's descriptions of the segments of the newest commit."""
    return list(TOC.read(FileStorage(str(generation)), INDEX_NAME).segments)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the index's lock. LockedError when another writer has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise LockedError(f"another run is writing the index in {folder}") from None
        yield


def current(folder: Path) -> Path:
    """The sub-folder that is read. MissingError when there is no index, DamagedError when the pointer leads nowhere."""
    name = _pointed(folder)
    if name is None:
        raise MissingError(f"no index in {folder}: {REBUILD}")
    if not _GENERATION.fullmatch(name) or not (folder / name).is_dir():
        raise DamagedError(f"{folder / _POINTER} names no generation of the index: {REBUILD}")
    return folder / name


def new_generation(folder: Path) -> Path:
    """An empty sub-folder for a rebuild."""
    numbers = [int(name[1:]) for name in _generations(folder)]
    path = folder / f"g{max(numbers, default=0) + 1:06}"
    path.mkdir(parents=True)
    return path


def swap(folder: Path, generation: Path) -> None:
    """Make a finished generation the one that is read, at once and for good."""
    sync_folder(generation)
    sync_folder(folder)
    _write(folder / _POINTER, _signed(generation.name))
    sync_folder(folder)


def discard_unless_current(folder: Path, generation: Path) -> None:
    """Remove a generation that never came to be the one that is read."""
    if _pointed(folder) != generation.name:
        shutil.rmtree(generation, ignore_errors=True)


def tidy(folder: Path) -> None:
    """Remove other generations than the current one, and what broken writes left. Readers keep what they have open.

    Where the pointer leads nowhere nothing is removed.
    """
    keep = _pointed(folder) or ""
    if not _GENERATION.fullmatch(keep) or not (folder / keep).is_dir():
        return
    for name in _generations(folder):
        if name != keep:
            shutil.rmtree(folder / name, ignore_errors=True)
    _tidy_generation(folder / keep)


def superseded(folder: Path) -> list[Path]:
    """The generations beside the current one: what `tidy` could not remove."""
    return [folder / name for name in _generations(folder) if name != _pointed(folder)]


def manifest(generation: Path) -> Manifest:
    """The manifest of the newest commit in a sub-folder, its files checked for size.

    DamagedError: no commit, no manifest or an unreadable one, files missing or of another size, another fingerprint.
    """
    toc = newest_toc(generation)
    if toc < 0:
        raise DamagedError(f"the index in {generation} has no table of contents: {REBUILD}")
    found = _read_manifest(generation / _manifest_name(toc))
    if found is None:
        raise DamagedError(f"the index in {generation} has no readable manifest: {REBUILD}")
    if found.fingerprint != fingerprint():
        raise DamagedError(f"the index in {generation} was made by another version of Kilde: {REBUILD}")
    for name, (size, _) in found.files.items():
        path = generation / name
        actual = path.stat().st_size if path.exists() else None
        if actual != size:
            state = "is missing" if actual is None else f"has {actual} bytes where {size} were written"
            raise DamagedError(f"{path} {state}: {REBUILD}")
    return found


def verify(folder: Path) -> tuple[str, ...]:
    """What is wrong with the current index, file by file and byte by byte; nothing when it is as it was written."""
    try:
        generation = current(folder)
        files = manifest(generation).files
    except (MissingError, DamagedError) as error:
        return (str(error),)
    wrong = (name for name, expected in files.items() if _size_and_digest(generation / name) != expected)
    return tuple(f"{generation / name} is not as it was written: {REBUILD}" for name in wrong)


def newest_toc(generation: Path) -> int:
    """Whoosh's number of the newest commit; -1 where there is none."""
    found = (_TOC.fullmatch(name) for name in os.listdir(generation))  # noqa: PTH208 - names only, hot path
    return max((int(match[1]) for match in found if match), default=-1)


def _pointed(folder: Path) -> str | None:
    """What the pointer says, None where there is no pointer, nothing where it is not as it was written."""
    try:
        with (folder / _POINTER).open("rb") as file:
            return _unsigned(file.read(_LARGEST_POINTER)) or ""
    except FileNotFoundError:
        return None


def _newest_manifest(generation: Path) -> Manifest | None:
    toc = newest_toc(generation)
    return _read_manifest(generation / _manifest_name(toc)) if toc >= 0 else None


def _manifest_name(toc: int) -> str:
    return f"manifest-{toc}.json"


def _read_manifest(path: Path) -> Manifest | None:
    try:
        content = json.loads(_unsigned(path.read_bytes()) or "")
        files = {str(name): (int(size), str(digest)) for name, (size, digest) in content.pop("files").items()}
        return Manifest(files=files, **content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _generations(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if _GENERATION.fullmatch(path.name))


def _tidy_generation(generation: Path) -> None:
    """Remove what the newest commit does not name. Nothing is removed where its manifest cannot be read."""
    found = _newest_manifest(generation)
    if found is None:
        return
    kept = {*found.files, _manifest_name(found.toc)}
    for path in generation.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name not in kept:
            path.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _signed(text: str) -> str:
    """A line of text, and its digest on a second one."""
    return f"{text}\n{sha256(text.encode()).hexdigest()}\n"


def _unsigned(data: bytes) -> str | None:
    """The line of text, None where anything is not as `_signed` wrote it."""
    text = data.decode("utf-8", "replace").split("\n", 1)[0]
    return text if _signed(text).encode() == data else None


def _synced_digest(path: Path) -> str:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        return file_digest(file, "sha256").hexdigest()


def _size_and_digest(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return os.fstat(file.fileno()).st_size, file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Let the names in a folder be on disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
