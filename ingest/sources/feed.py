"""RSS and Atom feeds: the pages that their entries link to, with the day on which the entry says it was published.

A feed shows only its latest entries; pages that it no longer shows are asked for again like all that are known.
"""

from __future__ import annotations

import io
import re
from calendar import timegm
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import feedparser  # type: ignore[import-untyped]

from ingest.fetching.fetch import Fetcher
from ingest.fetching.outcomes import Fetched
from ingest.fetching.urls import Address, parse_address
from ingest.sources.entries import collect_entries, gather
from ingest.sources.leads import Lead
from ingest.sources.remote import Past, Visit
from ingest.sources.seen import Sight, Unseen
from kilde.sources import Feed

READ_AS = "feed/1"
MOST_FEEDS = 100
"""Feeds that one leads to (RFC 5005: next, prev-archive)."""
LARGEST = 10_000_000
"""Bytes of a feed."""
ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
LONGEST_TITLE = 200
DENMARK = ZoneInfo("Europe/Copenhagen")
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
DOCUMENTS = ("application/pdf", "application/vnd.openxmlformats", "application/msword", "text/")
"""Media types of enclosures that are kept; a podcast's are not."""


def collect(source: Feed, name: str, fetcher: Fetcher, past: Past, now: datetime) -> Iterator[Sight]:
    """Visit feeds: each page that an entry links to as a sight."""
    visit = Visit(source, name, fetcher, past, now)

    def walk(leads: list[Lead]) -> Iterator[Unseen]:
        starts = [address for start in source.start if (address := parse_address(start))]
        waiting = deque(address for address in starts if visit.take(address))
        for _ in range(len(waiting) + MOST_FEEDS):
            if not waiting:
                return
            address = waiting.popleft()
            listing = visit.list_leads(address, READ_AS, partial(read_feed, visit, address))
            unseen = gather(listing, leads, fatal=address in starts)
            if unseen is not None:
                yield unseen
            elif not isinstance(listing, Unseen):
                waiting.extend(it.address for it in listing.leads if it.paging and visit.take(it.address))

    return collect_entries(source, visit, walk, dated=True)


def read_feed(visit: Visit, address: Address, answer: Fetched) -> tuple[Lead, ...] | Unseen:
    """The entries of a feed that was fetched, and the older feeds that it leads to."""
    if ENTITY.search(answer.body) or len(answer.body) > LARGEST:
        detail = f"the feed declares entities, or is larger than {LARGEST:,} bytes; no feed needs to"
        return visit.unseen(address, "not_a_feed", detail, fatal=True)
    # A stream, since feedparser takes bytes and text for a file's name or an address as well.
    headers = {"content-type": answer.content_type, "content-location": answer.url}
    feed = feedparser.parse(
        io.BytesIO(answer.body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if not feed.get("version"):
        return visit.unseen(address, "not_a_feed", "the address brings no RSS or Atom feed", fatal=True)
    older = [it for it in feed.feed.get("links", []) if it.get("rel") in {"next", "prev-archive"}]
    found = [lead_to(it.get("href"), answer.url, paging=True) for it in older]
    for entry in feed.entries:
        day = day_of(entry, visit.now)
        found += [
            lead_to(url, answer.url, text=str(entry.get("title", ""))[:LONGEST_TITLE], date=day)
            for url in addresses_of(entry)
        ]
    return tuple(lead for lead in found if lead is not None)


def lead_to(url: Any, base: str, **facts: Any) -> Lead | None:
    """A lead to an address of a feed; None where it is none."""
    address = parse_address(str(url), base) if url else None
    return Lead(address, **facts) if address else None


def addresses_of(entry: Mapping[str, Any]) -> list[str]:
    """What an entry links to: its page, and documents that it encloses."""
    enclosed = [
        str(it.get("href"))
        for it in entry.get("enclosures", [])
        if it.get("href") and str(it.get("type", "")).startswith(DOCUMENTS)
    ]
    return [str(entry["link"]), *enclosed] if entry.get("link") else enclosed


def day_of(entry: Mapping[str, Any], now: datetime) -> str | None:
    """The day in Denmark on which an entry says it was published, as ISO; None for no date, or an impossible one.

    The date of the last change is none: it would date an old newsletter by a corrected comma.
    """
    parsed = entry.get("published_parsed")
    if not parsed:
        return None
    try:
        when = datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return when.astimezone(DENMARK).date().isoformat() if EARLIEST <= when <= now + timedelta(days=1) else None
