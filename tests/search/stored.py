"""Documents in a data folder, with store and index, for tests of what stands on both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kilde.folder import DataFolder
from kilde.model import Document, Observation
from kilde.store_writer import StoreWriter
from tests.index.builders import writer

OBSERVED = "2026-01-31T23:30:00Z"
"""Half past midnight on the first of February in Denmark."""


def stored(path: Path, documents: Sequence[Document], segments: int = 1) -> DataFolder:
    """A data folder with these documents, the later version of one id current; the index in so many commits."""
    folder = DataFolder(path)
    folder.make()
    with StoreWriter(folder.store) as store:
        for number, document in enumerate(documents):
            place = ("kilde-00001.warc.gz", number)
            seen = Observation(
                document.source, document.locator, document.version, len(document.text), "text/plain", OBSERVED,
                url=document.url,
            )  # fmt: skip
            store.add_observation(document.id, seen, place, (*place, ()))
            store.add_version(document)
            store.make_current(document.id, document.version)
            store.reach(place)
        store.commit()
        change = store.change()
    index = writer(folder.index)
    current = list({document.id: document for document in documents}.values())
    parts = [current[number::segments] for number in range(segments)]
    index.rebuild(parts[0], change)
    for part in parts[1:]:
        index.update(part, (), change)
    return folder
