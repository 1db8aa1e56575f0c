"""Websites: an archive of newsletters over three years, night after night; impostors, traps, budgets."""

from __future__ import annotations

import pytest

from ingest.fetching.urls import parse_address
from ingest.scope import Way, scope_of, way_from_list, way_from_page
from ingest.sources import website
from ingest.sources.leads import Lead
from ingest.sources.remote import Known
from ingest.sources.seen import Gone, Seen, Unchanged, Unseen
from kilde.sources import Website
from tests.ingest.newsletter_site import PDF, START, Archive, issue, page_of
from tests.ingest.site import Reply, Site, html, redirect
from tests.ingest.sources.visits import Nights, codes, seen

CONTACT = "arkiv@example.org"


def source(*start: str, **settings: object) -> Website:
    """A website source."""
    return Website(kind="website", start=start or (START,), contact=CONTACT, **settings)


@pytest.fixture
def nights():
    """The archive's site, and a source that says nothing but where it begins."""
    with Site() as site:
        yield Nights(site, source(publisher="Styrelsen for Lokale Fællesskaber"), website.collect)


def test_the_archive_is_found_whole_with_no_settings(nights: Nights) -> None:
    """All issues of three years over four lists, and the PDFs that they link to; no menus, no forms, no other pages."""
    archive = Archive(nights.site)
    sights = nights.visit()
    assert sorted(seen(sights)) == sorted(archive.pages)
    assert codes(sights) == {}
    first = next(it for it in sights if isinstance(it, Seen))
    assert first.observation.publisher == "Styrelsen for Lokale Fællesskaber"
    assert first.observation.media_type == "text/html; charset=utf-8"
    assert first.observation.observed == "2024-03-04T08:00:00Z"
    assert "utm_source" not in first.observation.locator
    kinds = {
        it.observation.media_type for it in sights if isinstance(it, Seen) and it.observation.locator.endswith("pdf")
    }
    assert kinds == {"application/pdf"}


def test_an_unchanged_site_costs_only_304s(nights: Nights) -> None:
    """Lists too: what they led to is remembered."""
    archive = Archive(nights.site)
    nights.visit()
    statuses: list[int] = []
    nights.site.routes["/*"] = lambda request: noted(archive.answer(request), statuses)
    sights = nights.visit()
    assert len(sights) == len(archive.pages)
    assert all(isinstance(it, Unchanged) for it in sights)
    assert set(statuses) == {304}


def noted(reply: Reply, statuses: list[int]) -> Reply:
    """An answer whose status is taken down."""
    statuses.append(reply.status)
    return reply


def test_new_changed_and_vanished_pages(nights: Nights) -> None:
    """New pages first; changed ones again; vanished ones are gone, once, though no list leads to them any more."""
    archive = Archive(nights.site)
    nights.visit()
    archive.pages["/nyhedsbreve/2024/januar"] = issue(2024, "januar", 5)
    archive.pages["/nyhedsbreve/2022/maj"] = issue(2022, "maj", 7)
    del archive.pages["/nyhedsbreve/2021/maj"]
    archive.gone["/media/2021/lokalt-nyt-01.pdf"] = 410
    sights = nights.visit()
    assert seen(sights) == ["/nyhedsbreve/2024/januar", "/nyhedsbreve/2022/maj"]
    gone = {it.locator.rpartition("/")[2]: it.detail for it in sights if isinstance(it, Gone)}
    assert gone == {"maj": "the server answers 404", "lokalt-nyt-01.pdf": "the server answers 410"}
    again = nights.visit()
    assert "/nyhedsbreve/2021/maj" not in nights.site.paths(), "what is gone and not linked is left alone"
    assert seen(again) == []


def test_a_304_is_asked_for_only_where_a_good_version_is_at_hand(nights: Nights) -> None:
    """N10: without one the page comes whole, and bytes are compared by whoever keeps them."""
    archive = Archive(nights.site, (2022,))
    nights.visit()
    assert sorted(seen(nights.visit(good=False))) == sorted(archive.pages)


def test_a_list_is_believed_to_be_unchanged_for_thirty_days(nights: Nights) -> None:
    """A server that answers 304 for ever cannot hide new issues for ever."""
    archive = Archive(nights.site, (2022,))
    nights.visit()
    nights.books.lists = {key: text.replace("2024-03-04", "2024-01-01") for key, text in nights.books.lists.items()}
    nights.site.routes["/*"] = lambda it: Reply(b"", 304, {"Content-Length": ""}) if asks(it) else archive.answer(it)
    archive.pages["/nyhedsbreve/2024/januar"] = issue(2024, "januar", 5)
    assert "/nyhedsbreve/2024/januar" in seen(nights.visit())


def asks(request: object) -> bool:
    """Whether a request is conditional."""
    return "if-none-match" in request.headers


LOGIN = "<h1>Log ind</h1><form><input name=bruger><input type=password></form>"
IMPOSTORS = [
    # name, what an issue's address brings the second night, code
    ("a login page", html(LOGIN, "Log ind"), "login_page"),
    ("a redirect to a login", redirect("/login?returnUrl=/nyhedsbreve"), "login_page"),
    ("a redirect to a login host", redirect("http://login.example.dk/x"), "login_page"),
    ("a redirect to the front page", redirect("/"), "soft_404"),
    ("a page that says it is not there", html("<h1>Siden blev ikke fundet</h1><p>Prøv at søge.</p>"), "soft_404"),
    ("with a date", html("<h1>Beklager, vi kan desværre ikke finde siden</h1>" + "<p>Nyt</p>" * 900), "soft_404"),
    ("in the title alone", html("<p>Prøv forsiden</p>", "404 - Siden findes ikke | Styrelsen"), "soft_404"),
    ("in English", html("<h1>Page not found</h1>"), "soft_404"),
    ("removed", html("<h1>Indholdet er fjernet</h1>"), "soft_404"),
    ("an error", html("<h1>Der er sket en fejl</h1>"), "error_page"),
    ("maintenance", html("<p>Siden er under vedligeholdelse. Vi er snart tilbage.</p>"), "error_page"),
    ("a captcha", html("<div class=g-recaptcha></div>", "Just a moment..."), "captcha"),
    ("nothing", Reply(b" \n"), "empty"),
    ("a password and little text", html("<p>Velkommen</p><input type=password>"), "login_page"),
    ("an error of the server", Reply(b"", 500), "http_500"),
    ("a broken answer", lambda _: [b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<p>"], "short_body"),
]


@pytest.mark.parametrize(("answer", "code"), [it[1:] for it in IMPOSTORS], ids=[it[0] for it in IMPOSTORS])
def test_impostors_never_replace_a_good_version(nights: Nights, answer: object, code: str) -> None:
    """N5: each is Unseen with its reason; all others are still visited."""
    archive = Archive(nights.site, (2022,))
    nights.visit()
    nights.site.routes["/nyhedsbreve/2022/maj"] = answer
    nights.site.routes["/login"] = nights.site.routes["login.example.dk/x"] = html(LOGIN)
    nights.site.routes["/"] = html("<h1>Velkommen til Stevnsborg</h1>")
    sights = nights.visit()
    assert codes(sights) == {"/nyhedsbreve/2022/maj": code}
    assert len(sights) == len(archive.pages)


def test_an_article_about_logins_and_404_is_no_impostor(nights: Nights) -> None:
    """Only what a page says of itself counts, and a login box in the head of a page does not."""
    text = "<p>Log ind på Borger.dk. 404 nye boliger. Siden blev ikke fundet af de ældre.</p>" * 40
    nights.source = source("http://www.example.dk/nyt/")
    nights.site.routes["/nyt/"] = html("<a href=a>A</a> <a href=b>B</a> <a href=c>C</a>")
    nights.site.routes["/nyt/a"] = html(f"<input type=password><h1>404 nye boliger i Køge</h1>{text}")
    nights.site.routes["/nyt/b"] = html(f"<h1>Login til alle med MitID</h1>{text}")
    nights.site.routes["/nyt/c"] = html("<h1>Kort nyt</h1><p>Der er sket en fejlslutning.</p>")
    assert seen(nights.visit()) == ["/nyt/a", "/nyt/b", "/nyt/c"]


@pytest.mark.parametrize(("letters", "taken"), [(10_000, False), (60, True)])
def test_text_that_collapses_with_a_weak_sign(nights: Nights, letters: int, taken: bool) -> None:
    """Against its own history a page with a password field and a tenth of its text is no new version."""
    body = html("<h1>Nyhedsbrev</h1><p>" + "ord " * 500 + "</p><input type=password>")
    nights.source = source("http://www.example.dk/nyt/")
    nights.site.routes.update({"/nyt/": html("<a href=a>A</a>"), "/nyt/a": body})
    nights.books.pages["http://www.example.dk/nyt/a"] = Known(None, True, letters)
    assert (seen(nights.visit()) == ["/nyt/a"]) is taken


def test_a_web_page_in_place_of_a_document(nights: Nights) -> None:
    """A PDF that is sent as HTML is a PDF; HTML that comes under a PDF's address is none."""
    nights.source = source("http://www.example.dk/nyt/")
    nights.site.routes["/nyt/"] = html("<a href=a.pdf>A</a> <a href=b.pdf>B</a>")
    nights.site.routes.update({"/nyt/a.pdf": Reply(PDF), "/nyt/b.pdf": html("<h1>Velkommen</h1>")})
    sights = nights.visit()
    assert [it.observation.media_type for it in sights if isinstance(it, Seen)] == ["application/pdf"]
    assert codes(sights) == {"/nyt/b.pdf": "soft_404"}


STARTS = [
    ("a login page", html(LOGIN), "login_page"),
    ("not there", Reply(b"", 404), "http_404"),
    ("led to the front page", redirect("/"), "soft_404"),
    ("no links", html("<p>Nyhedsbreve</p>"), "no_links"),
    ("only links elsewhere", html("<a href=https://facebook.com/x>F</a><nav><a href=/om>Om</a></nav>"), "no_links"),
    ("no page", Reply(PDF), "not_a_list"),
    ("server in trouble", Reply(b"", 503), "http_503"),
]


@pytest.mark.parametrize(("answer", "code"), [it[1:] for it in STARTS], ids=[it[0] for it in STARTS])
def test_a_start_page_that_leads_nowhere_is_fatal(nights: Nights, answer: object, code: str) -> None:
    """A source that lists nothing says so, loudly; known pages are still looked at."""
    archive = Archive(nights.site, (2022,))
    nights.visit()
    nights.books.lists.clear()
    nights.site.routes.update({"/nyhedsbreve/": answer, "/": html("Velkommen")})
    sights = nights.visit()
    assert [(it.code, it.fatal) for it in sights if isinstance(it, Unseen)] == [(code, True)]
    assert sum(isinstance(it, Unchanged) for it in sights) == len(archive.pages)


def test_robots_are_obeyed_and_said_once(nights: Nights) -> None:
    """N7: no request for what is disallowed."""
    archive = Archive(nights.site, (2022,))
    nights.site.routes["/robots.txt"] = b"User-agent: *\nDisallow: /media/"
    sights = nights.visit()
    assert list(codes(sights).values()) == ["robots"]
    assert not [it for it in nights.site.paths() if it.startswith("/media/")]
    assert len(seen(sights)) == sum(it.startswith("/nyhedsbreve/") for it in archive.pages)


def test_a_host_that_gives_up_is_left_alone(nights: Nights) -> None:
    """One fatal Unseen, and how many pages were passed over."""
    Archive(nights.site)
    nights.site.routes["/nyhedsbreve/2023/*"] = Reply(b"", 503, {"Retry-After": "86400"})
    sights = nights.visit()
    assert sorted(codes(sights).values()) == ["not_visited", "retry_later"]
    assert len(nights.site.paths()) == 6


def calendar(request: object) -> Reply:
    """A calendar without end: each month leads to the next."""
    month = int(request.target.partition("=")[2] or 0)
    return Reply(html(f'<a rel=next href="/kalender?side={month + 1}">Næste</a>'))


def sessions(request: object) -> Reply:
    """Each page leads to itself under a new name of the visitor's session."""
    count = len(request.target)
    return Reply(html(f'<a href="/nyt/a?PHPSESSID={count}">A</a><a href="/nyt/;jsessionid={count}">Forfra</a>'))


def deep(request: object) -> Reply:
    """Each page leads further down."""
    return Reply(html(f'<h1>Side</h1><a href="{request.target}x/">Dybere</a>'))


MANY_LINKS = html("".join(f"<a href=nr-{n}>Nr. {n}</a>" for n in range(400)))
TRAPS = [
    # name, routes, settings, most requests, codes
    ("an endless calendar", {"/nyt/": html("<a href=a>A</a><a href=/kalender?side=1 rel=next>Kalender</a>"),
                             "/nyt/a": html("<h1>A</h1>"), "/kalender*": calendar},
     {"follow": ("/kalender",)}, 9, ["crawler_trap"]),
    ("session ids", {"/nyt/*": sessions}, {}, 3, []),
    ("endless depth", {"/nyt/*": deep}, {"depth": 3}, 4, []),
    ("more depth than the budget", {"/nyt/*": deep}, {"depth": 20, "most_pages": 10}, 10, ["budget_pages"]),
    ("links without number", {"/nyt/": MANY_LINKS, "/nyt/*": html("hej")}, {"most_pages": 30}, 30,
     ["budget_pages", "list_too_long"]),
    ("bodies without end", {"/nyt/": html("".join(f"<a href={n}>{n}</a>" for n in range(99))),
                            "/nyt/*": html("x" * 50_000)}, {"most_bytes": 500_000}, 12, ["budget_bytes"]),
    ("no time", {"/nyt/": html("".join(f"<a href={n}>{n}</a>" for n in range(99))), "/nyt/*": html("hej")},
     {"most_seconds": 20}, 21, ["budget_seconds"]),
    ("only lists", {"/nyt/*": lambda it: Reply(html(f"<a href={it.target}1>X</a><a href=/dok/{len(it.target)}>D</a>")),
                    "/dok/*": html("hej")},
     {"follow": ("/nyt/",), "most_pages": 20}, 20, ["budget_lists", "budget_pages"]),
]  # fmt: skip
"""N9. The pause of a second is the made-up clock's."""


@pytest.mark.parametrize(("routes", "settings", "most", "said"), [it[1:] for it in TRAPS], ids=[it[0] for it in TRAPS])
def test_traps_end_at_a_budget_and_say_so(
    monkeypatch: pytest.MonkeyPatch,
    routes: dict[str, object],
    settings: dict[str, object],
    most: int,
    said: list[str],
) -> None:
    """N9: never silently."""
    monkeypatch.setattr("ingest.fetching.webpage.MOST_LINKS", 300)
    with Site() as site:
        site.routes.update(routes)
        nights = Nights(site, source("http://www.example.dk/nyt/", **settings), website.collect)
        sights = nights.visit()
        assert len(site.asked) <= most + 1
        found = [it.code for it in sights if isinstance(it, Unseen) and it.code != "dead_links"]
        assert found == said
        assert any(isinstance(it, Seen) for it in sights)


def test_secrets_of_start_pages_stay_out_of_sights_and_memory() -> None:
    """N12: user and password are used; a token in a link is asked with; neither is stored."""
    with Site() as site:
        site.routes["/nyt/"] = Reply(
            html("<a href=a?token=abc123>A</a><a href=a?token=def456>B</a>"), 200, {"ETag": '"1"'}
        )
        site.routes["/nyt/a"] = lambda it: (
            Reply(html("<h1>A</h1>")) if "authorization" in it.headers else Reply(b"", 401)
        )
        nights = Nights(site, source("http://ida:hemmelig@www.example.dk/nyt/"), website.collect)
        sights = nights.visit()
    assert seen(sights) == ["/nyt/a?token=REDACTED"]
    assert codes(sights) == {"kilden": "secret_addresses"}
    shown = repr([(it.observation, it.exchange.request_head) if isinstance(it, Seen) else it for it in sights])
    for secret in ("hemmelig", "abc123", "def456"):
        assert secret not in shown + str(nights.books.lists)


def test_a_redirected_page_keeps_the_address_that_was_asked_for() -> None:
    """The locator is stable; the url says where it stands."""
    with Site() as site:
        site.routes.update(
            {"/nyt/": html("<a href=a>A</a>"), "/nyt/a": redirect("/2024/a?utm_x=1"), "/2024/a": html("A")}
        )
        sights = Nights(site, source("http://www.example.dk/nyt/"), website.collect).visit()
    observation = next(it for it in sights if isinstance(it, Seen)).observation
    assert observation.locator == "http://www.example.dk/nyt/a"
    assert observation.url == "http://www.example.dk/2024/a"


def test_hints_go_with_each_observation() -> None:
    """A document reads the same when it is read again from the archive."""
    with Site() as site:
        site.routes.update({"/nyt/": html("<a href=a>A</a>"), "/nyt/a": html("A")})
        hints = {"content": "main", "title": "h1", "date": ".dato", "document_kind": "newsletter"}
        sights = Nights(site, source("http://www.example.dk/nyt/", **hints), website.collect).visit()
    kept = sights[0].observation.hints
    assert (kept.content, kept.title, kept.date, kept.kind) == ("main", "h1", ".dato", "newsletter")


def test_a_year_that_leads_nowhere_is_an_issue_itself() -> None:
    """Yearly publications look like lists of a year."""
    with Site() as site:
        site.routes["/redegoerelser/"] = html("<a href=2021/>2021</a> <a href=2022/>2022</a>")
        site.routes["/redegoerelser/2021/"] = page_of("Redegørelse 2021", "<p>Året der gik.</p>")
        site.routes["/redegoerelser/2022/"] = page_of("Nyt i 2022", "<a href=januar>Januar</a>")
        site.routes["/redegoerelser/2022/januar"] = page_of("Januar", "<p>Nyt.</p>")
        nights = Nights(site, source("http://www.example.dk/redegoerelser/"), website.collect)
        assert sorted(seen(nights.visit())) == ["/redegoerelser/2021/", "/redegoerelser/2022/januar"]


def test_a_selector_names_the_links() -> None:
    """Only links inside of what it chooses; a wrong one is told."""
    with Site() as site:
        site.routes["/nyt/"] = html("<div class=liste><p><a href=a>A</a></p></div><a href=b>B</a>")
        site.routes.update({"/nyt/a": html("A"), "/nyt/b": html("B")})
        assert seen(Nights(site, source("http://www.example.dk/nyt/", links=".liste"), website.collect).visit()) == [
            "/nyt/a"
        ]
        wrong = Nights(site, source("http://www.example.dk/nyt/", links="..x"), website.collect).visit()
    assert [(it.code, it.fatal) for it in wrong] == [("bad_selector", True)]


@pytest.mark.parametrize(("depth", "pages"), [(0, ["/nyt/"]), (1, ["/nyt/a"]), (2, ["/nyt/a", "/nyt/a.pdf"])])
def test_depth(depth: int, pages: list[str]) -> None:
    """The start pages themselves, what they link to, what that links to."""
    with Site() as site:
        site.routes.update({"/nyt/": html("<a href=a>A</a>"), "/nyt/a": html("<a href=a.pdf>A</a>"), "/nyt/a.pdf": PDF})
        nights = Nights(site, source("http://www.example.dk/nyt/", depth=depth), website.collect)
        assert seen(nights.visit()) == pages


LIST = "https://www.uim.dk/nyhedsbreve"
LINKS = [
    # link, text, in the content, marked as paging; way from a list, way from a page
    ("/nyhedsbreve/2020/januar", "Januar", True, False, Way.KEEP, Way.KEEP),
    ("/nyhedsbreve/2020/januar", "Januar", False, False, Way.KEEP, Way.KEEP),
    ("/nyheder/2020/nyt-fra-uim", "Nyt", True, False, Way.KEEP, Way.LEAVE),
    ("/nyheder", "Nyheder", False, False, Way.LEAVE, Way.LEAVE),
    ("/media/1/brev.pdf", "Hent", True, False, Way.KEEP, Way.KEEP),
    ("/media/1/brev.pdf", "Hent", False, False, Way.LEAVE, Way.LEAVE),
    ("https://media.uim.dk/brev.docx", "Hent", True, False, Way.KEEP, Way.KEEP),
    ("https://uim.dk/nyhedsbreve/a", "A", True, False, Way.KEEP, Way.KEEP),
    ("https://andet.dk/nyhedsbreve/a", "A", True, False, Way.LEAVE, Way.LEAVE),
    ("https://andet.dk/a.pdf", "A", True, False, Way.LEAVE, Way.LEAVE),
    ("/nyhedsbreve?page=2", "2", True, False, Way.LIST, Way.LEAVE),
    ("/nyhedsbreve/page/3", "3", True, False, Way.LIST, Way.KEEP),
    ("/nyhedsbreve?fra=20", "Næste", True, True, Way.LIST, Way.LEAVE),
    ("/nyhedsbreve/2019/", "2019", True, False, Way.YEAR, Way.KEEP),
    ("/nyhedsbreve/arkiv", "Arkiv 2018", True, False, Way.YEAR, Way.KEEP),
    ("/nyhedsbreve/tilmelding", "Tilmeld", True, False, Way.LEAVE, Way.LEAVE),
    ("/nyhedsbreve/logo.png", "", True, False, Way.LEAVE, Way.LEAVE),
    ("/om/cookiepolitik", "Cookies", True, False, Way.LEAVE, Way.LEAVE),
]


@pytest.mark.parametrize(("url", "text", "main", "paging", "listed", "paged"), LINKS, ids=[it[0] for it in LINKS])
def test_what_is_done_with_links(url: str, text: str, main: bool, paging: bool, listed: Way, paged: Way) -> None:
    """The defaults, for a source that says nothing but where it begins."""
    scope = scope_of(source(LIST))
    address = parse_address(url, LIST)
    assert address is not None
    lead = Lead(address, text, main, paging)
    assert way_from_list(scope, LIST, lead) is listed
    assert way_from_page(scope, lead) is paged


def test_settings_go_before_defaults() -> None:
    """include, exclude, follow and hosts."""
    told = {"include": (r"/brev/\d+",), "exclude": ("/brev/13",), "follow": ("/bladr",), "hosts": ("breve.example.dk",)}
    scope = scope_of(source(LIST, **told))
    ways = {
        "/brev/12": Way.KEEP,
        "/brev/13": Way.LEAVE,
        "/nyhedsbreve/a": Way.LEAVE,
        "/bladr/2": Way.LIST,
        "https://breve.example.dk/brev/1": Way.KEEP,
        "https://andet.example.dk/brev/1": Way.LEAVE,
    }
    assert {url: way_from_list(scope, LIST, Lead(parse_address(url, LIST))) for url in ways} == ways
