"""Backups: archive, state and store copied while runs go on, with the sha-256 of every file; and the way back.

The index is left out: it is made anew from the store. The store is copied before the archive, which only grows, so
the archive of a backup holds at least what its store knows.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

from index.build import rebuild_index
from index.writer import open_writer
from ingest.archiving.archive import archive_files, sync_folder
from ingest.archiving.gzip_members import RESTORE, whole_end
from kilde.check_archive import forgotten
from kilde.database import connect, keep_no_log
from kilde.errors import DamagedError, MissingError, UsageError
from kilde.folder import DataFolder
from kilde.forgetting import erase_again
from kilde.lock import RESTORING, write_lock
from kilde.runs import Options, take_out_forgotten
from kilde.state import State
from kilde.store import last_places
from kilde.store_writer import StoreWriter
from kilde.tombstones import copy_tombstones

MANIFEST = "backup.json"
STORE, STATE, RAW = "kilde.sqlite", "state.sqlite", "raw"


@dataclass(frozen=True, slots=True)
class Saved:
    """A file of a backup: its path below it, its size in bytes, its sha-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    made: str
    files: tuple[Saved, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(it.size for it in self.files)


def back_up(folder: DataFolder, into: Path) -> Backup:
    """Copy a data folder; `into` is made, or is an earlier backup, of which unchanged archive files are kept.

    A backup counts once its manifest is written; an interrupted one leaves the earlier manifest, and is made by
    calling this again.
    """
    folder.require()
    before = {it.path: it for it in read_manifest(into).files} if (into / MANIFEST).exists() else {}
    if into.exists() and not before and any(it.name != RAW for it in into.iterdir()):
        raise UsageError(f"{into} is there and is no backup of Kilde: name an empty folder, or one that is not there")
    require_whole(folder)
    (into / RAW).mkdir(parents=True, exist_ok=True)
    names = []
    for name, path in ((STORE, folder.store), (STATE, folder.state)):
        if path.exists():
            copy_database(path, into / name)
            names.append(name)
    for path in archive_files(folder.archive):
        copy_archive_file(path, into / RAW / path.name)
        names.append(f"{RAW}/{path.name}")
    for path in archive_files(into / RAW):
        if f"{RAW}/{path.name}" not in names:
            path.unlink()
    backup = Backup(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", tuple(saved(into, name) for name in names))
    write_manifest(into, backup)
    return backup


def require_whole(folder: DataFolder) -> None:
    """Raise DamagedError where the archive has not all that the store knows: no good copy is replaced by a damaged one.

    Reads every byte of the archive.
    """
    _, unfinished = forgotten(folder)
    # While an erasure is under way the archive is written anew before the store is: the places are those of before.
    ends = {} if unfinished else last_places(folder.store)
    files = archive_files(folder.archive)
    if gone := sorted(ends.keys() - {path.name for path in files}):
        raise DamagedError(f"{folder.archive / gone[0]} is gone; {RESTORE}")
    for path in files:
        whole_end(path, ends.get(path.name, -1) if ends else None)


def copy_database(path: Path, to: Path) -> None:
    """Copy a database as of one moment, whatever is written to it meanwhile."""
    part = to.with_name(to.name + ".part")
    part.unlink(missing_ok=True)
    remove_logs(part)  # of a copy that was cut short
    with closing(connect(path, "ro")) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
        keep_no_log(target, part)
    remove_logs(part)
    synced(part)
    part.replace(to)
    sync_folder(to.parent)


def remove_logs(path: Path) -> None:
    """Remove what SQLite keeps beside a database and may have left there."""
    for suffix in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def copy_archive_file(path: Path, to: Path) -> None:
    """Copy a file of the archive up to its last whole observation, unless the copy is the same already."""
    part = to.with_name(f".{to.name}.part")
    with path.open("rb") as source, part.open("wb") as target:
        shutil.copyfileobj(source, target)
    end = whole_end(part, -1)
    with part.open("r+b") as target:
        target.truncate(end)
    synced(part)
    part.replace(to)
    sync_folder(to.parent)


def restore(source: Path, folder: DataFolder, options: Options) -> Backup:
    """Make a data folder from a backup, and the index anew.

    What was forgotten since stays forgotten where the data folder still has its state. A data folder with an archive
    in it is never written over: move it away first. Raises DamagedError where a file of the backup is not as it was
    written; nothing is made then.
    """
    backup = read_manifest(source)
    for it in backup.files:
        if not (source / it.path).is_file() or saved(source, it.path) != it:
            raise DamagedError(f"{source / it.path} is not as it was written: use another backup")
    unfinished = folder.path / RESTORING
    if not unfinished.exists() and (archive_files(folder.archive) or folder.store.exists()):
        raise UsageError(f"{folder.path} holds an archive or a store already: move them away, or name another --data")
    folder.make()
    with write_lock(folder.path, restoring=True):
        unfinished.touch()
        sync_folder(folder.path)
        make_from(source, backup, folder, options)
        unfinished.unlink()
        sync_folder(folder.path)
    return backup


def make_from(source: Path, backup: Backup, folder: DataFolder, options: Options) -> None:
    """Make a data folder from a backup that is whole; may be called again after an interruption."""
    later = folder.state.with_name("state.before-restore.sqlite")
    if folder.state.exists() and not later.exists():
        copy_database(folder.state, later)
    open_writer(folder.index).discard()  # the changes that it covers are those of another store
    folder.archive.mkdir(exist_ok=True)
    for it in reversed(backup.files):
        put_back(source / it.path, folder.path / it.path)
    honour_tombstones(folder, later, options)
    if folder.store.exists() and options.index:
        with StoreWriter(folder.store) as store:
            rebuild_index(folder.index, store)


def put_back(path: Path, to: Path) -> None:
    """Copy a file into its place, at once."""
    part = to.with_name(f".{to.name}.part")
    shutil.copyfile(path, part)
    synced(part)
    remove_logs(to)
    part.replace(to)
    sync_folder(to.parent)


def honour_tombstones(folder: DataFolder, later: Path, options: Options) -> None:
    """Take out what was forgotten after the backup was made, and erase what was erased."""
    with State(folder.state) as state:
        if later.exists():
            with State(later) as other:
                copy_tombstones(state, other)
            later.unlink()
            remove_logs(later)
        if folder.store.exists():
            erase_again(folder, state, options)
            with StoreWriter(folder.store) as store:
                take_out_forgotten(folder, store, state)


def saved(folder: Path, name: str) -> Saved:
    """A file as the manifest has it."""
    path = folder / name
    with path.open("rb") as stream:
        return Saved(name, path.stat().st_size, file_digest(stream, "sha256").hexdigest())


def synced(path: Path) -> None:
    """Make a file survive a power cut."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def write_manifest(folder: Path, backup: Backup) -> None:
    """Write the manifest, at once."""
    part = folder / f"{MANIFEST}.part"
    part.write_text(json.dumps(asdict(backup), indent=1), "utf-8")
    synced(part)
    part.replace(folder / MANIFEST)
    sync_folder(folder)


def read_manifest(folder: Path) -> Backup:
    """The manifest of a backup; raises MissingError where there is none, DamagedError where it cannot be read."""
    path = folder / MANIFEST
    if not path.exists():
        raise MissingError(f"{folder} holds no backup of Kilde (no {MANIFEST})")
    try:
        values = json.loads(path.read_text("utf-8"))
        return Backup(values["made"], tuple(checked(files(values))))
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedError(f"{path} cannot be read: {error}; use another backup") from error


def files(values: dict[str, Sequence[dict[str, object]]]) -> Iterator[Saved]:
    """The files of a manifest."""
    for it in values["files"]:
        yield Saved(str(it["path"]), int(str(it["size"])), str(it["sha256"]))


def checked(found: Iterator[Saved]) -> Iterator[Saved]:
    """Files whose paths stay below the backup; ValueError for others."""
    for it in found:
        parts = Path(it.path).parts
        if it.path not in {STORE, STATE} and not (len(parts) == 2 and parts[0] == RAW and parts[1] != ".."):
            raise ValueError(f"{it.path!r} is no file of a backup")
        yield it
