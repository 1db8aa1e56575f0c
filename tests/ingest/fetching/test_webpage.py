"""A page as a crawler sees it: where links stand; hostile pages."""

from __future__ import annotations

import pytest

from ingest.fetching.webpage import MOST_BYTES, check_selector, read_page
from tests.timing import least_seconds

URL = "https://www.example.dk/nyt/"


def links(body: str, selector: str | None = None) -> list[tuple[str, bool, bool]]:
    """Address, in the content, paging."""
    page = read_page(body.encode(), "text/html; charset=utf-8", URL, selector)
    return [(it.address.url.removeprefix("https://www.example.dk"), it.main, it.paging) for it in page.links]


PLACES = [
    ("<p><a href=a>A</a></p>", [("/nyt/a", True, False)]),
    ("<nav><a href=a>A</a></nav>", [("/nyt/a", False, False)]),
    ("<div class='top-menu menu'><a href=a>A</a></div>", [("/nyt/a", False, False)]),
    ("<div role=navigation><a href=a>A</a></div>", [("/nyt/a", False, False)]),
    ("<a href=a>A</a><main><a href=b>B</a></main>", [("/nyt/a", False, False), ("/nyt/b", True, False)]),
    ("<main><nav><a href=a>A</a></nav></main>", [("/nyt/a", False, False)]),
    ("<body class=menu><p><a href=a>A</a></p>", [("/nyt/a", True, False)]),
    ("<ul class=pagination><li><a href='?side=2'>2</a></ul>", [("/nyt/?side=2", True, True)]),
    ("<a rel=next href='?side=2'>Næste</a>", [("/nyt/?side=2", True, True)]),
    ("<link rel=next href='?side=2'><link rel=stylesheet href=a.css>", [("/nyt/?side=2", True, True)]),
    ("<a rel=nofollow href=a>A</a><a href=#x>X</a><a href=mailto:a@b.dk>M</a><a>N</a>", []),
    ("<base href=/andet/><a href=a>A</a>", [("/andet/a", True, False)]),
    ("<meta name=robots content='noindex, nofollow'><a href=a>A</a>", []),
    ("<map><area href=a></map>", [("/nyt/a", True, False)]),
]


@pytest.mark.parametrize(("body", "found"), PLACES)
def test_where_links_stand(body: str, found: list[tuple[str, bool, bool]]) -> None:
    """Content, menus, paging."""
    assert links(body) == found


def test_a_selector_chooses_links_or_what_they_stand_in() -> None:
    """And the way to the next page is never lost."""
    body = "<ul class=l><li><a href=a>A</a></ul><a class=k href=b>B</a><a href=c>C</a><a rel=next href='?side=2'>N</a>"
    assert [it[0] for it in links(body, ".l, .k")] == ["/nyt/a", "/nyt/b", "/nyt/?side=2"]


@pytest.mark.parametrize(("selector", "good"), [("main .liste > a", True), ("..x", False), ("a[", False), ("", False)])
def test_selectors(selector: str, good: bool) -> None:
    """Wrong ones are explained."""
    assert (check_selector(selector) is None) is good


HOSTILE = [
    ("deep", b"<div>" * 8_000 + b"<a href=/x>x</a>"),
    ("nested links", b"<a href=/q><b>" * 4_000),
    ("nested headings", b"<h1>" * 8_000),
    ("many attributes", b"<a " + b" ".join(b"a%d=1" % n for n in range(20_000)) + b" href=/x>y</a>"),
    ("an unclosed comment", b"<!--" + b"<a href=/x>" * 20_000),
    ("NULs", b"\0" * 100_000),
    ("no text", bytes(range(256)) * 400),
    ("UTF-16", "<a href=/x>ø</a>".encode("utf-16")),
    ("classes", b"<p class='" + b"menu-" * 50_000 + b"'><a href=/x>y</a>"),
]


@pytest.mark.parametrize("body", [it[1] for it in HOSTILE], ids=[it[0] for it in HOSTILE])
@pytest.mark.parametrize("selector", [None, "div a, h1, a b"])
def test_hostile_pages_are_read_in_time(body: bytes, selector: str | None) -> None:
    """Four times the page takes not sixteen times the time of this process; nothing raises."""
    quarter, whole = (
        least_seconds(lambda it=it: read_page(it, "text/html; charset=foo", URL, selector))  # type: ignore[misc]
        for it in (body[: len(body) // 4], body)
    )
    assert whole < 16 * quarter + 0.2


def test_only_the_beginning_of_a_page_is_looked_at() -> None:
    """And the page says so."""
    page = read_page(b"<a href=/a>A</a>" + b" " * MOST_BYTES + b"<a href=/b>B</a>", "text/html", URL)
    assert [it.address.url for it in page.links] == ["https://www.example.dk/a"]
    assert page.cut
