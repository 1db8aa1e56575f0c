"""Sources as kilde.toml defines them: where documents come from, how often, and what the source knows of them.

[sources.uim]
kind = "website"
start = ["https://www.example.dk/nyhedsbreve"]
publisher = "Udlændinge- og Integrationsministeriet"
cadence = "monthly"
contact = "arkiv@example.org"
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from kilde.model import DocumentKind


class Cadence(StrEnum):
    """How often a source publishes; the value is what kilde.toml says."""

    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    YEARLY = "yearly"
    IRREGULAR = "irregular"


DAYS = {
    Cadence.DAILY: 1,
    Cadence.WEEKLY: 7,
    Cadence.FORTNIGHTLY: 14,
    Cadence.MONTHLY: 31,
    Cadence.QUARTERLY: 92,
    Cadence.HALF_YEARLY: 184,
    Cadence.YEARLY: 366,
}
"""The longest time between two publications, in days; an irregular source is never late."""


PRINTABLE = re.compile(r"[\x20-\x7e]+\Z")


def checked_pattern(pattern: str) -> str:
    """A regular expression that can be used."""
    try:
        re.compile(pattern)
    except re.error as error:
        at = "" if error.pos is None else f" at character {error.pos + 1}"
        raise ValueError(f"{pattern!r} is no regular expression: {error.msg}{at}") from error
    return pattern


def checked_url(url: str) -> str:
    """An address of http or https."""
    try:
        parts = urlsplit(url)
        good = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or any(letter.isspace() for letter in url):
        shown = re.sub(r"//[^/@]*@", "//", url)
        raise ValueError(f"{shown!r} is no web address; write it whole, as https://www.example.dk/nyhedsbreve")
    return url


def checked_host(host: str) -> str:
    """The bare name of a host."""
    if not re.fullmatch(r"[\w.-]+|\[?[0-9a-fA-F:.]+\]?", host):
        raise ValueError(f"{host!r} is no host; write the name alone, as www.example.dk, without https:// and path")
    return host.strip("[]").lower()


def checked_contact(contact: str) -> str:
    """A contact that fits into the User-Agent."""
    if not PRINTABLE.match(contact) or not re.search(r"@|https?://", contact) or re.search(r"[()]", contact):
        raise ValueError(f"{contact!r} is no contact; write an e-mail address or the address of a web page")
    return contact


Pattern = Annotated[str, Field(min_length=1, max_length=1_000), AfterValidator(checked_pattern)]
Url = Annotated[str, Field(max_length=2_000), AfterValidator(checked_url)]
Host = Annotated[str, Field(max_length=253), AfterValidator(checked_host)]
Contact = Annotated[str, Field(min_length=3, max_length=200), AfterValidator(checked_contact)]
Selector = Annotated[str, Field(min_length=1, max_length=1_000)]
"""Whether a CSS selector can be used is for `ingest.fetching.webpage.check_selector` to say."""
SELECTORS = ("content", "title", "date", "links")
"""The keys whose values are CSS selectors."""


class Common(BaseModel):
    """What every source says of itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    publisher: str | None = Field(None, min_length=1, max_length=200)
    """Who publishes, where the documents do not say it themselves."""
    document_kind: DocumentKind | None = None
    """What its documents are, whatever they look like."""
    cadence: Cadence = Cadence.IRREGULAR
    check_days: float = Field(1, gt=0, le=366)
    """Days between two visits; a source is due when as many have passed."""
    since: str | None = Field(None, pattern=r"^\d{4}(-\d{2})?$")
    """The first month or year that the source should cover; missing months are counted from it."""


class Local(Common):
    """A source on this machine."""

    path: Path


class Folder(Local):
    """A folder of files of any format that Kilde reads."""

    kind: Literal["folder"]


class Mailbox(Local):
    """An .mbox file, a Maildir, or a folder of .eml files."""

    kind: Literal["mailbox"]


class Warc(Local):
    """WARC files of another crawler: a file or a folder of them."""

    kind: Literal["warc"]


class Remote(Common):
    """A source that is fetched over HTTP."""

    contact: Contact
    """An address at which the site's owner reaches whoever runs this Kilde; it stands in the User-Agent."""
    start: tuple[Url, ...] = Field(min_length=1)
    """Where a visit begins: pages, feeds or sitemaps; user and password may stand in them (https://user:pw@...)."""
    allow_hosts: tuple[Host, ...] = ()
    """Hosts by name that may have private addresses, and any port (an intranet)."""
    pause: float = Field(1.0, ge=0, le=60)
    """Seconds between two requests to one host, at least; robots.txt may ask for more."""
    most_pages: int = Field(2_000, ge=1, le=1_000_000)
    """Requests in one visit."""
    most_bytes: int = Field(2_000_000_000, ge=1)
    """Bytes that come in one visit."""
    most_seconds: float = Field(3_600, gt=0, le=86_400)
    """Seconds of one visit."""
    content: Selector | None = None
    """CSS selector of the part of a page that is content."""
    title: Selector | None = None
    """CSS selector of the title."""
    date: Selector | None = None
    """CSS selector of the date of publication."""
    include: tuple[Pattern, ...] = ()
    """Regular expressions; an address is kept where one is found in it. Without any, the defaults of the kind hold."""
    exclude: tuple[Pattern, ...] = ()
    """Regular expressions; an address in which one is found is left alone."""
    hosts: tuple[Host, ...] = ()
    """Further hosts of which pages may be kept."""


class Website(Remote):
    """Pages reached by links from start pages."""

    kind: Literal["website"]
    follow: tuple[Pattern, ...] = ()
    """Regular expressions of links to follow without keeping what they lead to: lists, later pages of a list."""
    links: Selector | None = None
    """CSS selector of the links to look at, or of what they stand in; all links of a page where it is left out."""
    depth: int = Field(2, ge=0, le=20)
    """Links between a list and what is kept: 1 for the pages that it links to, 2 for what these link to as well.

    0 keeps the start pages themselves, and nothing else.
    """


class Feed(Remote):
    """RSS or Atom feeds; what their entries link to is kept."""

    kind: Literal["feed"]


class Sitemap(Remote):
    """Sitemaps by the protocol of sitemaps.org, indexes of them too; what they list is kept."""

    kind: Literal["sitemap"]


Source = Annotated[Website | Feed | Sitemap | Mailbox | Folder | Warc, Field(discriminator="kind")]
"""One source of kilde.toml."""
KINDS: dict[str, type[Common]] = {
    "website": Website,
    "feed": Feed,
    "sitemap": Sitemap,
    "mailbox": Mailbox,
    "folder": Folder,
    "warc": Warc,
}
"""The kinds by the name that kilde.toml has for them."""
