"""Sitemaps (sitemaps.org), indexes of sitemaps, compressed ones, and plain lists of addresses.

The date of the last change orders the pages, the latest first; it is never believed to say that a page is unchanged.
"""

from __future__ import annotations

import re
import zlib
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ingest.fetching.fetch import Fetcher
from ingest.fetching.outcomes import Fetched
from ingest.fetching.urls import Address, parse_address, site_of
from ingest.sources.entries import collect_entries, gather
from ingest.sources.leads import Lead
from ingest.sources.remote import Past, Visit
from ingest.sources.seen import Sight, Unseen
from kilde.sources import Sitemap

READ_AS = "sitemap/1"
MOST_SITEMAPS = 1_000
LARGEST = 50 * 1024 * 1024
"""Bytes of a sitemap, not compressed (the protocol's own limit)."""
MOST_ADDRESSES = 50_000
"""Of one sitemap (the protocol's own limit)."""
GZIP = b"\x1f\x8b"
DAY = re.compile(r"\s*((?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?)")


def collect(source: Sitemap, name: str, fetcher: Fetcher, past: Past, now: datetime) -> Iterator[Sight]:
    """Visit sitemaps: each page that they list as a sight."""
    visit = Visit(source, name, fetcher, past, now)
    hosts = {host.removeprefix("www.") for host in source.hosts}

    def walk(leads: list[Lead]) -> Iterator[Unseen]:
        starts = [address for start in source.start if (address := parse_address(start))]
        waiting = deque(address for address in starts if visit.take(address))
        for _ in range(MOST_SITEMAPS):
            if not waiting:
                return
            address = waiting.popleft()
            listing = visit.list_leads(address, READ_AS, partial(read_sitemap, visit, address))
            own = hosts | {site_of(address.url)}
            gathered: list[Lead] = []
            unseen = gather(listing, gathered, fatal=address in starts)
            leads += [lead for lead in gathered if site_of(lead.address.url) in own]
            if unseen is not None:
                yield unseen
            elif not isinstance(listing, Unseen):
                inner = (it.address for it in listing.leads if it.paging and site_of(it.address.url) in own)
                waiting.extend(it for it in inner if visit.take(it))
        if waiting:
            yield visit.unseen(waiting[0], "budget_lists", f"there are more than {MOST_SITEMAPS:,} sitemaps")

    return collect_entries(source, visit, walk, dated=False)


def read_sitemap(visit: Visit, address: Address, answer: Fetched) -> tuple[Lead, ...] | Unseen:
    """The addresses of a sitemap that was fetched; those of further sitemaps are marked as paging."""
    try:
        body = unzipped(answer.body)
        if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return plain_addresses(visit, address, body)
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, zlib.error) as error:
        what = (
            "a document type or entities, which sitemaps do not have"
            if isinstance(error, DefusedXmlException)
            else error
        )
        return visit.unseen(address, "not_a_sitemap", f"the address brings no sitemap: {what}", fatal=True)
    if local_name(root) not in {"urlset", "sitemapindex"}:
        return visit.unseen(
            address, "not_a_sitemap", f"the address brings XML of another kind: <{local_name(root)}>", fatal=True
        )
    index = local_name(root) == "sitemapindex"
    return tuple(lead for child in root[:MOST_ADDRESSES] if (lead := lead_of(child, answer.url, index=index)))


def unzipped(body: bytes) -> bytes:
    """A sitemap without compression; raises ValueError where it is larger than the protocol allows."""
    if not body.startswith(GZIP):
        return body
    inflater = zlib.decompressobj(31)
    plain = inflater.decompress(body, LARGEST)
    if inflater.unconsumed_tail or not inflater.eof:
        raise ValueError(f"it inflates to more than {LARGEST:,} bytes, or is cut off")
    return plain


def lead_of(element: Element, base: str, *, index: bool) -> Lead | None:
    """The address of an entry with the day of its last change; None where it has none."""
    values = {local_name(child): (child.text or "").strip() for child in element}
    address = parse_address(values.get("loc", ""), base) if values.get("loc") else None
    day = DAY.match(values.get("lastmod", ""))
    return Lead(address, paging=index, date=day[1] if day else None) if address else None


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def plain_addresses(visit: Visit, address: Address, body: bytes) -> tuple[Lead, ...] | Unseen:
    """A sitemap that is a text with an address a line."""
    lines = body.decode("utf-8", errors="replace").splitlines()[:MOST_ADDRESSES]
    found = [parse_address(line.strip("\ufeff \t")) for line in lines]
    leads = tuple(Lead(it) for it in found if it is not None)
    return leads or visit.unseen(
        address, "not_a_sitemap", "the address brings no sitemap, and no list of addresses", fatal=True
    )
