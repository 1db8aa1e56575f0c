"""Which links of a website are lists to follow, which lead to what is kept, and which are left alone.

The defaults are made for an ordinary archive of newsletters: a page that links to issues, perhaps over several pages or
years. Nothing has to be said of it. What a source says (`include`, `exclude`, `follow`, `hosts`) goes before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from ingest.fetching.urls import parse_address, site_of
from ingest.sources.leads import Lead
from kilde.sources import Website


class Way(Enum):
    """What is done with a link."""

    LIST = "list"
    YEAR = "year"
    """A list by its looks, of the issues of a year; one that leads to nothing is kept, since a year can be an issue."""
    KEEP = "keep"
    LEAVE = "leave"


DOCUMENT = re.compile(r"\.(?:pdf|docx?|docm|xlsx?|xlsm|odt|rtf|csv|tsv|zip|eml)\Z", re.IGNORECASE)
"""Endings of documents, which are kept wherever content links to them on the site."""
NO_DOCUMENT = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|ico|css|js|json|woff2?|mp[34]|m4[av]|wav|avi|mov|webm|ics|vcf|exe|dmg|apk|rss|atom)\Z",
    re.IGNORECASE,
)
"""Endings of what is never a document."""
CHORES = re.compile(
    r"/(?:log-?(?:in|ind|ud|out)|sign-?in|til-?meld\w*|af-?meld\w*|(?:un)?subscribe|cookie\w*|privatlivspolitik|kontakt"
    r"|tilgaengelighed\w*|was|sitemap|soeg|s%C3%B8g\w*|soegning|search|sog|kurv|print|del|share|rss)(?:[/.]|\Z)",
    re.IGNORECASE,
)
"""Pages of a site that are no publication, by the names they have on Danish ones; `include` brings them back."""
PAGE_PARAMETER = re.compile(
    r"(?:\A|&)(?:page|paged|pg|side|sidenr|pagenumber|pageindex|pageno|currentpage|offset|limitstart)=\d{1,6}(?:&|\Z)",
    re.IGNORECASE,
)
PAGE_PATH = re.compile(r"/(?:page|side)[/-]?\d{1,5}/?\Z", re.IGNORECASE)
YEAR_TEXT = re.compile(r"(?:(?:nyheds)?arkiv(?:et)?|nyhedsbreve(?: fra)?|år)?\W*(?:19|20)\d\d\W*\Z", re.IGNORECASE)
YEAR_PATH = re.compile(r"/(?:19|20)\d\d/?\Z")
INDEX = re.compile(r"/(?:index|default|forside)\.\w{2,5}\Z|\.(?:html?|aspx?|php|jsp)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scope:
    """The borders of a website source."""

    sites: frozenset[str]
    """Hosts without www."""
    folders: tuple[tuple[str, str], ...]
    """Site and path below which everything belongs to the source."""
    include: tuple[re.Pattern[str], ...]
    exclude: tuple[re.Pattern[str], ...]
    follow: tuple[re.Pattern[str], ...]


def scope_of(source: Website) -> Scope:
    """The borders that a source's definition draws."""
    starts = [address.url for start in source.start if (address := parse_address(start))]
    hosts = {host.lower().removeprefix("www.") for host in source.hosts}
    return Scope(
        sites=frozenset(map(site_of, starts)) | hosts,
        folders=tuple((site_of(url), folder_of(url)) for url in starts),
        include=tuple(map(re.compile, source.include)),
        exclude=tuple(map(re.compile, source.exclude)),
        follow=tuple(map(re.compile, source.follow)),
    )


def folder_of(url: str) -> str:
    """The path below which the pages of a start page stand, in lower case.

    >>> folder_of("https://example.dk/nyt"), folder_of("https://example.dk/nyt/index.html"), folder_of("https://a.dk/x.htm")
    ('/nyt/', '/nyt/', '/x/')
    """
    path = INDEX.sub("", urlsplit(url).path)
    return PAGE_PATH.sub("", path).rstrip("/").lower() + "/"


def way_from_list(scope: Scope, here: str, lead: Lead) -> Way:
    """What is done with a link of a list that stands at `here`."""
    if not is_open(scope, lead):
        return Way.LEAVE
    if found(scope.follow, lead.address.url) or is_next(here, lead):
        return Way.LIST
    if is_year(here, lead):
        return Way.YEAR
    if scope.include:
        return Way.KEEP if found(scope.include, lead.address.url) else Way.LEAVE
    if not lead.main and not is_below(scope, lead.address.url):
        return Way.LEAVE
    return Way.LEAVE if is_chore(lead.address.url) else Way.KEEP


def way_from_page(scope: Scope, lead: Lead) -> Way:
    """What is done with a link of a page that is kept: documents in its content, and pages below the start page."""
    url = lead.address.url
    if not is_open(scope, lead) or found(scope.follow, url):
        return Way.LEAVE
    if scope.include:
        return Way.KEEP if found(scope.include, url) else Way.LEAVE
    document = lead.main and DOCUMENT.search(urlsplit(url).path)
    return Way.KEEP if document or (is_below(scope, url) and not is_chore(url)) else Way.LEAVE


def is_open(scope: Scope, lead: Lead) -> bool:
    """Whether a link stays on the source's hosts and is not excluded; documents may stand on a host below them."""
    url = lead.address.url
    path = urlsplit(url).path
    if found(scope.exclude, url) or NO_DOCUMENT.search(path):
        return False
    site = site_of(url)
    return site in scope.sites or bool(
        DOCUMENT.search(path) and any(site.endswith(f".{own}") or own.endswith(f".{site}") for own in scope.sites)
    )


def is_next(here: str, lead: Lead) -> bool:
    """Whether a link leads from a list to another page of it."""
    if not is_near(here, lead):
        return False
    one, other = urlsplit(here), urlsplit(lead.address.url)
    same = one.path.rstrip("/") == other.path.rstrip("/")
    return lead.paging or bool(PAGE_PATH.search(other.path)) or (same and bool(PAGE_PARAMETER.search(other.query)))


def is_year(here: str, lead: Lead) -> bool:
    """Whether a link leads from a list to that of a year."""
    return is_near(here, lead) and bool(YEAR_PATH.search(urlsplit(lead.address.url).path) or YEAR_TEXT.match(lead.text))


def is_near(here: str, lead: Lead) -> bool:
    """Whether a link leads to a page at, below or beside a list."""
    one, other = urlsplit(here), urlsplit(lead.address.url)
    if site_of(here) != site_of(lead.address.url) or DOCUMENT.search(other.path):
        return False
    return (other.path.lower().rstrip("/") + "/").startswith(folder_of(here)) or beside(one.path, other.path)


def beside(one: str, other: str) -> bool:
    """Whether two paths differ only in their last part, as those of two years or two pages of a list do."""
    return one.rstrip("/").rpartition("/")[0] == other.rstrip("/").rpartition("/")[0] != ""


def is_below(scope: Scope, url: str) -> bool:
    """Whether an address stands below a start page."""
    site, path = site_of(url), urlsplit(url).path.lower()
    return any(site == own and path.startswith(folder) for own, folder in scope.folders)


def is_chore(url: str) -> bool:
    """Whether an address names a page that is no publication."""
    return bool(CHORES.search(urlsplit(url).path))


def found(patterns: tuple[re.Pattern[str], ...], url: str) -> bool:
    """Whether one of the patterns is found in an address."""
    return any(pattern.search(url) for pattern in patterns)
