"""A website: lists lead to pages, pages to further pages and documents; what is new is asked for first.

Lists are visited before pages, so that a budget that runs out leaves old pages unasked and not new ones unseen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ingest.fetching.fetch import Fetcher
from ingest.fetching.impostors import find_impostor
from ingest.fetching.outcomes import Fetched
from ingest.fetching.sniffing import HTML, media_type
from ingest.fetching.urls import Address, parse_address
from ingest.fetching.webpage import check_selector, read_page
from ingest.scope import Scope, Way, found, scope_of, way_from_list, way_from_page
from ingest.sources.leads import Lead
from ingest.sources.remote import BudgetSpentError, Past, Visit, leads_of
from ingest.sources.seen import Sight, Unseen
from kilde.sources import Website

BARREN = 5
"""Lists in a row that lead to no page that is new to the visit: then it is a trap, such as a calendar without end."""
READ_AS = "website/1"


@dataclass(frozen=True, slots=True)
class Target:
    """A page in line; `depth` counts the links from the list that it was found from."""

    address: Address
    depth: int


@dataclass(slots=True)
class Crawl:
    """The lines of one visit."""

    visit: Visit
    source: Website
    scope: Scope
    lists: deque[tuple[Address, Way]] = field(default_factory=deque)
    fresh: deque[Target] = field(default_factory=deque)
    """Pages of which no good version is at hand."""
    known: deque[Target] = field(default_factory=deque)
    read: int = 0
    """Lists that were read."""
    barren: int = 0

    @property
    def by(self) -> str:
        """The way in which links are read."""
        return f"{READ_AS} {self.source.links or ''}"

    def line_up(self, address: Address, depth: int) -> bool:
        """Put a page in line; whether it is new to this visit."""
        if not self.visit.take(address):
            return False
        known = self.visit.past.known(address.locator)
        (self.known if known is not None and known.good else self.fresh).append(Target(address, depth))
        return True

    def walk_lists(self) -> Iterator[Unseen]:
        """Visit the lists, start pages first; yields those that cannot be read. At depth 0 they are pages to keep."""
        starts = [address for start in self.source.start if (address := parse_address(start))]
        if self.source.depth == 0:
            for address in starts:
                self.line_up(address, 0)
            return
        self.lists.extend((address, Way.LIST) for address in starts if self.visit.take(address))
        while self.lists:
            if self.read >= max(1, self.source.most_pages // 2):
                detail = f"more than half of the visit's requests went to lists; {len(self.lists):,} were left"
                raise BudgetSpentError("budget_lists", detail)
            address, way = self.lists.popleft()
            unseen = self.walk_list(address, way, start=address in starts)
            if unseen is not None:
                yield unseen
            if self.barren >= BARREN and self.lists:
                self.lists.clear()
                detail = f"{BARREN} lists in a row led to nothing new, the last is this; no more lists were followed"
                yield self.visit.unseen(address, "crawler_trap", detail)

    def walk_list(self, address: Address, way: Way, *, start: bool) -> Unseen | None:
        """Visit a list and put in line what it leads to; the trouble with it, if there is some."""
        self.read += 1
        listing = self.visit.list_leads(address, self.by, lambda answer: self.read_list(address, answer))
        if isinstance(listing, Unseen):
            fatal = listing.fatal or start
            return Unseen(listing.source, listing.locator, listing.code, listing.detail, fatal=fatal)
        keeps = sum(self.follow(address, lead) for lead in listing.leads)
        self.barren = 0 if keeps else self.barren + 1
        if not keeps and way is Way.YEAR:
            self.barren -= 1
            self.visit.asked.discard(address.locator)
            self.line_up(address, 1)
        if not keeps and start and not self.lists and not self.fresh and not self.known:
            detail = "no link of this page leads to what would be kept; set include, follow or links of the source"
            return self.visit.unseen(address, "no_links", detail, fatal=True)
        return None

    def follow(self, here: Address, lead: Lead) -> bool:
        """Put in line what a link of a list leads to; whether it is a page that is new to the visit."""
        way = way_from_list(self.scope, here.url, lead)
        if way in {Way.LIST, Way.YEAR} and self.visit.take(lead.address):
            self.lists.append((lead.address, way))
        return way is Way.KEEP and self.line_up(lead.address, 1)

    def read_list(self, address: Address, answer: Fetched) -> tuple[Lead, ...] | Unseen:
        """The links of a list that was fetched; an impostor has none."""
        kind = media_type(answer.body, answer.content_type, answer.url)
        if kind.partition(";")[0] != HTML:
            return self.visit.unseen(address, "not_a_list", f"the address brings {kind}, and no page with links")
        page = read_page(answer.body, kind, answer.url, self.source.links)
        impostor = find_impostor(page, address.url, answer.url)
        if impostor is not None:
            return self.visit.unseen(address, impostor.code, impostor.detail)
        if page.cut:
            self.visit.cut.append(address.locator)
        return leads_of(page)

    def walk_pages(self) -> Iterator[Sight]:
        """Ask for the pages in line, the unknown ones first, and put in line what they lead to."""
        while self.fresh or self.known:
            target = (self.fresh or self.known).popleft()
            deeper = target.depth < self.source.depth
            answer = self.visit.page(target.address, links=self.by if deeper else None)
            for lead in answer.leads if deeper else ():
                if way_from_page(self.scope, lead) is Way.KEEP:
                    self.line_up(lead.address, target.depth + 1)
            if answer.sight is not None:
                yield answer.sight


def collect(source: Website, name: str, fetcher: Fetcher, past: Past, now: datetime) -> Iterator[Sight]:
    """Visit a website: each page that it leads to, and each that it led to before, as a sight."""
    wrong = check_selector(source.links) if source.links else None
    if wrong is not None:
        yield Unseen(name, name, "bad_selector", f"links = {source.links!r}: {wrong}", fatal=True)
        return
    visit = Visit(source, name, fetcher, past, now)
    crawl = Crawl(visit, source, scope_of(source))
    try:
        try:
            yield from crawl.walk_lists()
        except BudgetSpentError as budget:
            if budget.code not in {"budget_lists", "budget_links"}:
                raise
            yield visit.spent(budget)
        yield from crawl.walk_pages()
        yield from visit.revisit(lambda url: found(crawl.scope.exclude, url))
    except BudgetSpentError as budget:
        yield visit.spent(budget)
    yield from visit.remarks()
