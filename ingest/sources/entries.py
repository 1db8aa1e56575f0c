"""What feeds and sitemaps share: entries are gathered from all lists, then asked for, the new ones first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ingest.scope import NO_DOCUMENT, found
from ingest.sources.leads import Lead, Listing
from ingest.sources.remote import BudgetSpentError, Visit
from ingest.sources.seen import Sight, Unseen
from kilde.sources import Remote


def gather(listing: Listing | Unseen, leads: list[Lead], *, fatal: bool) -> Unseen | None:
    """Add a list's entries to those gathered; returns the trouble where it could not be read."""
    if isinstance(listing, Unseen):
        return Unseen(listing.source, listing.locator, listing.code, listing.detail, fatal=fatal or listing.fatal)
    leads.extend(lead for lead in listing.leads if not lead.paging)
    return None


def collect_entries(
    source: Remote, visit: Visit, walk: Callable[[list[Lead]], Iterable[Unseen]], *, dated: bool
) -> Iterator[Sight]:
    """Visit the lists by `walk`, which adds to the leads that it is given, and then the pages.

    `dated` says that a lead's date is that of publication.
    """
    include, exclude = tuple(map(re.compile, source.include)), tuple(map(re.compile, source.exclude))
    leads: list[Lead] = []
    try:
        yield from walk(leads)
        for lead in in_order(leads, visit, include, exclude):
            sight = visit.page(lead.address, lead.date if dated else None).sight
            if sight is not None:
                yield sight
        yield from visit.revisit(lambda url: found(exclude, url))
    except BudgetSpentError as budget:
        yield visit.spent(budget)
    yield from visit.remarks()


def in_order(
    leads: list[Lead], visit: Visit, include: tuple[re.Pattern[str], ...], exclude: tuple[re.Pattern[str], ...]
) -> list[Lead]:
    """The entries to ask for, each address once: the unknown ones first, then the latest."""
    wanted = []
    for lead in leads:
        url = lead.address.url
        left_out = found(exclude, url) or NO_DOCUMENT.search(url) or (include and not found(include, url))
        if not left_out and visit.take(lead.address):
            wanted.append(lead)
    wanted.sort(key=lambda lead: lead.date or "", reverse=True)

    def is_known(lead: Lead) -> bool:
        known = visit.past.known(lead.address.locator)
        return known is not None and known.good

    return sorted(wanted, key=is_known)
