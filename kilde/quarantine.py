"""What is archived and could not be read, and what could not even be archived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.identity import document_id
from kilde.errors import MissingError
from kilde.folder import DataFolder
from kilde.state import State
from kilde.store import Store


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `digest` is None for what could not be archived."""

    document: str
    source: str
    locator: str
    code: str
    detail: str
    digest: str | None
    dropped: bool


def entries(folder: DataFolder, *, dropped: bool) -> list[Entry]:
    """The entries of a data folder; those that were dropped only where they are asked for."""
    with Store(folder.store) as store, State(folder.state) as state:
        decided = state.dropped()
        found = [
            Entry(
                it.document, it.source, it.locator, it.code, it.detail, it.digest, (it.document, it.digest) in decided
            )
            for it in store.quarantined()
        ]
        found += [
            Entry(document_id(it.source, it.locator), it.source, it.locator, it.code, it.detail, None, False)
            for it in state.unreadable()
        ]
    return [it for it in found if dropped or not it.dropped]


def pick(found: Sequence[Entry], id_: str) -> Entry:
    """The entry of an id or the beginning of one; raises MissingError."""
    fitting = [it for it in found if it.document.startswith(id_.lower())]
    if len(fitting) != 1:
        raise MissingError(f"{len(fitting)} entries have an id that begins with {id_!r}; `kilde quarantine list`")
    return fitting[0]
