"""`kilde check`: archive, store, index and state against each other; each finding names the command that mends it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from rich.console import Console

from index.writer import open_writer
from ingest.archiving.archive import Archived, archive_files
from ingest.archiving.gzip_members import members
from ingest.archiving.reading import file_bodies, read_archive
from ingest.identity import document_id
from kilde.errors import DamagedError, MissingError, UnfinishedError
from kilde.folder import DataFolder, IndexPlace
from kilde.model import AmountMention, DateMention, KommuneMention, Record
from kilde.runs import ERASURE, FORGETTING
from kilde.settings import Settings
from kilde.state import State
from kilde.store import Store
from kilde.tombstones import forgotten_digests, tombstones

RESTORE = "restore the file from a backup (`kilde restore`)"
REBUILD_STORE = "`kilde ingest --from-archive`"
REBUILD_INDEX = "`kilde index --rebuild`"
NEXT_RUN = "the next `kilde ingest`"
FOUND = 1
"""The exit code where something is wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: in which layer, what, and what mends it."""

    layer: str
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what was found."""

    files: int
    observations: int
    originals: int
    versions: int
    findings: tuple[Finding, ...]


def check_all(folder: DataFolder, *, quick: bool = False) -> Checked:
    """Check a data folder; reads every byte of it, with `quick` neither the archive's bodies nor the store's texts.

    Takes no lock: what a run adds meanwhile is not looked at.
    """
    findings: list[Finding] = []
    findings += check_state(folder.state)
    observations = originals = versions = 0
    files = archive_files(folder.archive)
    damaged = [finding for path in files for finding in check_file(path)] if not quick else []
    findings += damaged
    try:
        with Store(folder.store) as store:
            findings += check_database(folder.store, store.connection, "store", REBUILD_STORE)
            observations, against = check_archive(folder, store)
            findings += against
            if not quick:
                originals, bad = check_bodies(folder, store)
                findings += bad
                versions, wrong = check_versions(store)
                findings += wrong
            findings += check_index(folder.index, store)
    except (DamagedError, MissingError) as error:
        findings.append(Finding("store", str(error), REBUILD_STORE))
    return Checked(len(files), observations, originals, versions, tuple(dict.fromkeys(findings)))


def check_file(path: Path) -> Iterator[Finding]:
    """Every gzip member of an archive file: its checksum, its header, and that the file ends with a whole one.

    No checksum covers the header, but a writer gives all members the same: one that stands alone is damaged.
    """
    headers: Counter[bytes] = Counter()
    first: dict[bytes, int] = {}
    end, whole = 0, False
    with path.open("rb") as stream:
        for member in members(stream):
            headers[member.header] += 1
            first.setdefault(member.header, member.start)
            if not member.whole:
                yield damaged(path, member.start)
                return
            end, whole = member.end, member.ends_observation
    yield from (damaged(path, first[it]) for it, times in headers.items() if times == 1 < len(headers))
    if end and not whole:
        what = f"{path}: what stands before byte {end} is no whole observation"
        yield Finding("archive", what, NEXT_RUN)


def damaged(path: Path, start: int) -> Finding:
    """That a record is not as it was written."""
    return Finding("archive", f"{path}: the record at byte {start} is damaged", RESTORE)


def check_archive(folder: DataFolder, store: Store) -> tuple[int, list[Finding]]:
    """That the store knows every observation of the archive, and the archive every one of the store."""
    findings: list[Finding] = []
    left_out, unfinished = forgotten(folder)
    if unfinished:
        findings.append(Finding("state", "a `kilde forget` was cut short", NEXT_RUN))
    seen = 0
    places: set[tuple[str, int]] = set()
    try:
        for entry in read_archive(folder.archive):
            if not isinstance(entry, Archived):
                continue
            seen += 1
            it, place = entry.observation, (entry.place.file, entry.place.offset)
            id_ = document_id(it.source, it.locator)
            places.add(place)
            if left_out(id_, it.digest):
                continue
            if not store.has_observation(id_, it.digest, *place):
                what = f"{it.source}/{it.locator} of {it.observed} is archived and not in the store"
                findings.append(Finding("store", what, f"{NEXT_RUN}, else {REBUILD_STORE}"))
    except DamagedError as error:
        findings.append(Finding("archive", str(error), RESTORE))
        return seen, findings
    for document, file, place_ in store.observed_places():
        if (file, place_) not in places:
            what = f"the store has an observation of {document} in {file} at byte {place_} that the archive has not"
            findings.append(Finding("archive", what, NEXT_RUN if unfinished else f"{RESTORE}, else {REBUILD_STORE}"))
    return seen, findings


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


def check_bodies(folder: DataFolder, store: Store) -> tuple[int, list[Finding]]:
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
            findings.append(Finding("archive", str(error), RESTORE))
    for file, offset in expected:
        findings.append(Finding("archive", f"{folder.archive / file}: no original stands at byte {offset}", mend))
    return seen, findings


def check_versions(store: Store) -> tuple[int, list[Finding]]:
    """That every text has its sha-256, that records are stretches of it, and surfaces stand where mentions say."""
    findings, seen = [], 0
    for id_, digest in store.version_keys():
        seen += 1
        document = store.document(id_, digest)
        if document is None:
            continue
        right = hashlib.sha256(document.text.encode("utf-8")).hexdigest() == document.text_sha256
        if not (right and all(stands(record, document.text) for record in document.records)):
            what = f"version {digest[:12]}… of document {id_} is not as it was read"
            findings.append(Finding("store", what, REBUILD_STORE))
    return seen, findings


def stands(record: Record, text: str) -> bool:
    """Whether a record lies in a text, and each mention's surface where it says."""
    mentions: list[KommuneMention | DateMention | AmountMention] = [*record.kommuner, *record.dates, *record.amounts]
    inside = 0 <= record.start <= record.end <= len(text)
    return inside and all(record.text[it.start : it.end] == it.surface for it in mentions)


def check_index(place: IndexPlace, store: Store) -> list[Finding]:
    """That nothing of the index differs from what was written, and that it covers all of the store."""
    writer = open_writer(place)
    findings = [Finding("index", what.partition(": `")[0], REBUILD_INDEX) for what in writer.verify()]
    if not findings and writer.covers() < store.last_change():
        findings.append(Finding("index", "documents in the store are not in the index yet", "`kilde index`"))
    elif not findings and (differing := writer.differing(store)):
        findings.append(Finding("index", f"{len(differing):,} documents differ from the store", "`kilde index`"))
    return findings


def check_state(path: Path) -> list[Finding]:
    """That state.sqlite is whole."""
    if not path.exists():
        return []
    try:
        with State(path, readonly=True) as state:
            return check_database(path, state.connection, "state", "`kilde restore` from a backup")
    except UnfinishedError as error:
        return [Finding("state", str(error), NEXT_RUN)]
    except DamagedError as error:
        return [Finding("state", str(error), "`kilde restore` from a backup")]


def check_database(path: Path, connection: sqlite3.Connection, layer: str, mend: str) -> list[Finding]:
    """SQLite's own check of a file."""
    try:
        lines = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
    except sqlite3.DatabaseError as error:
        lines = [str(error)]
    return [] if lines == ["ok"] else [Finding(layer, f"{path}: {line}", mend) for line in lines]


@click.command()
@click.option("--quick", is_flag=True, help="Leave the bytes of originals and texts unread.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to print.")
@click.pass_obj
def check(settings: Settings, quick: bool, form: str) -> int:
    """Verify archive, store and index against each other; say what is wrong and which command mends it."""
    checked = check_all(settings.folder.require(), quick=quick)
    if form == "json":
        click.echo(json.dumps(asdict(checked), ensure_ascii=False))
    else:
        print_checked(checked)
    return FOUND if checked.findings else 0


def print_checked(checked: Checked) -> None:
    """What was looked at and what was found, for the eyes."""
    console = Console(soft_wrap=True, highlight=False)
    console.print(
        f"{checked.files} files of the archive, {checked.observations:,} observations, {checked.originals:,} originals,"
        f" {checked.versions:,} versions"
    )
    for finding in checked.findings:
        console.print(f"{finding.layer}: {finding.what}\n  mended by {finding.mend}", markup=False)
    console.print("all is as it should be" if not checked.findings else f"{len(checked.findings)} findings")
