"""A data folder made by runs in this process, for tests of what is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from ingest.report import Report
from ingest.sources.folder import find_targets
from kilde import runs
from kilde.folder import DataFolder
from kilde.settings import Settings, load_settings
from kilde.store import Store

LETTER = (
    "Nyt om broer {month} 2021\n\nBroen ved fjorden\n\n{name} Kommune har fået {n} mio. kr. til en bro den {n}. maj"
    " 2021. Den bliver lang.\n\nNye veje\n\nVejle Kommune søger 200.000 kr. til veje inden den 1. juni 2021.\n"
)
MONTHS = ("januar", "februar", "marts", "april", "maj", "juni")
NAMES = ("Esbjerg", "Varde", "Aabenraa", "Tønder", "Kolding", "Haderslev")


def letter(number: int) -> str:
    """A newsletter of two items."""
    return LETTER.format(month=MONTHS[number % 6], name=NAMES[number % 6], n=number % 27 + 2)


def mail_with_attachment(text: str, name: str, attached: str) -> bytes:
    """A mail of plain text with one attachment."""
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Nyt om broer", "Broselskabet <post@example.dk>"
    mail["Date"], mail["Message-ID"] = "Mon, 10 May 2021 09:00:00 +0200", "<bro@example.dk>"
    mail.set_content(text)
    mail.add_attachment(attached, filename=name)
    return mail.as_bytes()


@dataclass(frozen=True, slots=True)
class Kept:
    """A data folder, and the folder of files that it was made from."""

    data: DataFolder
    files: Path

    def write(self, name: str, text: str | bytes) -> None:
        """Write one file."""
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))

    def ingest(self, *, index: bool = True) -> Report:
        """Ingest the folder of files."""
        options = runs.Options(1, index)
        return runs.ingest(self.data, find_targets([self.files], None), options, lambda _: None)[0]

    def store(self) -> Store:
        """The store, open for reading."""
        return Store(self.data.store)

    def id_of(self, locator: str) -> str:
        """The id of a document by its locator."""
        with self.store() as store:
            return next(it.id for it in store.known_of("breve") if it.locator == locator)

    def settings(self, **given: Any) -> Settings:
        """Settings with sources."""
        return load_settings(None, {"data": self.data.path, "jobs": 1, **given}, {})

    def contents(self) -> str:
        """All current documents with their records, as text, to compare."""
        with self.store() as store:
            ids = [id_ for id_, _ in store.changed()]
            found = [repr(store.document(id_)) for id_ in sorted(ids)]
            known = [repr(store.known(id_)) for id_ in sorted(ids)]
        return json.dumps([found, known])


def kept_folder(path: Path, letters: int = 3) -> Kept:
    """A data folder of a few newsletters; the source is called breve."""
    kept = Kept(DataFolder(path / "data"), path / "breve")
    for number in range(letters):
        kept.write(f"2021/{number:02}.txt", letter(number))
    kept.ingest()
    return kept
