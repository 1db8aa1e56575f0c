"""What is done once for all commands of a `Nursery`: tables of words and places are loaded when first used.

The process that readers are born from imports this module, and so reads a document of each of two formats.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import kilde
from ingest.reading import read_document
from ingest.sources.folder import find_targets
from kilde import runs
from kilde.folder import DataFolder
from tests.conftest import observation
from tests.kilde.kept import letter

PAGE = "<html><body><main><h1>Nyt om broer</h1><p>Varde Kommune, den 1. maj 2021.</p></main></body></html>"


def warm_readers() -> None:
    """Read documents in this process."""
    for locator, media_type, text in (("a.txt", "text/plain", letter(0)), ("a.html", "text/html", PAGE)):
        body = text.encode()
        read_document(body, observation(body, locator, media_type=media_type))


def warm_writers() -> None:
    """Ingest a document and search for it, in this process."""
    with TemporaryDirectory(prefix="kilde-warm-") as folder:
        letters = Path(folder) / "breve"
        letters.mkdir()
        (letters / "a.txt").write_text(letter(0), "utf-8")
        data = DataFolder(Path(folder) / "data")
        runs.ingest(data, find_targets([letters], None), runs.Options(1), lambda _: None)
        with closing(kilde.open(data.path)) as opened:
            assert opened.search("broer").total


warm_readers()
