"""The archive of a made-up agency's newsletter over three years, as such sites are: lists, issues, documents, change.

`Archive` owns the pages; tests change them between two visits. Every page has an ETag and a Last-Modified and answers
304 to who knows it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from tests.ingest.site import Reply, Request, Site

HOST = "www.stevnsborg.example.dk"
START = f"http://{HOST}/nyhedsbreve/"
MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "august", "september", "oktober", "november")
YEARS = (2021, 2022, 2023)
PER_LIST = 8
PDFS = (1, 4)
"""Numbers of the issues of a year that come as PDF as well."""
TOWNS = ("Aabenraa", "Varde", "Hjørring", "Køge", "Ringsted", "Odense", "Thisted", "Vejle", "Greve", "Skive")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
MENU = """<nav aria-label="Hovedmenu"><ul><li><a href="/">Forside</a></li><li><a href="/puljer/">Puljer</a></li>
<li><a href="/kontakt">Kontakt</a></li><li><a href="/nyhedsbreve/tilmelding">Tilmeld nyhedsbrev</a></li></ul></nav>"""
FOOT = """<footer><p>Styrelsen for Lokale Fællesskaber, Torvet 3, 4200 Slagelse</p>
<a href="/om-os/cookiepolitik">Cookies</a> <a href="https://www.facebook.com/sharer?u=nyhedsbreve">Del</a></footer>"""


def page_of(title: str, content: str) -> bytes:
    """A page of the site."""
    return (
        f'<!doctype html><html lang="da"><head><meta charset="utf-8"><title>{title} | Stevnsborg</title></head><body>'
        f"{MENU}<main><h1>{title}</h1>{content}</main>{FOOT}</body></html>"
    ).encode()


def issue(year: int, month: str, number: int) -> bytes:
    """One newsletter."""
    town, other = TOWNS[number % 10], TOWNS[(number + 3) % 10]
    return page_of(
        f"Lokalt Nyt {month} {year}",
        f"<p class='dato'>Udgivet den 4. {month} {year}</p>"
        f"<h2>{town} Kommune åbner nyt mødested</h2><p>Borgmesteren klippede snoren den 2. {month}, og over 200 borgere"
        f" deltog. Mødestedet har kostet 1,{number} mio. kr., og frivillige står for driften.</p>"
        f"<h2>Frivillige i {other} får støtte</h2><p>Styrelsen giver {number}50.000 kr. til lektiehjælp og sprogcaféer"
        f" i {other} Kommune. Projektet løber til udgangen af {year + 1}.</p>"
        + (f'<p><a href="/media/{year}/lokalt-nyt-{number:02}.pdf">Hent som PDF</a></p>' if number in PDFS else "")
        + '<p><a href="/puljer/mødesteder">Læs om puljen</a></p>',
    )


@dataclass
class Archive:
    """The site's pages by path; `lists` are made anew from the issues."""

    site: Site
    years: tuple[int, ...] = YEARS
    pages: dict[str, bytes] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    """Status by path."""

    def __post_init__(self) -> None:
        number = 0
        for year in self.years:
            for month in MONTHS:
                self.pages[f"/nyhedsbreve/{year}/{month}"] = issue(year, month, number % 10)
                number += 1
            for pdf in PDFS:
                self.pages[f"/media/{year}/lokalt-nyt-{pdf:02}.pdf"] = PDF + f"% {year} {pdf}\n".encode()
        self.site.routes["/*"] = self.answer

    def issues(self) -> list[str]:
        """The paths of the issues, the latest first."""
        return [path for path in reversed(self.pages) if path.startswith("/nyhedsbreve/")]

    def list_page(self, number: int) -> bytes | None:
        """A page of the list; None beyond the last."""
        here = self.issues()[(number - 1) * PER_LIST : number * PER_LIST]
        if not here:
            return None
        items = "".join(
            f'<li><a href="{path}?utm_source=arkiv">Lokalt Nyt, {path.rpartition("/")[2]}</a></li>' for path in here
        )
        more = f'<a rel="next" href="?side={number + 1}">Næste</a>' if number * PER_LIST < len(self.issues()) else ""
        numbers = "".join(f'<a href="?side={it}">{it}</a>' for it in range(1, -(-len(self.issues()) // PER_LIST) + 1))
        pager = f'<div class="pagination">{numbers}{more}</div>'
        return page_of("Nyhedsbreve", f"<p>Her finder du alle numre af Lokalt Nyt.</p><ul>{items}</ul>{pager}")

    def find(self, request: Request) -> bytes | None:
        """The body of an address; None where there is none."""
        path, _, query = request.target.partition("?")
        if path in {"/nyhedsbreve/", "/nyhedsbreve"}:
            return self.list_page(int(query.removeprefix("side=") or 1))
        return self.pages.get(path)

    def answer(self, request: Request) -> Reply:
        """A page with its validators, or 304."""
        path = request.target.partition("?")[0]
        body = None if path in self.gone else self.find(request)
        if body is None:
            return Reply(page_of("Siden findes ikke", "<p>Beklager.</p>"), self.gone.get(path, 404))
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        headers = {"ETag": etag, "Last-Modified": "Mon, 04 Mar 2024 06:00:00 GMT"}
        if request.headers.get("if-none-match") == etag:
            return Reply(b"", 304, {**headers, "Content-Length": ""})
        kind = "application/pdf" if path.endswith(".pdf") else "text/html; charset=utf-8"
        return Reply(body, 200, {**headers, "Content-Type": kind})


@dataclass
class Books:
    """What a night keeps: a memory of lists, and what it knows of each locator; tests look into it."""

    lists: dict[str, str] = field(default_factory=dict)
    pages: dict[str, object] = field(default_factory=dict)

    def get(self, key: str) -> str | None:
        return self.lists.get(key)

    def put(self, key: str, value: str) -> None:
        self.lists[key] = value
