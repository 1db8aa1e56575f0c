"""What a data folder holds, as text that can be compared: all that must not depend on whether a run was cut short.

Left out are times, the numbers of runs and changes, and offsets in the archive.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

import kilde
from ingest.archiving.archive import Archived, archive_files
from ingest.archiving.reading import read_archive
from kilde.check import check_all
from kilde.errors import KildeError
from kilde.folder import DataFolder
from kilde.state import State
from kilde.store import Store

FACETS = ("kommune", "year", "kind", "source", "publisher")
STATE_ROWS = {
    "unreadable": "source, locator, code",
    "fetched": "source, locator, etag, last_modified",
    "listing": "key",
    "tombstone": "document, source, locator, erased IS NOT NULL",
    "tombstone_digest": "digest, document",
    "dropped": "document, digest",
    "pending": "what",
    "saved_search": "name, question",
    "saved_hit": "name, record",
}
"""The rows of state.sqlite that count; which runs there were does not."""
LEFTOVER = re.compile(r"\.part$|^tmp|^runs-|before-restore")


@dataclass(slots=True)
class Look:
    """What was seen. Every line of `things` is one thing that is there."""

    findings: list[dict[str, str]]
    """What `kilde check` finds."""
    things: list[str]
    hits: list[str] | str
    """The records that a search for everything finds, with the facets; in words why it fails where it does."""
    leftovers: list[str] = field(default_factory=list)
    """Files of runs that were cut short."""


def look(data: Path) -> Look:
    """Look at a data folder; nothing is changed but that SQLite reads its log."""
    folder = DataFolder(data)
    findings = [asdict(it) for it in check_all(folder).findings]
    things = [*archive_things(folder), *store_things(folder), *state_things(folder), *report_things(folder)]
    return Look(findings, things, hits_of(data), leftovers(folder))


def archive_things(folder: DataFolder) -> Iterator[str]:
    """The observations of the archive, in their order within a locator; twice where they stand there twice."""
    try:
        found = []
        for entry in read_archive(folder.archive):
            if isinstance(entry, Archived):
                it = entry.observation
                found.append(f"archive {it.source} {it.locator} {it.digest} {it.publisher} {it.published} {it.hints}")
            else:
                found.append(f"archive {entry.departed.source} {entry.departed.locator} gone")
        yield from sorted(found)
    except KildeError as error:
        yield f"archive cannot be read: {error}"


def store_things(folder: DataFolder) -> Iterator[str]:
    """Documents with all versions, records and mentions; the counts."""
    try:
        with Store(folder.store) as store:
            documents = sorted(id_ for id_, _ in store.changed())
            for id_ in documents:
                known = store.known(id_)
                assert known is not None
                yield f"document {id_} {known.source} {known.locator} {known.version} {known.gone is not None}" + (
                    f" {known.parent} {known.forgotten} {store.digests(id_)}"
                )
            for id_, digest in store.version_keys():
                yield f"version {store.document(id_, digest)}"
            for entry in store.quarantined():
                yield f"quarantined {entry.source} {entry.locator} {entry.code} {entry.rules}"
            counts = asdict(store.counts())
            yield f"counts {json.dumps(counts, sort_keys=True)}"
    except KildeError as error:
        yield f"store cannot be read: {error}"


def state_things(folder: DataFolder) -> Iterator[str]:
    """What runs and people decided, and the tables that it stands in."""
    if not folder.state.exists():
        return
    try:
        with State(folder.state, readonly=True) as state:
            tables = state.connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY sql")
            yield from (f"state {' '.join(row[0].split())}" for row in tables.fetchall())
            for table, columns in STATE_ROWS.items():
                rows = state.connection.execute(f"SELECT {columns} FROM {table}").fetchall()
                yield from sorted(f"state {table} {row}" for row in rows)
            sources = "SELECT DISTINCT source, failing FROM source_run r WHERE run = (SELECT max(run) FROM source_run"
            rows = state.connection.execute(f"{sources} WHERE source = r.source)").fetchall()
            yield from sorted(f"state visited {row}" for row in rows)
            yield f"state version {state.connection.execute('PRAGMA user_version').fetchone()[0]}"
    except KildeError as error:
        yield f"state cannot be read: {error}"


def report_things(folder: DataFolder) -> Iterator[str]:
    """Whether there is a report of a night, and that every one that has its name can be read."""
    reports = sorted(folder.runs.glob("*/report.json")) if folder.runs.is_dir() else []
    for path in reports:
        json.loads(path.read_text("utf-8"))
    yield f"reports {bool(reports)}"


def hits_of(data: Path) -> list[str] | str:
    """All records that a search finds, and its facets."""
    try:
        with closing(kilde.open(data)) as opened:
            found = opened.search("", sort="newest", facets=FACETS)
            facets = [f"{name} {values}" for name, values in sorted(found.facets.items())]
            return [*sorted(f"{hit.id} {hit.document} {hit.version} {hit.heading}" for hit in found), *facets]
    except KildeError as error:
        return str(error)


def leftovers(folder: DataFolder) -> list[str]:
    """Files and folders that no finished run leaves behind, but for the index before the current one.

    That is left to those who read it, with whatever a run that was cut short had begun in it; the next run removes it.
    """
    index = folder.path / "index"
    *older, _ = sorted(index.glob("g*")) or [index]
    found = [it for it in folder.path.rglob("*") if LEFTOVER.search(it.name) and not set(older[-1:]) & set(it.parents)]
    empty = [it for it in folder.runs.glob("*") if not any(it.iterdir())]
    return sorted(str(it.relative_to(folder.path)) for it in [*found, *empty, *older[:-1]])


def holds_bytes(data: Path, words: bytes) -> list[str]:
    """The files of a folder that hold some bytes, also where they are packed in the archive."""
    found = [it for it in data.rglob("*") if it.is_file() and words in it.read_bytes()]
    packed = [it for it in archive_files(data / "raw") if any(words in body for body in unpacked(it))]
    return sorted(str(it.relative_to(data)) for it in {*found, *packed})


def unpacked(path: Path) -> Iterator[bytes]:
    """The content of an archive file, member by member."""
    with gzip.open(path) as stream:
        yield stream.read()


def main() -> int:
    """Print what the data folder named on the command line holds, as JSON."""
    print(json.dumps(asdict(look(Path(sys.argv[1])))))
    return 0
