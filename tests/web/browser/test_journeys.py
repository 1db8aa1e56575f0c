"""What researchers do, in a real browser: with a mouse, with the keyboard alone, and without scripts."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web.browser.conftest import NewPage
from tests.web.hostile import PAYLOADS

PAGES = {
    "forside": "/",
    "soeg": "/soeg?q=indsats",
    "soeg-filtre": "/soeg?q=indsats&kommune=0751",
    "soeg-intet": "/soeg?q=zzzqqq",
    "fejl": "/soeg?q=%28bolig",
    "kommuner": "/kommuner",
    "kommune": "/kommune/0751-aarhus",
    "region": "/region/midtjylland",
    "kilder": "/kilder",
    "drift": "/drift",
    "hjaelp": "/hjaelp",
    "api": "/api",
    "login": "/login",
}
LOOKS = ((320, "dark", True), (1280, "light", True), (375, "light", False), (1600, "dark", False))
"""Widths, colours, and whether axe looks at the page as well: it finds the same at other widths."""


def every_page(client: httpx.Client) -> dict[str, str]:
    """The pages by name, a record's and a document's among them."""
    hit = client.get("/soeg.json?q=kommune:Hedensted").json()["hits"][0]
    return PAGES | {"post": f"/post/{hit['id']}", "dokument": f"/dokument/{hit['document']}"}


def arrived(page: Page, pattern: str) -> None:
    """Wait until a page of such an address is there, its scripts and all."""
    expect(page).to_have_url(re.compile(pattern))
    page.wait_for_load_state("load")


def test_search_facet_record_citation(new_page: NewPage) -> None:
    """Search, tick a kommune, open a hit, copy its citation."""
    page = new_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")
    page.locator("#q").fill("indsats")
    page.keyboard.press("Enter")
    arrived(page, r"/soeg\?q=indsats$")
    before = page.locator(".hit").count()
    count = int(page.locator(".facet .count").first.inner_text())
    page.locator("input[name=kommune]").first.click()
    arrived(page, r"/soeg\?q=indsats&kommune=\d{4}$")
    expect(page.locator(".hit")).to_have_count(min(count, 20))
    assert min(count, 20) <= before
    page.locator(".hit h3 a").first.click()
    arrived(page, r"/post/[a-z2-7]+$")
    page.locator("textarea").first.focus()
    assert "SHA-256" in page.evaluate("document.activeElement.value")
    page.get_by_role("button", name="Kopiér").first.click()
    expect(page.get_by_role("button", name="Kopieret").first).to_be_visible()
    assert "SHA-256" in page.evaluate("navigator.clipboard.readText()")
    page.go_back()
    page.locator(".active a").first.click()
    arrived(page, r"/soeg\?q=indsats$")


def test_kommune_page_to_csv(new_page: NewPage) -> None:
    """From the list of kommuner to one, and its mentions as a file."""
    page = new_page()
    page.goto("/kommuner")
    page.get_by_role("link", name="Hedensted", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hedensted Kommune")
    with page.expect_download() as download:
        page.locator(".forms").get_by_role("link", name="CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("code,name,role")
    assert all(line.startswith("0766,Hedensted") for line in lines[1:])
    assert download.value.suggested_filename == "kommune-0766-hedensted.csv"


def test_map_and_timeline(new_page: NewPage) -> None:
    """A click on the map chooses a kommune, one on a bar a year; both are links with names."""
    page = new_page(1600)
    page.goto("/soeg?q=indsats")
    page.locator(".map a[aria-label^='Herning:'] path").click()
    arrived(page, "kommune=0657")
    page.goto("/soeg?q=indsats")
    bar = page.locator(".bars a").last
    year = (bar.get_attribute("aria-label") or "")[:4]
    bar.click()
    arrived(page, f"year={year}")
    expect(page.locator(".active")).to_contain_text(year)


def test_keyboard_alone(new_page: NewPage) -> None:
    """The first stop skips to the content; a search, its first hit and the map can be reached without a mouse."""
    page = new_page()
    page.goto("/soeg")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "indhold"
    page.locator("#q").focus()
    page.keyboard.type("indsats")
    page.keyboard.press("Enter")
    arrived(page, r"/soeg\?q=indsats$")
    expect(page.locator(".hit h3 a").first).to_be_visible()
    page.locator("#sort").focus()
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('href') || ''"))
    assert any(address.startswith("/post/") for address in reached)
    area = page.locator(".map a").first
    area.focus()
    assert page.evaluate("getComputedStyle(document.activeElement.querySelector('path')).strokeWidth") != "2px"
    page.keyboard.press("Enter")
    arrived(page, "kommune=0165")


def test_without_scripts(new_page: NewPage) -> None:
    """Everything works with scripts turned off; the address is as clean."""
    page = new_page(scripts=False)
    page.goto("/")
    page.locator("input[name=q]").fill("indsats")
    page.locator("button[type=submit]").first.click()
    arrived(page, r"/soeg\?q=indsats$")
    page.locator("input[name=kommune]").first.check()
    page.get_by_role("button", name="Vis resultater").click()
    arrived(page, r"/soeg\?q=indsats&kommune=\d{4}$")
    page.locator("#sort").select_option("newest")
    page.get_by_role("button", name="Sortér").click()
    arrived(page, r"sort=newest$")
    page.goto("/soeg")
    page.get_by_role("link", name="Næste side").click()
    arrived(page, "cursor=")
    expect(page.locator(".hit")).to_have_count(20)
    expect(page.get_by_role("button", name="Kopiér")).to_have_count(0)


def test_suggestions_while_typing(new_page: NewPage) -> None:
    """The list below the field has the kommune that is being typed."""
    page = new_page()
    page.goto("/")
    page.locator("#q").press_sequentially("bolig hede")
    expect(page.locator("#forslag option").first).to_have_attribute("value", "bolig kommune:Hedensted")


def test_english_beside_it(new_page: NewPage) -> None:
    """The same answer in the other language is one click away."""
    page = new_page()
    page.goto("/soeg?q=indsats")
    page.get_by_role("link", name="English").click()
    arrived(page, r"/en/soeg\?q=indsats$")
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize(("width", "scheme", "axe"), LOOKS)
def test_pages_fit_and_are_accessible(
    new_page: NewPage, client: httpx.Client, shots: Path, width: int, scheme: str, axe: bool
) -> None:
    """No page is wider than the window; axe finds nothing serious; a picture of each is kept."""
    page = new_page(width, scheme)
    found = []
    for name, path in every_page(client).items():
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{path} is wider than {width}")
        for issue in Axe().run(page).response["violations"] if axe else ():
            if issue["impact"] in ("serious", "critical"):
                nodes = [node["html"][:120] for node in issue["nodes"][:3]]
                found.append(f"{path}: {issue['id']} {nodes}")
        page.screenshot(path=shots / f"{name}-{width}-{scheme}.png", full_page=True)
    assert found == []


def test_strings_of_documents_never_run(new_page: NewPage, client: httpx.Client) -> None:
    """Sixty strings in every field of a document, on every page that shows them: no dialog, no refusal, no stranger."""
    assert len(PAYLOADS) >= 60
    page = new_page()
    paths = ["/", "/soeg?q=farlig*", "/kilder", "/kommune/0751-aarhus", "/drift"]
    address = "/api/v1/search?q=farlig*&limit=100&by=document"
    hits = client.get(address).json()["hits"]
    assert len(hits) > 55
    paths += [f"/dokument/{hit['document']}" for hit in hits]
    paths += [f"/post/{hit['id']}" for hit in hits[::6]]
    for path in paths:
        page.goto(path, wait_until="domcontentloaded")
        assert (
            page.evaluate("document.querySelectorAll('main script, main img, main iframe, main [onerror]').length") == 0
        )


def test_strings_that_are_asked_never_run(new_page: NewPage) -> None:
    """The same strings as queries, in results and in refusals."""
    page = new_page()
    page.goto("/soeg")
    for payload in PAYLOADS[::3]:
        page.locator("#q").fill(payload)
        with page.expect_navigation(wait_until="load"):
            page.keyboard.press("Enter")
        expect(page.locator("#q")).to_be_attached()
