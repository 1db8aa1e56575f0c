"""Feeds: RSS and Atom, what their entries link to and when it was published; what is no feed."""

from __future__ import annotations

import pytest

from ingest.sources import feed
from ingest.sources.seen import Seen, Unchanged, Unseen
from kilde.sources import Feed
from tests.ingest.newsletter_site import PDF, page_of
from tests.ingest.site import Reply, Request, Site, html
from tests.ingest.sources.visits import Nights, codes, seen

ITEM = "<item><title>{0}</title><link>http://www.example.dk/nyt/{0}</link>{1}</item>"
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Nyt</title>{}</feed>"""
ENTRY = '<entry><title>{0}</title><link href="/nyt/{0}"/>{1}</entry>'


def rss(*items: str) -> bytes:
    """An RSS feed."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{"".join(items)}</channel></rss>'.encode()
    )


def nights_of(site: Site, **settings: object) -> Nights:
    """A feed source over a site whose pages are all there."""
    site.routes["/nyt/*"] = lambda it: Reply(page_of(it.target, f"<p>Nyt om {it.target}</p>"), 200, {"ETag": '"1"'})
    told = Feed(kind="feed", start=("http://www.example.dk/rss",), contact="arkiv@example.org", **settings)
    return Nights(site, told, feed.collect)


def dates(sights: list) -> dict[str, str | None]:
    """When each page was published, as its source says."""
    return {
        it.observation.locator.rpartition("/")[2]: it.observation.published for it in sights if isinstance(it, Seen)
    }


DATES = [
    ("Mon, 04 Mar 2024 07:00:00 GMT", "source:2024-03-04"),
    ("Sun, 31 Dec 2023 23:30:00 GMT", "source:2024-01-01"),
    ("Fri, 30 Jun 2023 22:30:00 +0000", "source:2023-07-01"),
    ("Fri, 30 Jun 2023 23:30:00 +0200", "source:2023-06-30"),
    ("Mon, 04 Mar 2030 07:00:00 GMT", None),
    ("Thu, 01 Jan 1970 00:00:00 GMT", None),
    ("i går", None),
    ("", None),
]


@pytest.mark.parametrize(("written", "published"), DATES)
def test_the_day_of_an_entry_is_that_of_denmark(written: str, published: str | None) -> None:
    """Impossible ones are left out."""
    with Site() as site:
        site.routes["/rss"] = rss(ITEM.format("a", f"<pubDate>{written}</pubDate>"))
        assert dates(nights_of(site).visit()) == {"a": published}


def test_atom_entries_and_enclosed_documents() -> None:
    """The date of the last change is no date of publication; a podcast is no document."""
    with Site() as site:
        nights = nights_of(site)
        site.routes["/brev.pdf"] = Reply(PDF, 200, {"Content-Type": "application/octet-stream"})
        enclosed = '<link rel="enclosure" type="application/pdf" href="/brev.pdf"/>'
        sound = '<link rel="enclosure" type="audio/mpeg" href="/lyd.mp3"/>'
        entries = [
            ENTRY.format("a", "<published>2024-02-01T09:00:00+01:00</published>" + enclosed + sound),
            ENTRY.format("b", "<updated>2024-02-01T09:00:00+01:00</updated>"),
        ]
        site.routes["/rss"] = Reply(
            ATOM.format("".join(entries)).encode(), 200, {"Content-Type": "application/atom+xml"}
        )
        found = dates(nights.visit())
    assert found == {"a": "source:2024-02-01", "brev.pdf": "source:2024-02-01", "b": None}


def test_an_unchanged_feed_costs_one_304_and_old_entries_are_looked_at_again() -> None:
    """Entries that a feed no longer shows are still asked for."""
    with Site() as site:
        nights = nights_of(site)
        shown = [ITEM.format(name, "") for name in "cba"]

        def answer(request: Request) -> Reply:
            etag = f'"{len(shown)}"'
            unchanged = request.headers.get("if-none-match") == etag
            return Reply(b"" if unchanged else rss(*shown[:3]), 304 if unchanged else 200, {"ETag": etag})

        site.routes["/rss"] = answer
        site.routes["/nyt/*"] = lambda it: (
            Reply(b"", 304) if "if-none-match" in it.headers else Reply(page_of("Nyt", it.target), 200, {"ETag": '"1"'})
        )
        assert seen(nights.visit()) == ["/nyt/c", "/nyt/b", "/nyt/a"]
        assert [type(it) for it in nights.visit()] == [Unchanged] * 3
        shown.insert(0, ITEM.format("d", ""))
        sights = nights.visit()
    assert seen(sights) == ["/nyt/d"], "the new one first"
    assert [it.locator[-1] for it in sights if isinstance(it, Unchanged)] == ["c", "b", "a"]


def test_include_and_exclude() -> None:
    """By the addresses of the entries."""
    with Site() as site:
        site.routes["/rss"] = rss(*(ITEM.format(name, "") for name in ("a1", "a2", "b1")))
        assert seen(nights_of(site, include=("/a",), exclude=("2$",)).visit()) == ["/nyt/a1"]


def test_older_feeds_are_followed() -> None:
    """RFC 5005: archives of a feed."""
    with Site() as site:
        nights = nights_of(site)
        older = '<link rel="prev-archive" href="/rss2"/>'
        site.routes["/rss"] = ATOM.format(older + ENTRY.format("b", "")).encode()
        site.routes["/rss2"] = ATOM.format('<link rel="next" href="/rss"/>' + ENTRY.format("a", "")).encode()
        assert seen(nights.visit()) == ["/nyt/b", "/nyt/a"]


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "%b"><!ENTITY c "%b">]><rss version="2.0">
<channel><item><title>&c;</title><link>http://www.example.dk/nyt/a</link></item></channel></rss>""" % (
    b"&a;" * 1000,
    b"&b;" * 1000,
)
FILE = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss version="2.0">
<channel><item><title>&a;</title><link>http://www.example.dk/nyt/a</link></item></channel></rss>"""
WRONG = [
    ("an HTML page", html("<h1>Log ind</h1>"), "not_a_feed"),
    ("a path", b"/etc/passwd", "not_a_feed"),
    ("an address", b"http://127.0.0.1/", "not_a_feed"),
    ("not there", Reply(b"", 404), "http_404"),
    ("nothing", Reply(b""), "not_a_feed"),
    ("entities without end", LAUGHS, "not_a_feed"),
    ("a file of this machine", FILE, "not_a_feed"),
    ("as long as a book", b"<rss version='2.0'><channel>" + b" " * 10_000_000, "not_a_feed"),
]


@pytest.mark.parametrize(("answer", "code"), [it[1:] for it in WRONG], ids=[it[0] for it in WRONG])
def test_what_is_no_feed_is_fatal(answer: object, code: str) -> None:
    """The source lists nothing, and says so."""
    with Site() as site:
        site.routes["/rss"] = answer
        sights = nights_of(site).visit()
    assert [(it.code, it.fatal) for it in sights if isinstance(it, Unseen)] == [(code, True)]


def test_an_entry_that_is_not_there_is_said_once() -> None:
    """Dead links are a remark."""
    with Site() as site:
        nights = nights_of(site)
        site.routes["/rss"] = rss(ITEM.format("a", ""), ITEM.format("../b", ""), ITEM.format("../c", ""))
        assert codes(nights.visit()) == {"/b": "dead_links"}
