"""Documents taken out: of store and index at once, and of the archive where that is asked for.

What is left is a tombstone in state.sqlite, so that no run, rebuild or restored backup brings them back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ingest.archiving.archive import ArchiveWriter, Place
from ingest.archiving.erasing import Erased
from ingest.readings import read_original
from kilde.errors import MissingError, UsageError
from kilde.folder import DataFolder
from kilde.lock import write_lock
from kilde.runs import ERASURE, FORGETTING, Options, Run, finish_forgetting, open_run
from kilde.state import State
from kilde.store import Store
from kilde.store_tables import Known
from kilde.store_writer import StoreWriter
from kilde.tombstones import Stone, Tombstone, tombstones


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was taken out: documents with the parts that came in them, and the files of the archive written anew."""

    documents: tuple[str, ...]
    shared: tuple[str, ...]
    """Other documents that have the same bytes and stay."""
    erased: tuple[Erased, ...]


def forget(folder: DataFolder, id_: str, reason: str | None, *, erased: bool, options: Options) -> Forgotten:
    """Take a document out of every derived layer, and with `erased` out of the archive.

    Raises MissingError for an id that nothing has, UsageError for the erasure of a part alone.
    """
    with open_run(folder.require(), "forget", options.jobs, lambda _: None) as run:
        known = find_document(run.store, id_)
        if erased and known.parent:
            raise UsageError(f"{known.id} came inside of {known.parent}: erase that one, its bytes hold this one")
        documents = [known.id, *run.store.parts(known.id)]
        own, shared = digests_of(run.store, documents)
        if erased:
            keep_shared(run.store, run.archive, shared)
        # From this commit on they are forgotten: a run that is cut short leaves the rest to the next.
        run.state.set_pending(
            FORGETTING, {"erase": erased, "stones": [asdict(it) for it in stones_of(run, own, reason)]}
        )
    with write_lock(folder.path), State(folder.state) as state:
        files = finish_forgetting(folder, state, options)
    return Forgotten(tuple(documents), tuple(sorted({it for ids in shared.values() for it in ids})), tuple(files))


def find_document(store: Store, id_: str) -> Known:
    """The document that an id, or the beginning of one, stands for."""
    found = sorted({document for document, record in store.find(id_) if not record})
    if len(found) != 1:
        what = "more than one document has an id that begins so" if found else "no document has this id"
        raise MissingError(f"{id_!r}: {what}; `kilde search` shows the ids of documents")
    known = store.known(found[0])
    if known is None:
        raise MissingError(f"no document has the id {id_!r}")
    return known


def digests_of(store: Store, documents: Sequence[str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The digests that each document has alone, and those that others have too, with these others."""
    own: dict[str, list[str]] = {document: [] for document in documents}
    shared: dict[str, list[str]] = {}
    for document in documents:
        for digest in store.digests(document):
            others = store.sharers(digest, documents)
            if others:
                shared[digest] = others
            else:
                own[document].append(digest)
    return own, shared


def stones_of(run: Run, own: dict[str, list[str]], reason: str | None) -> list[Stone]:
    """The tombstones of documents, each with the digests of its own and the ids of its records."""
    found = [(known, digests) for id_, digests in own.items() if (known := run.store.known(id_)) is not None]
    return [
        Stone(
            Tombstone(known.id, known.source, known.locator, run.now(), reason, None),
            tuple(digests),
            tuple(records_of(run.store, known.id)),
        )
        for known, digests in found
    ]


def records_of(store: Store, document: str) -> list[str]:
    """The ids of the records of all versions of a document."""
    found = store.connection.execute("SELECT DISTINCT id FROM record WHERE document = ? ORDER BY id", (document,))
    return [row[0] for row in found]


def keep_shared(store: Store, archive: ArchiveWriter, shared: dict[str, list[str]]) -> None:
    """Archive bytes that other documents have too once more, for the first of those."""
    for digest, others in shared.items():
        found, original = store.archived(others[0], digest), store.original(digest)
        if found is None or original is None or store.known(others[0]) is None:
            continue
        body = read_original(archive.folder, Place(original.file, original.place, original.part), digest)
        archive.append(found[0], body, None)
    archive.sync()


def erase_again(folder: DataFolder, state: State, options: Options) -> None:
    """Erase what a restored backup has brought back of documents that were erased since it was made."""
    with StoreWriter(folder.store) as store:
        erased = [it.document for it in tombstones(state) if it.erased and is_there(store, it.document)]
        if not erased:
            return
        end = store.archive_end()
        with ArchiveWriter(folder.archive, acknowledged=Place(*end) if end else None) as archive:
            keep_shared(store, archive, digests_of(store, erased)[1])
    state.set_pending(ERASURE, erased)
    finish_forgetting(folder, state, options)


def is_there(store: Store, document: str) -> bool:
    """Whether a store knows a document that was not forgotten."""
    known = store.known(document)
    return known is not None and not known.forgotten
