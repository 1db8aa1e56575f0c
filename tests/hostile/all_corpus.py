"""The corpus in one list."""

from __future__ import annotations

from tests.hostile.archives import archives
from tests.hostile.corpus import Hostile
from tests.hostile.mails import mails
from tests.hostile.odd_files import odd_files
from tests.hostile.office import documents, sheets
from tests.hostile.pages import pages
from tests.hostile.pdfs import pdfs
from tests.hostile.texts import texts


def corpus(port: int = 9) -> list[Hostile]:
    """All hostile files; those that want to call somebody call a port of this machine."""
    return [*archives(), *pages(), *texts(), *mails(), *documents(port), *sheets(port), *pdfs(), *odd_files()]
