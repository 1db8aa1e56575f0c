"""What the head of an HTML page says of it: title, publisher, dates, address, language."""

from __future__ import annotations

from collections.abc import Sequence

from dateutil import parser as date_parser

from ingest.layout import Meta
from ingest.readers.html_names import fold
from ingest.readers.html_tree import Element, texts

PUBLISHED = (
    "article:published_time",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.created",
    "date",
    "pubdate",
    "dc.date",
    "citation_date",
)
UPDATED = ("article:modified_time", "og:updated_time", "dcterms.modified", "last-modified")
PUBLISHERS = ("og:site_name", "dcterms.publisher", "dc.publisher", "publisher", "article:publisher", "application-name")
KINDS = ("og:type",)
LONGEST = 300
LONGEST_ADDRESS = 2_000
MOST_CONTENT = 10_000
"""Characters of a meta element that are looked at."""


def read_meta(roots: Sequence[Element]) -> Meta:
    """The metadata of a page."""
    values, links = meta_values(roots)
    language = (roots[0].get("lang") or "")[:2].lower() if roots else ""
    title = next((fold("".join(texts(node))) for root in roots for node in root.iter("title")), "")[:LONGEST]
    return Meta(
        title=values.get("og:title") or title.strip() or None,
        publisher=first_of(values, PUBLISHERS),
        published=iso_day(first_of(values, PUBLISHED)),
        updated=iso_day(first_of(values, UPDATED)),
        url=links.get("canonical") or values.get("og:url"),
        language=language or None,
        kind=first_of(values, KINDS),
    )


def meta_values(roots: Sequence[Element]) -> tuple[dict[str, str], dict[str, str]]:
    """The meta elements with a name or property and a content, and the addresses of link elements, by lower-case name.

    The first of a name counts.
    """
    values: dict[str, str] = {}
    links: dict[str, str] = {}
    for node in (node for root in roots for node in root.iter("meta", "link")):
        if node.tag == "link" and node.get("href"):
            links.setdefault((node.get("rel") or "").lower(), node.get("href", "")[:LONGEST_ADDRESS])
        elif content := node.get("content"):
            name = (node.get("property") or node.get("name") or node.get("http-equiv") or "").lower()
            values.setdefault(name, " ".join(content[:MOST_CONTENT].split())[:LONGEST])
    return values, links


def first_of(values: dict[str, str], names: tuple[str, ...]) -> str | None:
    """The first value that is there."""
    return next((values[name] for name in names if values.get(name)), None)


def iso_day(text: str | None) -> str | None:
    """The day of a machine-made date (ISO 8601, RFC 2822), as ISO; None where it is not one.

    dateutil fills missing parts from a default, so only a text from which two defaults give the same day is taken.
    """
    if not text or not any(letter.isdigit() for letter in text):
        return None
    try:
        one, other = (
            date_parser.parse(text, dayfirst=not text[:4].isdigit(), default=default).date() for default in DEFAULTS
        )
    except (ValueError, OverflowError):
        return None
    return one.isoformat() if one == other else None


DEFAULTS = (date_parser.isoparse("2001-01-01"), date_parser.isoparse("2002-02-02"))
