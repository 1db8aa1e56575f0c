"""The archive's part of `kilde check`: every byte of it, and whether the store knows what it holds.

What an interrupted run has left behind the last whole observation was never acknowledged: it is no damage, and the next
run cuts it off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path

from ingest.archiving.archive import Archived, Place, archive_files
from ingest.archiving.gzip_members import members, whole_end
from ingest.archiving.reading import file_bodies, read_archive
from ingest.identity import document_id
from kilde.errors import DamagedError
from kilde.findings import NEXT_RUN, REBUILD_STORE, RESTORE, Finding
from kilde.folder import DataFolder
from kilde.model import Observation
from kilde.runs import ERASURE, FORGETTING
from kilde.state import State
from kilde.store import Store, known_end
from kilde.tombstones import forgotten_digests, tombstones


def torn_tail(folder: DataFolder) -> Place | None:
    """Where begins what an interrupted run, or one that is under way, has left behind the last whole observation.

    None where the archive ends with a whole one, and where what is not whole was acknowledged: that is damage.
    """
    files = archive_files(folder.archive)
    if not files:
        return None
    path, known = files[-1], known_end(folder.store)
    try:
        acknowledged = None if known is None else known[1] if known[0] == path.name else -1
        end = whole_end(path, acknowledged, max(acknowledged or 0, 0))
    except DamagedError:
        return None
    return Place(path.name, end) if end < path.stat().st_size else None


def check_file(path: Path, tail: Place | None) -> Iterator[Finding]:
    """Every gzip member of an archive file: its checksum and its header; and that the file ends with a whole one.

    No checksum covers the header, but a writer gives all members the same: one that stands alone is damaged.
    """
    headers: Counter[bytes] = Counter()
    first: dict[bytes, int] = {}
    end = tail.offset if tail is not None and tail.file == path.name else path.stat().st_size
    with path.open("rb") as stream:
        for member in takewhile(lambda it: it.start < end, members(stream)):
            if not member.whole:
                yield damaged(path, member.start)
                return
            headers[member.header] += 1
            first.setdefault(member.header, member.start)
    yield from (damaged(path, first[it]) for it, times in headers.items() if times == 1 < len(headers))


def damaged(path: Path, start: int) -> Finding:
    """That a record is not as it was written."""
    return Finding("archive", f"{path}: the record at byte {start} is damaged", RESTORE)


def check_archive(folder: DataFolder, store: Store, tail: Place | None) -> tuple[int, list[Finding]]:
    """That the store knows every observation of the archive, and the archive every one of the store."""
    findings: list[Finding] = []
    if tail is not None:
        what = f"{folder.archive / tail.file}: what stands behind byte {tail.offset} is no whole observation"
        findings.append(Finding("archive", what, NEXT_RUN))
    left_out, unfinished = forgotten(folder)
    if unfinished:
        findings.append(Finding("state", "a `kilde forget` was cut short", NEXT_RUN))
    places: set[tuple[str, int]] = set()
    try:
        for it, place in archived(folder):
            id_ = document_id(it.source, it.locator)
            places.add(place)
            if not left_out(id_, it.digest) and not store.has_observation(id_, it.digest, *place):
                what = f"{it.source}/{it.locator} of {it.observed} is archived and not in the store"
                findings.append(Finding("store", what, f"{NEXT_RUN}, else {REBUILD_STORE}"))
    except DamagedError as error:
        if tail is None:
            return len(places), [*findings, Finding("archive", str(error), RESTORE)]
    for document, file, place_ in store.observed_places():
        if (file, place_) not in places:
            what = f"the store has an observation of {document} in {file} at byte {place_} that the archive has not"
            findings.append(Finding("archive", what, NEXT_RUN if unfinished else f"{RESTORE}, else {REBUILD_STORE}"))
    return len(places), findings


def archived(folder: DataFolder) -> Iterator[tuple[Observation, tuple[str, int]]]:
    """All observations, and where they stand."""
    for entry in read_archive(folder.archive):
        if isinstance(entry, Archived):
            yield entry.observation, (entry.place.file, entry.place.offset)


def forgotten(folder: DataFolder) -> tuple[Callable[[str, str], bool], bool]:
    """Whether an observation belongs to what `kilde forget` took out; and whether that is still to be finished."""
    if not folder.state.exists():
        return lambda _, __: False, False
    try:
        with State(folder.state, readonly=True) as state:
            documents, digests = {it.document for it in tombstones(state)}, forgotten_digests(state)
            unfinished = any(state.pending(it) is not None for it in (FORGETTING, ERASURE))
    except DamagedError:
        return lambda _, __: False, False
    return lambda document, digest: document in documents or digest in digests, unfinished


def check_bodies(folder: DataFolder, store: Store, tail: Place | None) -> tuple[int, list[Finding]]:
    """That the bytes of every original have its sha-256: one pass over the archive, in its order.

    While an erasure is under way the archive is written anew before the store is: the places are those of before.
    """
    expected = {(it.file, it.place): it.digest for it in store.originals() if not it.part}
    _, unfinished = forgotten(folder)
    mend = NEXT_RUN if unfinished else RESTORE
    findings, seen = [], 0
    for path in archive_files(folder.archive):
        try:
            for offset, digest in file_bodies(path):
                seen += 1
                wanted = expected.pop((path.name, offset), digest)
                if wanted != digest:
                    what = f"{path}: the original at byte {offset} does not have the sha-256 {wanted[:12]}…"
                    findings.append(Finding("archive", what, mend))
        except DamagedError as error:
            if tail is None or tail.file != path.name:
                findings.append(Finding("archive", str(error), RESTORE))
    for file, offset in expected:
        findings.append(Finding("archive", f"{folder.archive / file}: no original stands at byte {offset}", mend))
    return seen, findings
