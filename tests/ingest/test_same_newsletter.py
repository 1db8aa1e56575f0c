"""The same newsletter as a page, a Word document and a PDF gives the same items."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ingest.reading import read_document
from kilde.model import Document, DocumentKind, Record, RecordKind
from tests.conftest import observation
from tests.ingest.newsletter_forms import ITEMS, TITLE, as_docx, as_html, as_pdf

FORMS = {"docx": as_docx, "pdf": as_pdf}


def read(body: bytes) -> Document:
    """The newsletter, as ingested; its bytes say what it is."""
    return read_document(body, observation(body, "medborgernyt", media_type="application/octet-stream"))


def shown(record: Record) -> dict[str, Any]:
    """What a search for a record shows of it; text up to white space."""
    return {
        "kind": record.kind,
        "heading": record.heading,
        "text": " ".join(record.text.split()),
        "kommuner": [(it.code, it.role) for it in record.kommuner],
        "dates": [(it.first, it.last) for it in record.dates],
        "amounts": [(it.value, it.value_to, it.unit) for it in record.amounts],
        "grants": [(it.code, it.value, it.purpose) for it in record.grants],
    }


@pytest.fixture(scope="module")
def page() -> Document:
    """The newsletter as a page."""
    return read(as_html())


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_items_are_the_same(page: Document, form: Callable[[], bytes]) -> None:
    """Kinds, headings, texts and all that is found in them."""
    other = read(form())
    assert [shown(it) for it in other.records] == [shown(it) for it in page.records]
    assert (other.kind, other.title) == (page.kind, page.title)
    assert other.published is not None
    assert page.published is not None
    assert other.published.when == page.published.when


def test_the_page_is_read_as_it_was_written(page: Document) -> None:
    """What the others are held to is right itself."""
    items = [it for it in page.records if it.kind is RecordKind.ITEM]
    assert page.kind is DocumentKind.NEWSLETTER
    assert page.title == TITLE
    assert [it.heading for it in items] == [it.heading for it in ITEMS]
    assert [(it.code, int(it.value)) for it in items[1].grants] == [
        ("0751", 1250000),
        ("0730", 800000),
        ("0740", 475000),
    ]
    assert [it.code for it in items[0].grants] == ["0630"]


def test_headers_and_page_numbers_are_in_no_record() -> None:
    """What pages repeat is boilerplate."""
    document = read(as_pdf())
    rules = {it.rule for it in document.boilerplate}
    assert rules == {"page_header", "page_number"}
    assert not any("Side" in it.text for it in document.records)
