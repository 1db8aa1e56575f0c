"""A Fetcher against servers that misbehave, each in its own way; and what an ordinary answer gives."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Iterable

import pytest

from ingest.fetching.fetch import Fetcher, Limits, Manners
from ingest.fetching.outcomes import Failed, Fetched, Missing, NotModified, Outcome
from ingest.fetching.pacing import Hosts
from ingest.sources.seen import Validators
from tests.ingest.site import NOW, PLAIN, Reply, Request, Site, World, fetcher_of, html, redirect

URL = "http://www.example.dk/a"
PAGE = html("<p>Nyt fra styrelsen</p>")
BOMB = gzip.compress(b"\0" * 60_000_000)


def head(*lines: str, status: str = "200 OK") -> bytes:
    """The head of an answer."""
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Type: text/html", *lines, "", ""]).encode("latin-1")


def encoded(encoding: str, body: bytes) -> Reply:
    """An answer with an encoding that nobody asked for."""
    return Reply(body, 200, {"Content-Encoding": encoding})


def fetch(route: object, *, limits: Limits | None = None, **manners: object) -> tuple[Outcome, Site, World]:
    """What comes of a page that answers so."""
    with Site() as site:
        site.routes["/a"] = route
        world = World(site)
        with fetcher_of(world, limits=limits, **manners) as fetcher:
            return fetcher.fetch(URL), site, world


def test_an_ordinary_page() -> None:
    """Body, validators, and both heads as they went over the wire."""
    reply = Reply(PAGE, 200, {"ETag": '"v1"', "Last-Modified": "Fri, 01 Mar 2024 10:00:00 GMT"})
    outcome, site, _ = fetch(reply)
    assert isinstance(outcome, Fetched)
    assert (outcome.body, outcome.exchange.payload, outcome.url, outcome.redirected) == (PAGE, PAGE, URL, False)
    assert outcome.validators == Validators('"v1"', "Fri, 01 Mar 2024 10:00:00 GMT")
    assert outcome.exchange.request_head.startswith(b"GET /a HTTP/1.1\r\nHost: www.example.dk\r\n")
    assert outcome.exchange.request_head.endswith(b"\r\n\r\n")
    assert outcome.exchange.response_head + outcome.exchange.payload == reply.wire()
    asked = site.asked[-1].headers
    assert asked["user-agent"].startswith("Kilde/")
    assert asked["user-agent"].endswith("(+arkiv@example.org)")
    assert asked["accept-encoding"] == "identity"
    assert "cookie" not in asked


REFUSED: list[tuple[str, object, str]] = [
    # name, answer, code
    ("longer than it may be, announced", lambda _: [head("Content-Length: 10000000000")], "too_large"),
    ("longer than it may be", lambda _: endless(b"x" * 1_000_000), "too_large"),
    ("longer than it may be, chunked", lambda _: [head("Transfer-Encoding: chunked"), *chunks()], "too_large"),
    ("shorter than it says", lambda _: [head("Content-Length: 100"), b"x" * 50], "short_body"),
    ("longer than it says", lambda _: [head("Content-Length: 10") + b"x" * 50], "bad_http"),
    ("chunks that stop", lambda _: [head("Transfer-Encoding: chunked"), b"5\r\nabc"], "short_body"),
    ("a bad chunk", lambda _: [head("Transfer-Encoding: chunked"), b"zz\r\nabc\r\n0\r\n\r\n"], "bad_http"),
    ("two lengths", lambda _: [head("Content-Length: 5", "Content-Length: 6"), b"abcdef"], "bad_http"),
    ("a gzip bomb", encoded("gzip", BOMB), "bomb"),
    ("a bomb of many members", encoded("gzip", gzip.compress(b"\0" * 1_000_000) * 60), "bomb"),
    ("a deflate bomb", encoded("deflate", zlib.compress(b"\0" * 60_000_000)), "bomb"),
    ("gzip cut off", encoded("gzip", gzip.compress(PAGE)[:-12]), "short_body"),
    ("gzip with a wrong checksum", encoded("gzip", gzip.compress(PAGE)[:-8] + b"\0" * 8), "broken_encoding"),
    ("gzip and then something", encoded("gzip", gzip.compress(PAGE) + b"hej"), "broken_encoding"),
    ("no gzip", encoded("gzip", PAGE), "broken_encoding"),
    ("gzip twice", encoded("gzip, gzip", gzip.compress(gzip.compress(PAGE))), "unknown_encoding"),
    ("brotli", encoded("br", b"\x0b\x02\x80hej\x03"), "unknown_encoding"),
    ("zstd", encoded("zstd", b"\x28\xb5\x2f\xfd"), "unknown_encoding"),
    ("HTTP/0.9", lambda _: [PAGE], "bad_http"),
    ("no answer", lambda _: [], "bad_http"),
    ("a header of a megabyte", lambda _: [head("X-A: " + "x" * 1_000_000), PAGE], "bad_http"),
    ("ten thousand headers", lambda _: [head(*(f"X-{n}: 1" for n in range(10_000))), PAGE], "bad_http"),
    ("three hundred headers", lambda _: [head(*(f"X-{n}: 1" for n in range(300))), PAGE], "bad_http"),
    ("a line break in a header", lambda _: [b"HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: b\r\n\r\n"], "bad_http"),
    ("a header without a name", lambda _: [b"HTTP/1.1 200 OK\r\n: a\r\n\r\nhej"], "bad_http"),
    ("a status that is none", lambda _: [b"HTTP/1.1 abc OK\r\n\r\nhej"], "bad_http"),
    ("a part that was not asked for", Reply(PAGE, 206), "http_206"),
    ("nothing", Reply(b"", 204, {"Content-Length": ""}), "http_204"),
    ("304 unasked", Reply(b"", 304, {"Content-Length": ""}), "bad_http"),
    ("forbidden", Reply(b"", 403), "http_403"),
    ("teapot", Reply(b"", 418), "http_418"),
    ("to a file", redirect("file:///etc/passwd"), "bad_redirect"),
    ("to data", redirect("data:text/html,hej"), "bad_redirect"),
    ("to ftp", redirect("ftp://example.dk/a"), "bad_redirect"),
    ("to another port", redirect("http://www.example.dk:8080/"), "bad_port"),
    ("to SSH", redirect("http://www.example.dk:22/"), "bad_port"),
    ("to itself", redirect("/a"), "redirect_loop"),
    ("to nowhere", Reply(b"", 302), "http_302"),
    ("through a thousand hops", lambda it: Reply(b"", 302, {"Location": f"{it.target}?1"}), "too_many_redirects"),
]
"""Behaviours of N1, N2, N4 and N8."""


def endless(piece: bytes) -> Iterable[bytes]:
    """A body that goes on, without a length."""
    yield head()
    for _ in range(100):
        yield piece


def chunks() -> Iterable[bytes]:
    """Chunks that go on."""
    for _ in range(100):
        yield b"f4240\r\n" + b"x" * 1_000_000 + b"\r\n"


@pytest.mark.parametrize(("route", "code"), [it[1:] for it in REFUSED], ids=[it[0] for it in REFUSED])
def test_refused(route: object, code: str) -> None:
    """Each is a failure with its own reason, never a version; other pages of the host can still be had."""
    with Site() as site:
        site.routes.update({"/a": route, "/god": PAGE, "/a*": route})
        world = World(site)
        with fetcher_of(world) as fetcher:
            outcome = fetcher.fetch(URL)
            assert isinstance(outcome, Failed)
            assert outcome.code == code
            assert outcome.detail
            assert isinstance(fetcher.fetch("http://www.example.dk/god"), Fetched)
    assert len(site.paths()) <= 7


TAKEN: list[tuple[str, object]] = [
    ("gzip unasked", encoded("gzip", gzip.compress(PAGE))),
    ("gzip in two members", encoded("x-gzip", gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:]))),
    ("gzip with padding", encoded("gzip", gzip.compress(PAGE) + b"\0" * 16)),
    ("deflate with its head", encoded("deflate", zlib.compress(PAGE))),
    ("deflate bare", encoded("deflate", zlib.compress(PAGE)[2:-4])),
    ("identity", encoded("identity", PAGE)),
    ("chunks", lambda _: [head("Transfer-Encoding: chunked"), b"5\r\n" + PAGE[:5] + b"\r\n",
                          f"{len(PAGE) - 5:x}\r\n".encode() + PAGE[5:] + b"\r\n0\r\n\r\n"]),
    ("until the connection ends", lambda _: [head(), PAGE]),
    ("early hints", lambda _: [b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + head(), PAGE]),
    ("five redirects", lambda it: redirect(f"{it.target}x")(it) if len(it.target) < 7 else Reply(PAGE)),
    ("a hundred cookies", lambda _: [head(*(f"Set-Cookie: c{n}={'x' * 400}" for n in range(100))), PAGE]),
]  # fmt: skip


@pytest.mark.parametrize("route", [it[1] for it in TAKEN], ids=[it[0] for it in TAKEN])
def test_taken(route: object) -> None:
    """What is odd and still whole."""
    with Site() as site:
        site.routes.update({"/a": route, "/a*": route})
        with fetcher_of(World(site)) as fetcher:
            outcome = fetcher.fetch(URL)
    assert isinstance(outcome, Fetched), outcome
    assert outcome.body == PAGE
    assert outcome.exchange.response_head.startswith(b"HTTP/1.1 200")
    assert all("cookie" not in it.headers for it in site.asked)


STATUSES = [(404, Missing(404)), (410, Missing(410))]


@pytest.mark.parametrize(("status", "outcome"), STATUSES)
def test_missing(status: int, outcome: Outcome) -> None:
    """Not there, or no more: no second try."""
    found, site, _ = fetch(Reply(b"", status))
    assert found == outcome
    assert len(site.paths()) == 1


def slowly(first: bytes, then: bytes) -> Iterable[bytes]:
    """A beginning, and little more."""
    yield first
    for _ in range(100):
        time.sleep(0.03)
        yield then


BY_RATE = Limits(seconds=30, grace=0.1, least_rate=10_000)
BY_TIME = Limits(seconds=0.3)
SLOW = [
    # name, answer, limits, what is said
    (
        "a head that drips",
        lambda _: slowly(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        BY_RATE,
        "slower than 10,000 bytes a second",
    ),
    ("a body that drips", lambda _: slowly(head(), b"x"), BY_RATE, "slower"),
    ("chunks that drip", lambda _: slowly(head("Transfer-Encoding: chunked"), b"1\r\nx\r\n"), BY_RATE, "slower"),
    ("a stall in the body", lambda _: slowly(head("Content-Length: 100") + b"x" * 50, b""), BY_RATE, "slower"),
    ("a stall before the head", lambda _: slowly(b"", b""), BY_TIME, "no whole answer within"),
    ("a body that goes on", lambda _: slowly(head(), b"x" * 1000), BY_TIME, "no whole answer within"),
]


@pytest.mark.parametrize(("route", "limits", "said"), [it[1:] for it in SLOW], ids=[it[0] for it in SLOW])
def test_slow_servers_are_dropped(route: object, limits: Limits, said: str) -> None:
    """N1: by the least rate after the grace, or by the time of a fetch; the clock is the machine's."""
    with Site() as site:
        site.routes["/a"] = route
        with fetcher_of(World(site, real=True), limits=limits, pause=0) as fetcher:
            outcome = fetcher.fetch(URL, patience=0.0)
    assert isinstance(outcome, Failed)
    assert outcome.code == "too_slow"
    assert said in outcome.detail


def test_time_on_the_network_is_shared_by_all_tries() -> None:
    """A fetch has its seconds once, however often it tries."""
    limits = Limits(seconds=0.3)
    with Site() as site:
        site.routes["/a"] = lambda _: slowly(b"", b"")
        world = World(site, real=True)
        world.sleep = world.slept.append
        with fetcher_of(world, limits=limits, pause=0) as fetcher:
            fetcher.fetch("http://www.example.dk/other")
            assert isinstance(fetcher.fetch(URL), Failed)
    assert site.paths().count("/a") == 1


RETRIES = [
    # Retry-After, what is waited
    (None, 2.0),
    ("3", 3.0),
    ("0", 0.0),
    ("-5", 2.0),
    ("hej", 2.0),
    ("Mon, 04 Mar 2024 08:00:31 GMT", 30.0),
    ("Mon, 04 Mar 2019 08:00:00 GMT", 0.0),
    ("1000000000", 86_400.0),
    ("9" * 400, 2.0),
]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("value", "wait"), RETRIES)
def test_retry_after(status: int, value: str | None, wait: float) -> None:
    """N6: seconds, dates, absurd and negative ones; then the page is there."""
    answers = iter([Reply(b"", status, {"Retry-After": value} if value else {}), Reply(PAGE)])
    outcome, _, world = fetch(lambda _: next(answers))
    assert isinstance(outcome, Fetched)
    assert sum(world.slept) == pytest.approx(max(wait, 1.0) + 1.0, abs=1.1)
    assert max(wait, 1.0) == pytest.approx(max(world.slept), abs=1.1)


def test_a_longer_wait_than_the_visit_has_gives_the_host_up() -> None:
    """And says so; another page of the host is not asked for meanwhile."""
    with Site() as site:
        site.routes.update({"/a": Reply(b"", 503, {"Retry-After": "7200"}), "/b": PAGE})
        world = World(site)
        with fetcher_of(world) as fetcher:
            outcome = fetcher.fetch(URL, patience=600)
            other = fetcher.fetch("http://www.example.dk/b", patience=600)
            world.time += 7200
            later = fetcher.fetch("http://www.example.dk/b", patience=600)
    for it in (outcome, other):
        assert isinstance(it, Failed)
        assert (it.code, it.fatal) == ("retry_later", True)
    assert "7,200 seconds" in outcome.detail
    assert isinstance(later, Fetched)
    assert site.paths() == ["/a", "/b"]


def test_at_most_five_tries_further_and_further_apart() -> None:
    """N6: a storm of errors."""
    outcome, site, world = fetch(Reply(b"", 500))
    assert isinstance(outcome, Failed)
    assert (outcome.code, outcome.status) == ("http_500", 500)
    assert len(site.paths()) == 5
    assert [it for it in world.slept if it > 1] == [2.0, 4.0, 8.0, 16.0]


def test_a_host_that_keeps_failing_is_left_alone() -> None:
    """The circuit breaker: three fetches in a row, then none for a while; other hosts are not affected."""
    with Site() as site:
        site.routes.update({"www.example.dk/*": Reply(b"", 500), "/*": lambda it: broken_or_not(it)})
        world = World(site)
        with fetcher_of(world) as fetcher:
            codes = [fetcher.fetch(f"http://www.example.dk/{n}").code for n in range(5)]
            assert isinstance(fetcher.fetch("http://anden.example.dk/"), Fetched)
            asked = len(site.paths())
            world.time += 400
            assert fetcher.fetch("http://www.example.dk/9").code == "http_500"
            assert fetcher.fetch("http://www.example.dk/10").code == "host_failing"
    assert codes == ["http_500"] * 3 + ["host_failing"] * 2
    assert asked == 16


def broken_or_not(request: Request) -> Reply:
    """One host works, the other does not."""
    return Reply(b"", 500) if request.host == "www.example.dk" else Reply(PAGE)


def test_flapping_servers_are_not_given_up() -> None:
    """Every second answer is an error."""
    with Site() as site:
        count = iter(range(1_000))
        site.routes["/*"] = lambda _: Reply(b"", 503) if next(count) % 2 == 0 else Reply(PAGE)
        with fetcher_of(World(site)) as fetcher:
            assert all(isinstance(fetcher.fetch(f"http://www.example.dk/{n}"), Fetched) for n in range(10))


def test_one_request_a_second_and_host() -> None:
    """The pause is between requests of one host; another host need not wait."""
    with Site() as site:
        site.routes["/*"] = PAGE
        world = World(site)
        with fetcher_of(world) as fetcher:
            for path in ("a", "b", "c"):
                fetcher.fetch(f"http://www.example.dk/{path}")
            assert world.slept == [1.0, 1.0, 1.0], "after robots.txt too"
            fetcher.fetch("http://anden.example.dk/")
            assert len(world.slept) == 4


CONDITIONAL = [
    # ETag, Last-Modified, what is kept of them
    ('"v1"', None, Validators('"v1"', None)),
    ('W/"v1"', None, Validators('W/"v1"', None)),
    ("v1", None, None),
    ('"æ"', None, None),
    ('"' + "x" * 600 + '"', None, None),
    (None, "Fri, 01 Mar 2024 10:00:00 GMT", Validators(None, "Fri, 01 Mar 2024 10:00:00 GMT")),
    (None, "Fri, 01 Mar 2030 10:00:00 GMT", None),
    (None, "i går", None),
    ("v1", "Fri, 01 Mar 2024 10:00:00 GMT", Validators(None, "Fri, 01 Mar 2024 10:00:00 GMT")),
]


@pytest.mark.parametrize(("etag", "modified", "kept"), CONDITIONAL)
def test_validators(etag: str | None, modified: str | None, kept: Validators | None) -> None:
    """N10: what is malformed, or ahead of its time, is not sent back."""
    headers = {"ETag": etag or "", "Last-Modified": modified or "", "Date": NOW.strftime("%a, %d %b %Y %H:%M:%S GMT")}
    outcome, _, _ = fetch(Reply(PAGE, 200, {name: value for name, value in headers.items() if value}))
    assert isinstance(outcome, Fetched)
    assert outcome.validators == kept


def test_asking_whether_a_page_changed() -> None:
    """304 keeps what was known, or takes what the server says anew."""
    with Site() as site:
        site.routes["/a"] = lambda _: Reply(b"", 304, {"Content-Length": "", "ETag": '"v2"'})
        site.routes["/b"] = lambda _: Reply(b"", 304, {"Content-Length": ""})
        with fetcher_of(World(site)) as fetcher:
            known = Validators('"v1"', "Fri, 01 Mar 2024 10:00:00 GMT")
            assert fetcher.fetch(URL, known) == NotModified(Validators('"v2"', None))
            assert fetcher.fetch("http://www.example.dk/b", known) == NotModified(known)
    assert site.asked[-1].headers["if-none-match"] == '"v1"'
    assert site.asked[-1].headers["if-modified-since"] == "Fri, 01 Mar 2024 10:00:00 GMT"


def test_credentials_go_to_their_own_origin_alone() -> None:
    """N2: dropped where a redirect leads to another host; nowhere in what is archived or said."""
    secret = "http://ida:hemmelig@www.example.dk/a"
    with Site() as site:
        site.routes.update({"/a": redirect("http://anden.example.dk/b"), "/b": Reply(b"", 403), "/c": PAGE})
        with fetcher_of(World(site)) as fetcher:
            fetcher.use_credentials(secret)
            refused = fetcher.fetch(URL)
            page = fetcher.fetch("http://www.example.dk/c")
    by_host = {it.host: "authorization" in it.headers for it in site.asked if it.target != "/robots.txt"}
    assert by_host == {"www.example.dk": True, "anden.example.dk": False}
    assert "hemmelig" not in str(refused)
    assert isinstance(page, Fetched)
    assert b"Authorization: REDACTED" in page.exchange.request_head


def test_secrets_of_an_address_are_asked_with_and_not_shown() -> None:
    """N12: the request has the token, the archive and the messages do not."""
    with Site() as site:
        site.routes.update({"/a": PAGE, "/b": redirect("/b?access_token=abc123&n=1")})
        with fetcher_of(World(site)) as fetcher:
            page = fetcher.fetch(URL + "?access_token=abc123&side=2")
            loop = fetcher.fetch("http://www.example.dk/b?access_token=abc123&n=1")
    assert "/a?access_token=abc123&side=2" in site.paths()
    assert isinstance(page, Fetched)
    assert page.exchange.request_head.startswith(b"GET /a?access_token=REDACTED&side=2 HTTP/1.1\r\n")
    assert "abc123" not in str(loop)


def test_ports_and_schemes() -> None:
    """Only http and https at their own ports."""
    with fetcher_of(World()) as fetcher:
        codes = {url: fetcher.fetch(url).code for url in ("ftp://example.dk/", "http://example.dk:25/", "gopher://x/")}
    assert codes == {
        "ftp://example.dk/": "bad_address",
        "http://example.dk:25/": "bad_port",
        "gopher://x/": "bad_address",
    }


def test_a_host_without_an_address() -> None:
    """Tried again, then told."""
    world = World(names={"intet.example.dk": []})
    with fetcher_of(world) as fetcher:
        outcome = fetcher.fetch("http://intet.example.dk/")
    assert isinstance(outcome, Failed)
    assert outcome.code == "unreachable"
    assert world.connected == []


def test_sources_of_one_host_share_its_pause_and_its_robots() -> None:
    """Two sources on one host do not ask twice as often."""
    with Site() as site:
        site.routes["/*"] = PAGE
        world, hosts = World(site), Hosts()
        for _ in range(2):
            manners = Manners("arkiv@example.org")
            with Fetcher(manners, surroundings=world.surroundings(), hosts=hosts, tls=PLAIN) as fetcher:
                fetcher.fetch(URL)
    assert world.slept == [1.0, 1.0]
    assert site.paths(robots=True) == ["/robots.txt", "/a", "/a"]
