"""A PDF's pages, read one by one by PDFium: their words, what is drawn on them, and what cannot be read of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.readers.pdf_words import Frame, Word, WordReader, characters
from kilde.errors import UnreadableError

MOST_PAGES = 2000
MOST_CHARACTERS = 200_000
"""Characters of one page that are read; a page of a newspaper has 20,000."""
MOST_OBJECTS = 20_000
"""Drawn objects of one page that are looked at."""
RULE_WIDTH = 3.0
RULE_LENGTH = 15.0


@dataclass(frozen=True, slots=True)
class Page:
    """What was found on a page."""

    number: int
    """From 1."""
    width: float
    height: float
    words: tuple[Word, ...]
    turned: str
    """Text that does not stand upright, in the order of the file."""
    rules: int
    """Drawn lines and boxes that could be a table's."""
    drawings: int
    images: int
    letters: int
    unmapped: int
    """Characters that the file's fonts do not translate to Unicode."""
    cut: bool = False
    """There is more text on the page than is read."""


def open_pdf(body: bytes) -> pypdfium2.PdfDocument:
    """The document; raises UnreadableError (encrypted_pdf, damaged_pdf, too_many_pages)."""
    try:
        document = pypdfium2.PdfDocument(body)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise UnreadableError("encrypted_pdf", "the PDF needs a password; save it without one") from error
        raise UnreadableError("damaged_pdf", f"no readable PDF ({error})") from error
    if not 0 < pages <= MOST_PAGES:
        document.close()
        if pages == 0:
            raise UnreadableError("damaged_pdf", "the PDF has no pages")
        raise UnreadableError("too_many_pages", f"{pages:,} pages; Kilde reads at most {MOST_PAGES:,}: split the file")
    return document


def read_pages(document: pypdfium2.PdfDocument) -> Iterator[Page]:
    """The pages one by one; a page that PDFium cannot load is an empty one."""
    for index in range(len(document)):
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            yield Page(index + 1, 0, 0, (), "", 0, 0, 0, 0, 0)
            continue
        try:
            yield read_page(page, index + 1)
        finally:
            page.close()


def read_page(page: pypdfium2.PdfPage, number: int) -> Page:
    """One page."""
    frame = Frame.of(page)
    rules, drawings, images = count_objects(page)
    try:
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return Page(number, frame.width, frame.height, (), "", rules, drawings, images, 0, 0)
    try:
        count = textpage.count_chars()
        reader = WordReader(textpage.raw, frame)
        for character in characters(textpage.raw, frame, min(count, MOST_CHARACTERS)):
            reader.add(character)
        reader.end_word()
    finally:
        textpage.close()
    return Page(
        number, frame.width, frame.height, tuple(reader.words), " ".join("".join(reader.turned).split()),
        rules, drawings, images, reader.letters, reader.unmapped, count > MOST_CHARACTERS,
    )  # fmt: skip


def count_objects(page: pypdfium2.PdfPage) -> tuple[int, int, int]:
    """Rules, drawn objects and images of a page; groups of objects are looked into once."""
    rules = drawings = images = 0
    for item in islice(page.get_objects(max_depth=2), MOST_OBJECTS):
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            images += 1
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH:
            drawings += 1
            left, bottom, right, top = item.get_bounds()
            width, height = right - left, top - bottom
            rules += max(width, height) >= RULE_LENGTH and (min(width, height) <= RULE_WIDTH or width > height)
    return rules, drawings, images
