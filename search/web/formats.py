"""A view as JSON, CSV and Atom; `pages` makes HTML of it."""

from __future__ import annotations

import json
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, tostring

from kilde.model import PartialDate
from search.export_text import csv_text
from search.web.addresses import Address
from search.web.errors import NoFormError
from search.web.view import Entry, Form, View

ATOM = "http://www.w3.org/2005/Atom"
EPOCH = "1970-01-01T00:00:00Z"
MEDIA_TYPES = {
    Form.HTML: "text/html; charset=utf-8",
    Form.JSON: "application/json",
    Form.CSV: "text/csv; charset=utf-8",
    Form.ATOM: "application/atom+xml; charset=utf-8",
}
_NO_XML = {code: None for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)}
"""Characters that XML cannot hold."""


def to_json(view: View) -> bytes:
    """The view as JSON. NoFormError where it has none."""
    if view.data is None:
        raise NoFormError(f"{view.address.path} has no JSON")
    return json.dumps(view.data, ensure_ascii=False).encode("utf-8", "replace")


def to_csv(view: View, *, head: bool = True) -> bytes:
    """The view's list as CSV, with its head unless it goes on from another page. NoFormError where it has none."""
    if view.sheet is None:
        raise NoFormError(f"{view.address.path} has no list to make a CSV of")
    text = csv_text(view.sheet.rows, view.sheet.columns)
    return (text if head else text.partition("\n")[2]).encode("utf-8", "replace")


def to_atom(view: View, base: str, language: str) -> bytes:
    """The view's list as an Atom feed (RFC 4287). NoFormError where it has none."""
    if view.entries is None:
        raise NoFormError(f"{view.address.path} has no feed")
    here = base + view.address.text(language, Form.ATOM)
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": language})
    _add(feed, "id", base + view.address.text("da", Form.ATOM))
    _add(feed, "title", f"Kilde: {view.title}")
    _add(feed, "updated", max((entry.updated for entry in view.entries), default=EPOCH))
    SubElement(feed, "link", {"rel": "self", "href": here, "type": "application/atom+xml"})
    SubElement(feed, "link", {"rel": "alternate", "href": base + view.address.text(language), "type": "text/html"})
    for entry in view.entries:
        _add_entry(feed, entry, base, language)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode").encode("utf-8", "replace")


def _add_entry(feed: Element, entry: Entry, base: str, language: str) -> None:
    element = SubElement(feed, "entry")
    _add(element, "id", f"urn:kilde:{entry.kind}:{quote(entry.id, safe='')}")
    _add(element, "title", entry.title or entry.id)
    _add(element, "updated", entry.updated)
    if entry.published:
        _add(element, "published", f"{PartialDate.parse(entry.published).first}T00:00:00Z")
    _add(SubElement(element, "author"), "name", entry.author or "Kilde")
    SubElement(element, "link", {"rel": "alternate", "href": base + entry.address.text(language), "type": "text/html"})
    _add(element, "summary", entry.summary)


def _add(parent: Element, name: str, text: str) -> None:
    # What no XML can hold, and halves of characters, would make the whole feed unreadable.
    SubElement(parent, name).text = text.translate(_NO_XML).encode("utf-8", "replace").decode()


def next_link(address: Address, language: str, form: Form) -> str:
    """The Link header of a list that goes on."""
    return f'<{address.text(language, form)}>; rel="next"'
