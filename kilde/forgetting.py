"""Documents taken out: of store and index at once, and of the archive where that is asked for.

What is left is a tombstone in state.sqlite, so that no run, rebuild or restored backup brings them back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ingest.archiving.archive import Place
from ingest.archiving.erasing import Erased
from ingest.readings import read_original
from kilde.errors import MissingError, UsageError
from kilde.folder import DataFolder
from kilde.lock import write_lock
from kilde.runs import FORGETTING, Options, Run, finish_forgetting, open_run
from kilde.state import State
from kilde.store import Store
from kilde.store_tables import Known
from kilde.tombstones import Stone, Tombstone


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
            keep_shared(run, shared)
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


def keep_shared(run: Run, shared: dict[str, list[str]]) -> None:
    """Archive bytes that other documents have too once more, for the first of those."""
    for digest, others in shared.items():
        found, original = run.store.archived(others[0], digest), run.store.original(digest)
        if found is None or original is None or run.store.known(others[0]) is None:
            continue
        body = read_original(run.folder.archive, Place(original.file, original.place, original.part), digest)
        run.archive.append(found[0], body, None)
    run.archive.sync()
