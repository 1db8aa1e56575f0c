"""`kilde check`: archive, store, index and state against each other; each finding names the command that mends it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from rich.console import Console

from index.writer import open_writer
from ingest.archiving.archive import archive_files
from kilde.check_archive import check_archive, check_bodies, check_file, torn_tail
from kilde.errors import DamagedError, MissingError, UnfinishedError
from kilde.findings import NEXT_RUN, REBUILD_INDEX, REBUILD_STORE, Finding
from kilde.folder import DataFolder, IndexPlace
from kilde.model import AmountMention, DateMention, KommuneMention, Record
from kilde.settings import Settings
from kilde.state import State
from kilde.store import Store
from search.listing import counted

FOUND = 1
"""The exit code where something is wrong."""


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
    tail = torn_tail(folder)
    findings += [finding for path in files for finding in check_file(path, tail)] if not quick else []
    try:
        with Store(folder.store) as store:
            findings += check_database(folder.store, store.connection, "store", REBUILD_STORE)
            observations, against = check_archive(folder, store, tail)
            findings += against
            if not quick:
                originals, bad = check_bodies(folder, store, tail)
                findings += bad
                versions, wrong = check_versions(store)
                findings += wrong
            findings += check_index(folder.index, store)
    except (DamagedError, MissingError) as error:
        findings.append(Finding("store", str(error), REBUILD_STORE))
    return Checked(len(files), observations, originals, versions, tuple(dict.fromkeys(findings)))


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
        f"{counted(checked.files, 'file')} of the archive, {counted(checked.observations, 'observation')},"
        f" {counted(checked.originals, 'original')}, {counted(checked.versions, 'version')}"
    )
    for finding in checked.findings:
        console.print(f"{finding.layer}: {finding.what}\n  mended by {finding.mend}", markup=False)
    console.print("all is as it should be" if not checked.findings else counted(len(checked.findings), "finding"))
