"""What the remote sources share: one visit, its budgets, and how an answer becomes a sight.

A visit asks for lists and for pages. A page is asked for only whether it changed, where a good version is at hand; it
is Seen, Unchanged, Gone or Unseen, never silently none of them. When a budget is spent the visit ends and says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ingest.fetching.fetch import Fetcher
from ingest.fetching.impostors import find_impostor
from ingest.fetching.outcomes import Failed, Fetched, Missing, NotModified
from ingest.fetching.sniffing import HTML, media_type
from ingest.fetching.urls import REDACTED, Address, parse_address
from ingest.fetching.webpage import MOST_BYTES, MOST_LINKS, WebPage, read_page
from ingest.sources.leads import Lead, Listing, Memory, recall, remember
from ingest.sources.seen import Gone, Seen, Sight, Unchanged, Unseen, Validators
from kilde.model import Hints, Observation
from kilde.sources import Remote

REMARKS = frozenset({"robots", "dead_links", "secret_addresses"})
"""Codes of what is said once a visit and is no failure of it: most sites have some of each, every night."""
MOST_QUEUED = 100_000
"""Addresses that a visit knows of at once."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of a locator."""

    validators: Validators | None = None
    """What the server said of the last version."""
    good: bool = False
    """Whether a version is at hand that could be read."""
    letters: int | None = None
    """Length of the text of the last good version, in code points."""
    gone: bool = False
    """Whether it was gone when it was last asked for."""


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier visits of a source left behind."""

    known: Callable[[str], Known | None]
    """By locator."""
    locators: Callable[[], Iterable[str]]
    """All that were fetched, those first that were asked for the longest time ago; without attachments."""
    memory: Memory


class BudgetSpentError(Exception):
    """A budget of the visit is spent; `code` and the message say which."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(slots=True)
class Answer:
    """What came of asking for a page: the sight, and the page's links where it is HTML and they were wanted."""

    sight: Sight | None
    leads: tuple[Lead, ...] = ()


@dataclass(slots=True)
class Visit:
    """One visit to one source; it owns the counts."""

    source: Remote
    name: str
    fetcher: Fetcher
    past: Past
    now: datetime
    began: float = 0.0
    requests: int = 0
    received: int = 0
    asked: set[str] = field(default_factory=set)
    """Locators asked for, or in line."""
    closed: set[str] = field(default_factory=set)
    """Hosts of which nothing more can be had in this visit."""
    passed: int = 0
    """Addresses passed over because their host was closed."""
    disallowed: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    """Lists that are longer than what is looked at."""
    dead: list[str] = field(default_factory=list)
    """Addresses that something links to, and that never were there."""
    twins: int = 0
    """Addresses that differ from another one in a secret only."""

    def __post_init__(self) -> None:
        self.began = self.fetcher.world.clock()
        self.requests, self.received = self.fetcher.requests, self.fetcher.received
        for start in getattr(self.source, "start", ()):
            self.fetcher.use_credentials(start)

    def left(self) -> float:
        """Seconds that are left."""
        return self.source.most_seconds - (self.fetcher.world.clock() - self.began)

    def check_budget(self) -> None:
        """Raise BudgetSpentError where one is spent."""
        source = self.source
        if self.fetcher.requests - self.requests >= source.most_pages:
            raise BudgetSpentError("budget_pages", f"{source.most_pages:,} requests were made (most_pages)")
        if self.fetcher.received - self.received >= source.most_bytes:
            raise BudgetSpentError("budget_bytes", f"{source.most_bytes:,} bytes came (most_bytes)")
        if self.left() <= 0:
            raise BudgetSpentError("budget_seconds", f"{source.most_seconds:,.0f} seconds passed (most_seconds)")

    def take(self, address: Address) -> bool:
        """Whether an address is new to this visit; raises BudgetSpentError where there are too many."""
        if address.locator in self.asked:
            self.twins += address.secret
            return False
        if len(self.asked) >= MOST_QUEUED:
            raise BudgetSpentError("budget_links", f"there are links to more than {MOST_QUEUED:,} addresses")
        self.asked.add(address.locator)
        return True

    def list_leads(
        self, address: Address, by: str, read: Callable[[Fetched], tuple[Lead, ...] | Unseen]
    ) -> Listing | Unseen:
        """Ask for a list; one that did not change is recalled. `by` names the way it is read."""
        self.check_budget()
        key = f"{self.name} {address.locator}"
        recalled = recall(self.past.memory, key, by, self.now)
        outcome = self.fetcher.fetch(address.url, recalled.validators if recalled else None, patience=self.left())
        match outcome:
            case NotModified():
                assert recalled is not None, "304 comes only to a question"
                return recalled
            case Missing(status=status):
                return self.unseen(address, f"http_{status}", f"the server answers {status} for a list")
            case Failed():
                return self.failed(address, outcome)
        leads = read(outcome)
        if isinstance(leads, Unseen):
            return leads
        listing = Listing(leads, outcome.validators)
        if address.locator not in self.cut:
            remember(self.past.memory, key, by, self.now, listing)
        return listing

    def page(self, address: Address, published: str | None = None, *, links: str | None = None) -> Answer:
        """Ask for a page that is kept; with `links` (the way they are read) its links are wanted too."""
        host = urlsplit(address.url).hostname or ""
        if host in self.closed:
            self.passed += 1
            return Answer(None)
        self.check_budget()
        known = self.past.known(address.locator)
        recalled = recall(self.past.memory, f"{self.name} {address.locator}", links, self.now) if links else None
        asks = known is not None and known.good and (links is None or recalled is not None)
        validators = known.validators if known is not None and asks else None
        outcome = self.fetcher.fetch(address.url, validators, patience=self.left())
        if isinstance(outcome, Fetched):
            return self.fetched(address, outcome, published, links)
        if isinstance(outcome, NotModified):
            leads = recalled.leads if recalled else ()
            return Answer(Unchanged(self.name, address.locator, outcome.validators), leads)
        return Answer(self.without_page(address, outcome, known))

    def without_page(self, address: Address, outcome: Missing | Failed, known: Known | None) -> Sight | None:
        """The sight where there is no page; None where it is counted for the remarks."""
        match outcome:
            case Missing(status=status) if known is not None:
                return Gone(self.name, address.locator, self.observed(), f"the server answers {status}")
            case Missing():
                self.dead.append(address.locator)
                return None
            case Failed(code="robots"):
                self.disallowed.append(address.locator)
                return None
            case Failed():
                return self.failed(address, outcome)

    def fetched(self, address: Address, answer: Fetched, published: str | None, links: str | None) -> Answer:
        """A whole answer to a sight; an impostor is never Seen."""
        if not answer.body.strip(b" \t\r\n\0\xef\xbb\xbf"):
            return Answer(self.unseen(address, "empty", "the server answers 200 and sends nothing"))
        kind = media_type(answer.body, answer.content_type, answer.url)
        leads: tuple[Lead, ...] = ()
        if kind.partition(";")[0] == HTML:
            page = read_page(answer.body, kind, answer.url, getattr(self.source, "links", None))
            known = self.past.known(address.locator)
            impostor = find_impostor(page, address.url, answer.url, known.letters if known and known.good else None)
            if impostor is not None:
                return Answer(self.unseen(address, impostor.code, impostor.detail))
            leads = leads_of(page)
        if links is not None:
            listing = Listing(leads, answer.validators)
            remember(self.past.memory, f"{self.name} {address.locator}", links, self.now, listing)
        observation = self.observation(address, answer, kind, published)
        return Answer(Seen(observation, answer.body, answer.exchange, answer.validators), leads)

    def observation(self, address: Address, answer: Fetched, kind: str, published: str | None) -> Observation:
        """The facts of a fetched page."""
        source = self.source
        stands = parse_address(answer.url)
        return Observation(
            source=self.name,
            locator=address.locator,
            digest=hashlib.sha256(answer.body).hexdigest(),
            size=len(answer.body),
            media_type=kind,
            observed=self.observed(),
            publisher=source.publisher,
            published=f"source:{published}" if published else None,
            url=stands.locator if stands else address.locator,
            hints=Hints(source.content, source.title, source.date, kind_of(source)),
        )

    def observed(self) -> str:
        """The time of the visit, as observations have it."""
        return self.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def unseen(self, address: Address, code: str, detail: str, *, fatal: bool = False) -> Unseen:
        """A page or list of which there is nothing to see."""
        return Unseen(self.name, address.locator, code, detail, fatal)

    def failed(self, address: Address, failure: Failed) -> Unseen:
        """A failure to a sight; one that closes its host is told once."""
        if failure.fatal:
            self.closed.add(urlsplit(address.url).hostname or "")
        return self.unseen(address, failure.code, failure.detail, fatal=failure.fatal)

    def revisit(self, excluded: Callable[[str], bool]) -> Iterator[Sight]:
        """Ask for the pages of earlier visits that nothing leads to any more, so that vanished ones are noticed."""
        for locator in self.past.locators():
            address = parse_address(locator)
            if address is None or address.locator != locator or locator in self.asked or excluded(locator):
                continue
            known = self.past.known(locator)
            if REDACTED in locator or (known is not None and known.gone):
                continue
            self.asked.add(locator)
            sight = self.page(address).sight
            if sight is not None:
                yield sight

    def remarks(self) -> Iterator[Unseen]:
        """What is said once for the whole visit."""
        if self.disallowed:
            detail = (
                f"robots.txt disallows {len(self.disallowed):,} of the addresses that are linked; this is the first"
            )
            yield Unseen(self.name, self.disallowed[0], "robots", detail)
        if self.dead:
            detail = f"{len(self.dead):,} links lead to pages that are not there (404); this is the first"
            yield Unseen(self.name, self.dead[0], "dead_links", detail)
        if self.cut:
            detail = f"the list is too long: of a page, {MOST_BYTES:,} bytes and {MOST_LINKS:,} links are looked at"
            yield Unseen(self.name, self.cut[0], "list_too_long", detail)
        if self.passed:
            detail = f"{self.passed:,} addresses were not asked for, because {', '.join(sorted(self.closed))} failed"
            yield Unseen(self.name, self.name, "not_visited", detail)
        if self.twins:
            detail = (
                f"{self.twins:,} links differ from another one in a secret only (a token); one of each was followed"
            )
            yield Unseen(self.name, self.name, "secret_addresses", detail)

    def spent(self, budget: BudgetSpentError) -> Unseen:
        """What is said where a budget is spent."""
        return Unseen(self.name, self.name, budget.code, f"the visit ended early: {budget}")


def kind_of(source: Remote) -> str | None:
    """The kind that a source says its documents are of."""
    return source.document_kind.value if source.document_kind else None


def leads_of(page: WebPage) -> tuple[Lead, ...]:
    """The links of a page as leads."""
    return tuple(Lead(it.address, it.text, it.main, it.paging) for it in page.links)
