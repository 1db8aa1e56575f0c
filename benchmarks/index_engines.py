"""The engines that `benchmarks.index` compares, each building an index of the same records in a process of its own.

Kilde as it is, with one process or two; Whoosh as it comes, over Kilde's schema; SQLite FTS5; tantivy. Whoosh and
FTS5 get the tokens of Kilde's analyzer, whose work for a form is kept in a cache of the same size; tantivy analyses
the text itself. What an engine keeps besides is the same: what a hit shows. Kilde and Whoosh also keep the facets.
"""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import json
import os
import resource
import sqlite3
import string
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from threading import Event, Thread
from typing import Final

import tantivy
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from benchmarks.index_records import read_records
from index import analysis
from index.analysis import DANISH, Chain, read_keys
from index.fields import FIELDS, FieldType, pack, schema
from index.writer import open_writer
from kilde.entries import Entry

CACHED_FORMS: Final = 300_000
"""Forms whose keys are kept, as many as Kilde keeps while it builds."""
BATCH: Final = 2_000
_BODY, _HEADING, _TITLE = ("text", "heading", "title")


def kilde(records: Iterable[Entry], folder: Path, jobs: int = 1) -> None:
    """Kilde's own writer."""
    with open_writer(folder).session(rebuild=True, jobs=jobs) as session:
        for document, entries in groupby(records, attrgetter("document")):
            session.put(document, list(entries))
        session.commit(1)


def kilde_in_two(records: Iterable[Entry], folder: Path) -> None:
    """Kilde's own writer with two processes."""
    kilde(records, folder, jobs=2)


def whoosh(records: Iterable[Entry], folder: Path) -> None:
    """Whoosh's writer with its default memory, over the same schema."""
    folder.mkdir()
    analysis.DANISH = Chain(DANISH.forms, lru_cache(maxsize=CACHED_FORMS)(read_keys))
    with FileIndex.create(FileStorage(str(folder)), schema()).writer() as writer:
        for entry in records:
            values = {field.name: field.values(entry) for field in FIELDS}
            spans = {field.name: pack(values[field.name]) for field in FIELDS if field.type is FieldType.SPANS}
            writer.add_document(**values | spans)


class Fts5:
    """SQLite FTS5 over texts that are Kilde's keys with spaces between: one table with positions, one of plain forms.

    Both are without content of their own, since what a hit shows stands in a table of its own, as with Kilde.
    """

    def __init__(self, path: Path) -> None:
        letters = "".join(sign for sign in string.punctuation if sign != "_").replace("'", "''''")
        tokens = f"tokenize='ascii tokenchars ''{letters}'''"
        self.keys = Chain(DANISH.forms, lru_cache(maxsize=CACHED_FORMS)(_joined_keys))  # type: ignore[arg-type]
        self.connection = sqlite3.connect(path)
        self.connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "CREATE TABLE IF NOT EXISTS record (number INTEGER PRIMARY KEY, id TEXT, document TEXT, card TEXT);"
            f"CREATE VIRTUAL TABLE IF NOT EXISTS texts USING fts5 (body, heading, title, content='', {tokens});"
            f"CREATE VIRTUAL TABLE IF NOT EXISTS forms USING fts5 (exact, title_exact, content='', detail=none,"
            f" {tokens});"
        )

    def rows(self, entry: Entry) -> tuple[tuple[str, str, str], tuple[str, str]]:
        """The columns of the two tables for a record."""
        body, heading, title = (self.keys.all_keys(getattr(entry, name)) for name in (_BODY, _HEADING, _TITLE))
        texts = tuple(" ".join([keys for keys, _ in found]) for found in (body, heading, title))
        return texts, (" ".join([form for _, form in body]), " ".join([form for _, form in title]))  # type: ignore

    def add(self, entries: Iterable[Entry]) -> None:
        """Add records and commit."""
        with self.connection:
            for entry in entries:
                texts, forms = self.rows(entry)
                number = int(entry.id)
                self.connection.execute(
                    "INSERT INTO record VALUES (?, ?, ?, ?)", (number, entry.id, entry.document, _card(entry))
                )
                self.connection.execute(
                    "INSERT INTO texts (rowid, body, heading, title) VALUES (?, ?, ?, ?)", (number, *texts)
                )
                self.connection.execute(
                    "INSERT INTO forms (rowid, exact, title_exact) VALUES (?, ?, ?)", (number, *forms)
                )

    def replace(self, pairs: Iterable[tuple[Entry, Entry]]) -> None:
        """Put new records in the place of old ones, and commit."""
        with self.connection:
            execute = self.connection.execute
            for old, new in pairs:
                number = int(old.id)
                for table, before, after, columns in zip(
                    ("texts", "forms"), self.rows(old), self.rows(new), ("body, heading, title", "exact, title_exact"),
                    strict=True,
                ):  # fmt: skip
                    marks = ", ".join("?" * len(before))
                    insert = f"INSERT INTO {table} ({table}, rowid, {columns}) VALUES ('delete', ?, {marks})"
                    execute(insert, (number, *before))
                    execute(f"INSERT INTO {table} (rowid, {columns}) VALUES (?, {marks})", (number, *after))
                execute("UPDATE record SET card = ? WHERE number = ?", (_card(new), number))


def _joined_keys(form: str) -> tuple[str, str]:
    """All keys of a form with spaces between, and its forms as they stand."""
    found = read_keys(form)
    return " ".join(key for step in found.steps for key in step), " ".join(found.exact).replace("§ ", "§")


def _card(entry: Entry) -> str:
    return json.dumps(entry._replace(text="")._asdict())


def fts5(records: Iterable[Entry], folder: Path) -> None:
    """SQLite FTS5, committed every some thousand records."""
    folder.mkdir()
    table = Fts5(folder / "fts5.sqlite")
    for batch in _batches(records):
        table.add(batch)
    table.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    table.connection.close()


def tantivy_index(records: Iterable[Entry], folder: Path) -> None:
    """Tantivy with one thread, its own analyzer, and positions."""
    folder.mkdir()
    builder = tantivy.SchemaBuilder()
    for name in ("body", "heading", "title"):
        builder.add_text_field(name, stored=False, index_option="position")
    for name in ("id", "document"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("card", stored=True, tokenizer_name="raw", index_option="basic")
    writer = tantivy.Index(builder.build(), path=str(folder)).writer(heap_size=128_000_000, num_threads=1)
    for entry in records:
        found = {"body": entry.text, "heading": entry.heading, "title": entry.title, "id": entry.id}
        writer.add_document(tantivy.Document(**found, document=entry.document, card=_card(entry)[:60_000]))
    writer.commit()
    writer.wait_merging_threads()


ENGINES: Final[dict[str, Callable[[Iterable[Entry], Path], None]]] = {
    "kilde": kilde,
    "kilde in two processes": kilde_in_two,
    "fts5": fts5,
    "tantivy": tantivy_index,
    "whoosh": whoosh,
}


def _batches(records: Iterable[Entry]) -> Iterator[list[Entry]]:
    waiting = iter(records)
    while batch := list(islice(waiting, BATCH)):
        yield batch


class Watch:
    """Memory and processor time of this process and all its descendants together, looked at ten times a second."""

    def __init__(self) -> None:
        self.peak = 0
        self.ticks: dict[int, int] = {}
        self._before = _family(os.getpid())[os.getpid()]
        self._done = Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> tuple[float, float]:
        """Stop watching; the highest memory in MB, and the seconds of processor time."""
        self._done.set()
        self._thread.join()
        self._look()
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        return max(self.peak, own) / 1e6, (sum(self.ticks.values()) - self._before) / os.sysconf("SC_CLK_TCK")

    def _watch(self) -> None:
        while not self._done.wait(0.1):
            self._look()

    def _look(self) -> None:
        family = _family(os.getpid())
        self.ticks |= family
        self.peak = max(self.peak, sum(map(_memory, family)))


def _family(root: int) -> dict[int, int]:
    """A process and its descendants, each with the ticks of processor time that it has used."""
    parents, ticks = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(path.parent.name)
        parents[pid], ticks[pid] = int(fields[1]), int(fields[11]) + int(fields[12])
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return {pid: ticks[pid] for pid in found}


def _memory(pid: int) -> int:
    """What a process has for itself, and its part of what it shares."""
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(row.split()[1]) * 1024 for row in rows if row.startswith("Pss:"))


def main() -> None:
    """Build one index: `NAME RECORDS COUNT FOLDER`; prints seconds, peak memory and size as JSON."""
    name, records, count, folder = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    read_keys("indsats")
    watch = Watch()
    start = time.perf_counter()
    ENGINES[name](read_records(records, count), folder)
    seconds = time.perf_counter() - start
    peak, work = watch.stop()
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(json.dumps({"seconds": seconds, "processor": work, "peak": peak, "size": size / 1e6}))


if __name__ == "__main__":
    main()
