"""What the head of an HTML page says of it: title, publisher, dates, address, language."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from dateutil import parser as date_parser

from ingest.layout import Meta

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


def read_meta(soup: BeautifulSoup) -> Meta:
    """The metadata of a page."""
    values = meta_values(soup)
    link = soup.find("link", rel="canonical")
    canonical = str(link.get("href")) if isinstance(link, Tag) and link.get("href") else values.get("og:url")
    html = soup.find("html")
    language = str(html.get("lang") or "")[:2].lower() if isinstance(html, Tag) else ""
    title = soup.title.get_text(" ", strip=True)[:LONGEST] if soup.title else None
    return Meta(
        title=values.get("og:title") or title or None,
        publisher=first_of(values, PUBLISHERS),
        published=iso_day(first_of(values, PUBLISHED)),
        updated=iso_day(first_of(values, UPDATED)),
        url=canonical,
        language=language or None,
        kind=first_of(values, KINDS),
    )


def meta_values(soup: BeautifulSoup) -> dict[str, str]:
    """The meta elements with a name or property and a content, by lower-case name; the first of a name counts."""
    values: dict[str, str] = {}
    for element in soup.find_all("meta"):
        if isinstance(element, Tag) and element.get("content"):
            name = str(element.get("property") or element.get("name") or element.get("http-equiv") or "").lower()
            values.setdefault(name, " ".join(str(element["content"]).split())[:LONGEST])
    return values


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
