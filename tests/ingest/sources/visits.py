"""Visits to a made-up site, night after night, as the nightly run makes them: what was seen is known the next time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from ingest.sources.remote import Known, Past
from ingest.sources.seen import Gone, Seen, Sight, Unchanged, Unseen
from kilde.sources import Remote
from tests.ingest.newsletter_site import Books
from tests.ingest.site import NOW, Site, World, fetcher_of


@dataclass
class Nights:
    """A source and what is kept of it."""

    site: Site
    source: Remote
    collect: Callable[..., Iterator[Sight]]
    books: Books = field(default_factory=Books)
    name: str = "kilden"

    def visit(self, **facts: object) -> list[Sight]:
        """One night; `facts` change what is known of every page."""
        self.site.asked.clear()
        known = {name: replace(it, **facts) for name, it in self.books.pages.items()}
        past = Past(known.get, lambda: list(known), self.books)
        with fetcher_of(World(self.site), pause=self.source.pause, allow_hosts=self.source.allow_hosts) as fetcher:
            sights = list(self.collect(self.source, self.name, fetcher, past, NOW))
        for sight in sights:
            self.keep(sight)
        return sights

    def keep(self, sight: Sight) -> None:
        """What the archive and the state would keep."""
        match sight:
            case Seen(observation=seen, body=body, validators=validators):
                self.books.pages[seen.locator] = Known(validators, True, len(body))
            case Unchanged(locator=locator, validators=validators):
                self.books.pages[locator] = replace(self.books.pages[locator], validators=validators)
            case Gone(locator=locator):
                self.books.pages[locator] = replace(self.books.pages[locator], gone=True)


def seen(sights: list[Sight]) -> list[str]:
    """The locators that were seen, without host."""
    return [path(it.observation.locator) for it in sights if isinstance(it, Seen)]


def codes(sights: list[Sight]) -> dict[str, str]:
    """The codes of what was not seen, by locator without host."""
    return {path(it.locator): it.code for it in sights if isinstance(it, Unseen)}


def path(locator: str) -> str:
    """An address without scheme and host."""
    return "/" + locator.split("/", 3)[3] if "://" in locator else locator
