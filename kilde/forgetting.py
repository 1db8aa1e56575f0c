"""Documents taken out: of store and index at once, and of the archive where that is asked for.

What is left is a tombstone in state.sqlite, so that no run, rebuild or restored backup brings them back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.build import rebuild_index
from ingest.archive import Place
from ingest.erasing import Erased
from ingest.readings import read_original
from kilde.errors import MissingError, UsageError
from kilde.fetched import forget_fetched
from kilde.folder import DataFolder
from kilde.lock import write_lock
from kilde.runs import ERASURE, Options, Run, finish_erasure, open_run
from kilde.state import State
from kilde.store import Store
from kilde.store_tables import Known
from kilde.tombstones import Tombstone, add_tombstone


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
        shared = bury(run, documents, reason)
        run.store.forget(documents)
        run.store.commit()
        rebuild_index(folder.index, run.store)
        run.store.scrub()
        if erased:
            keep_shared(run, shared)
            run.state.set_pending(ERASURE, documents)
    files: list[Erased] = []
    if erased:
        with write_lock(folder.path), State(folder.state) as state:
            files = finish_erasure(folder, state, options)
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


def bury(run: Run, documents: Sequence[str], reason: str | None) -> dict[str, list[str]]:
    """Write the tombstones; returns the digests that other documents share, with those."""
    shared: dict[str, list[str]] = {}
    for document in documents:
        known = run.store.known(document)
        if known is None:
            continue
        own = []
        for digest in run.store.digests(document):
            others = run.store.sharers(digest, documents)
            if others:
                shared[digest] = others
            else:
                own.append(digest)
        stone = Tombstone(document, known.source, known.locator, run.now(), reason, None)
        add_tombstone(run.state, stone, own)
        forget_fetched(run.state, known.source, known.locator)
        run.state.clear_unreadable(known.source, known.locator)
    return shared


def keep_shared(run: Run, shared: dict[str, list[str]]) -> None:
    """Archive bytes that other documents have too once more, for the first of those."""
    for digest, others in shared.items():
        found, original = run.store.archived(others[0], digest), run.store.original(digest)
        if found is None or original is None or run.store.known(others[0]) is None:
            continue
        body = read_original(run.folder.archive, Place(original.file, original.place, original.part), digest)
        run.archive.append(found[0], body, None)
    run.archive.sync()
