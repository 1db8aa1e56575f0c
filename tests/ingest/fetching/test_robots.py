"""robots.txt by RFC 9309: a table of rules, what the answers mean, and that nothing disallowed is ever asked for."""

from __future__ import annotations

import pytest

from ingest.fetching.outcomes import Failed, Fetched
from ingest.fetching.robots import LONGEST_DELAY, MOST_BYTES, Rules, parse_rules
from tests.ingest.site import Reply, Site, World, fetcher_of, html, redirect

ALL = "User-agent: *\n"
RULES = [
    # name, robots.txt, path, allowed
    ("empty", "", "/a", True),
    ("nothing but white space", " \n\t\n", "/a", True),
    ("disallow all", ALL + "Disallow: /", "/a", False),
    ("disallow nothing", ALL + "Disallow:", "/a", True),
    ("a path", ALL + "Disallow: /privat", "/privat/x", False),
    ("a path is a prefix", ALL + "Disallow: /privat", "/privatliv", False),
    ("another path", ALL + "Disallow: /privat/", "/privat", True),
    ("paths know capitals", ALL + "Disallow: /Privat", "/privat", True),
    ("the longest rule wins", ALL + "Disallow: /nyt\nAllow: /nyt/brev", "/nyt/brev/1", True),
    ("the longest rule wins, other order", ALL + "Allow: /nyt/brev\nDisallow: /nyt", "/nyt/brev/1", True),
    ("shorter allow", ALL + "Allow: /nyt\nDisallow: /nyt/brev", "/nyt/brev/1", False),
    ("as long: allow wins", ALL + "Disallow: /nyt\nAllow: /nyt", "/nyt", True),
    ("wildcard", ALL + "Disallow: /*.pdf", "/a/b.pdf", False),
    ("wildcard is a prefix", ALL + "Disallow: /*.pdf", "/a/b.pdf?x=1", False),
    ("end of the path", ALL + "Disallow: /*.pdf$", "/a/b.pdf?x=1", True),
    ("end of the path, met", ALL + "Disallow: /*.pdf$", "/a/b.pdf", False),
    ("wildcard in the middle", ALL + "Disallow: /a/*/c", "/a/b/c", False),
    ("query", ALL + "Disallow: /*?side=", "/nyt?side=2", False),
    ("query not met", ALL + "Disallow: /*?side=", "/nyt", True),
    ("our name", "User-agent: Kilde\nDisallow: /", "/a", False),
    ("our name in other letters", "User-agent: KILDE\nDisallow: /", "/a", False),
    ("another's name", "User-agent: Googlebot\nDisallow: /", "/a", True),
    ("our own group goes before the general one", ALL + "Disallow: /\n\nUser-agent: Kilde\nDisallow: /x", "/a", True),
    ("our own group, its rule", ALL + "Disallow:\n\nUser-agent: Kilde\nDisallow: /x", "/x", False),
    ("an empty group of our own allows", ALL + "Disallow: /\n\nUser-agent: Kilde\nDisallow:", "/a", True),
    ("two names, one group", "User-agent: a\nUser-agent: Kilde\nDisallow: /x", "/x", False),
    (
        "two groups of one name are one",
        "User-agent: Kilde\nDisallow: /x\n\nUser-agent: Kilde\nDisallow: /y",
        "/y",
        False,
    ),
    ("byte order mark", "\ufeffUser-agent: *\nDisallow: /", "/a", False),
    ("CRLF", "User-agent: *\r\nDisallow: /x\r\n", "/x", False),
    ("CR alone", "User-agent: *\rDisallow: /x\r", "/x", False),
    ("comments", "# hej\nUser-agent: * # alle\nDisallow: /x # ikke her\n", "/x", False),
    ("white space", "  User-agent :  *\n\tDisallow :   /x  \n", "/x", False),
    ("field names in any letters", "USER-AGENT: *\ndisallow: /x", "/x", False),
    ("rules before any group", "Disallow: /\nUser-agent: *\nDisallow: /x", "/a", True),
    ("unknown lines", ALL + "Noindex: /a\nFoo: bar\nDisallow: /x", "/x", False),
    ("sitemap inside a group", ALL + "Sitemap: https://a.dk/s.xml\nDisallow: /x", "/x", False),
    ("percent-encoding is one", ALL + "Disallow: /s%C3%B8g", "/s%c3%b8g", False),
    ("Danish letters", ALL + "Disallow: /søg", "/s%C3%B8g", False),
    ("robots.txt itself", ALL + "Disallow: /", "/robots.txt", True),
    ("an HTML page instead", "<!doctype html><html><body>Siden findes ikke</body></html>", "/a", True),
    ("bytes that are no UTF-8", "User-agent: *\nDisallow: /x\n# \udcff", "/x", False),
    ("many wildcards", ALL + "Disallow: /" + "*a" * 500 + "b", "/" + "a" * 2000, True),
]


@pytest.mark.parametrize(("text", "path", "allowed"), [it[1:] for it in RULES], ids=[it[0] for it in RULES])
def test_rules(text: str, path: str, allowed: bool) -> None:
    """RFC 9309, section 2.2; each also over the wire, where nothing disallowed is asked for."""
    body = text.encode("utf-8", errors="surrogateescape")
    assert Rules(parse_rules(body)).allows(f"https://www.example.dk{path}") is allowed
    with Site() as site:
        site.routes.update({"/robots.txt": body, "/*": html("hej")})
        with fetcher_of(World(site)) as fetcher:
            outcome = fetcher.fetch(f"http://www.example.dk{path}")
    if not allowed:
        assert isinstance(outcome, Failed)
        assert outcome.code == "robots"
    asked = [it for it in site.paths(robots=True) if it != "/robots.txt"]
    assert asked == ([path] if allowed and path != "/robots.txt" else [])


def test_the_table_is_as_long_as_asked() -> None:
    """Forty at least."""
    assert len(RULES) >= 40


ANSWERS = [
    # name, answer to the request for robots.txt, allowed
    ("missing", Reply(b"", 404), True),
    ("gone", Reply(b"", 410), True),
    ("forbidden", Reply(b"", 403), True),
    ("unauthorised", Reply(b"", 401), True),
    ("too many requests", Reply(b"", 429), False),
    ("server error", Reply(b"", 500), False),
    ("unavailable", Reply(b"", 503), False),
    ("no answer", lambda _: [], False),
    ("broken answer", lambda _: [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nUser-agent: *"], False),
    ("not HTTP", lambda _: [b"hej"], False),
    ("a loop of redirects", redirect("/robots.txt"), True),
    ("a redirect to the rules", redirect("/rules"), False),
    ("a redirect to another host", redirect("http://anden.example.dk/rules"), False),
    ("a redirect to a private address", redirect("http://10.0.0.1/robots.txt"), False),
]


@pytest.mark.parametrize(("answer", "allowed"), [it[1:] for it in ANSWERS], ids=[it[0] for it in ANSWERS])
def test_answers(answer: object, allowed: bool) -> None:
    """RFC 9309, section 2.3.1; a disallowed host is asked for its robots.txt alone."""
    with Site() as site:
        site.routes.update({"/robots.txt": answer, "/rules": b"User-agent: *\nDisallow: /", "/*": html("hej")})
        with fetcher_of(World(site)) as fetcher:
            outcome = fetcher.fetch("http://www.example.dk/a")
            again = fetcher.fetch("http://www.example.dk/b")
    assert isinstance(outcome, Fetched) is isinstance(again, Fetched) is allowed
    assert ("/a" in site.paths()) is ("/b" in site.paths()) is allowed


def test_redirects_are_followed_to_five_and_then_count_as_missing() -> None:
    """Section 2.3.1.2."""
    with Site() as site:
        site.routes["/robots.txt"] = redirect("/r1")
        site.routes.update({f"/r{n}": redirect(f"/r{n + 1}") for n in range(1, 9)})
        site.routes.update({"/r5": b"User-agent: *\nDisallow: /", "/*": html("hej")})
        with fetcher_of(World(site)) as fetcher:
            assert isinstance(fetcher.fetch("http://www.example.dk/a"), Failed)
        site.routes.update({"/r5": redirect("/r6"), "/r6": b"User-agent: *\nDisallow: /"})
        with fetcher_of(World(site)) as fetcher:
            assert isinstance(fetcher.fetch("http://www.example.dk/a"), Fetched)


def test_no_more_than_500_kilobytes_are_read() -> None:
    """What stands before the cut counts, what stands behind does not, and the line at the cut is left out."""
    filler = b"# " + b"x" * 997 + b"\n"
    body = b"User-agent: *\nDisallow: /x\n" + filler * 512
    body = body[: MOST_BYTES - 15] + b"\nDisallow: /a-long-path\n" + filler * 9_500
    with Site() as site:
        site.routes.update({"/robots.txt": body, "/*": html("hej")})
        with fetcher_of(World(site)) as fetcher:
            assert isinstance(fetcher.fetch("http://www.example.dk/x"), Failed)
            assert isinstance(fetcher.fetch("http://www.example.dk/a"), Fetched)
            assert fetcher.received < 2 * MOST_BYTES


@pytest.mark.parametrize(("wish", "pause"), [("7", 7.0), ("0.5", 1.0), ("1e9", LONGEST_DELAY), ("-3", 1.0), ("x", 1.0)])
def test_crawl_delay(wish: str, pause: float) -> None:
    """Honoured where it asks for more than our own pause, and bounded."""
    with Site() as site:
        site.routes.update({"/robots.txt": f"User-agent: *\nCrawl-delay: {wish}".encode(), "/*": html("hej")})
        world = World(site)
        with fetcher_of(world) as fetcher:
            fetcher.fetch("http://www.example.dk/a")
            world.slept.clear()
            fetcher.fetch("http://www.example.dk/b")
    assert world.slept == [pause]


def test_redirected_pages_obey_the_rules_of_where_they_lead() -> None:
    """A redirect is a request like any other."""
    with Site() as site:
        site.routes.update({"/robots.txt": b"User-agent: *\nDisallow: /hemmelig", "/a": redirect("/hemmelig/b")})
        with fetcher_of(World(site)) as fetcher:
            outcome = fetcher.fetch("http://www.example.dk/a")
    assert isinstance(outcome, Failed)
    assert outcome.code == "robots"
    assert site.paths() == ["/a"]


def test_rules_hold_for_a_run_and_are_asked_for_once() -> None:
    """One request a host."""
    with Site() as site:
        site.routes["/*"] = html("hej")
        with fetcher_of(World(site)) as fetcher:
            for path in "abc":
                fetcher.fetch(f"http://www.example.dk/{path}")
    assert site.paths(robots=True).count("/robots.txt") == 1
