"""Sitemaps: indexes, compressed ones, plain lists; what is no sitemap, or a hostile one."""

from __future__ import annotations

import gzip

import pytest

from ingest.sources import sitemap
from ingest.sources.seen import Unseen
from kilde.sources import Sitemap
from tests.ingest.newsletter_site import page_of
from tests.ingest.site import Reply, Site, html
from tests.ingest.sources.visits import Nights, seen

SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urls(*entries: tuple[str, str], kind: str = "url") -> bytes:
    """A sitemap of paths and dates of change."""
    outer = "urlset" if kind == "url" else "sitemapindex"
    rows = "".join(
        f"<{kind}><loc> http://www.example.dk{path} </loc><lastmod>{day}</lastmod></{kind}>" for path, day in entries
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><{outer} {SPACE}>{rows}</{outer}>'.encode()


def nights_of(site: Site, **settings: object) -> Nights:
    """A sitemap source over a site whose pages are all there."""
    site.routes["/nyt/*"] = lambda it: Reply(page_of(it.target, f"<p>Nyt om {it.target}</p>"))
    told = Sitemap(
        kind="sitemap", start=("http://www.example.dk/sitemap.xml",), contact="arkiv@example.org", **settings
    )
    return Nights(site, told, sitemap.collect)


def test_what_changed_last_comes_first() -> None:
    """So that a budget leaves out what is oldest; dates are never believed to say that a page is unchanged."""
    with Site() as site:
        site.routes["/sitemap.xml"] = urls(
            ("/nyt/a", "2021-01-01"), ("/nyt/b", "2024-01-01T10:00:00+01:00"), ("/nyt/c", "")
        )
        nights = nights_of(site)
        assert seen(nights.visit()) == ["/nyt/b", "/nyt/a", "/nyt/c"]
        assert sorted(seen(nights.visit())) == ["/nyt/a", "/nyt/b", "/nyt/c"]


def test_the_date_of_change_is_no_date_of_publication() -> None:
    """A corrected comma dates nothing."""
    with Site() as site:
        site.routes["/sitemap.xml"] = urls(("/nyt/a", "2021-01-01"))
        assert nights_of(site).visit()[0].observation.published is None


def test_an_index_of_compressed_sitemaps() -> None:
    """Only those of the same site."""
    with Site() as site:
        site.routes["/sitemap.xml"] = urls(("/s1.xml.gz", ""), ("/s2.xml", ""), kind="sitemap").replace(
            b"</sitemapindex>", b"<sitemap><loc>http://andet.dk/s.xml</loc></sitemap></sitemapindex>"
        )
        site.routes["/s1.xml.gz"] = Reply(
            gzip.compress(urls(("/nyt/a", ""))), 200, {"Content-Type": "application/gzip"}
        )
        site.routes["/s2.xml"] = urls(("/nyt/b", "")).replace(
            b"</urlset>", b"<url><loc>http://andet.dk/nyt/c</loc></url></urlset>"
        )
        assert sorted(seen(nights_of(site).visit())) == ["/nyt/a", "/nyt/b"]
        assert {it.host for it in site.asked} == {"www.example.dk"}


def test_a_plain_list_of_addresses() -> None:
    """The protocol's text form."""
    with Site() as site:
        site.routes["/sitemap.xml"] = Reply(
            b"\xef\xbb\xbfhttp://www.example.dk/nyt/a\r\nhttp://www.example.dk/nyt/b\n",
            200,
            {"Content-Type": "text/plain"},
        )
        assert seen(nights_of(site, exclude=("b$",)).visit()) == ["/nyt/a"]


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a "http://x">]><urlset><url><loc>&a;</loc></url></urlset>'
WRONG = [
    ("an HTML page", html("<h1>Siden findes ikke</h1>")),
    ("no XML", b"hej"),
    ("broken XML", b"<urlset><url>"),
    ("XML of another kind", b"<rss/>"),
    ("entities", LAUGHS),
    ("gzip without end", gzip.compress(urls(("/nyt/a", "")))[:-9]),
    ("a gzip bomb", gzip.compress(b" " * 60_000_000)),
    ("nothing", b""),
]


@pytest.mark.parametrize("body", [it[1] for it in WRONG], ids=[it[0] for it in WRONG])
def test_what_is_no_sitemap_is_fatal(body: bytes) -> None:
    """The source lists nothing, and says so."""
    with Site() as site:
        site.routes["/sitemap.xml"] = body
        sights = nights_of(site).visit()
    assert [(it.code, it.fatal) for it in sights if isinstance(it, Unseen)] == [("not_a_sitemap", True)]


def test_sitemaps_that_list_each_other() -> None:
    """Each is asked for once."""
    with Site() as site:
        site.routes["/sitemap.xml"] = urls(("/sitemap.xml", ""), ("/s2.xml", ""), kind="sitemap")
        site.routes["/s2.xml"] = urls(("/sitemap.xml", ""), kind="sitemap")
        assert nights_of(site).visit() == []
        assert len(site.paths()) == 2
