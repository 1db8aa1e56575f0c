"""Sources as kilde.toml defines them: where documents come from, how often, and what the source knows of them.

[sources.uim]
kind = "website"
start = ["https://www.example.dk/nyhedsbreve"]
publisher = "Udlændinge- og Integrationsministeriet"
cadence = "monthly"
contact = "arkiv@example.org"
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

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

    contact: str = Field(min_length=3, max_length=200)
    """An address at which the site's owner reaches whoever runs this Kilde; it stands in the User-Agent."""
    allow_hosts: tuple[str, ...] = ()
    """Hosts by name that may have private addresses, and any port (an intranet)."""
    pause: float = Field(1.0, ge=0, le=60)
    """Seconds between two requests to one host, at least; robots.txt may ask for more."""
    most_pages: int = Field(2_000, ge=1, le=1_000_000)
    """Requests in one visit."""
    most_bytes: int = Field(2_000_000_000, ge=1)
    """Bytes of bodies in one visit."""
    most_seconds: float = Field(3_600, gt=0)
    """Seconds of one visit."""
    content: str | None = None
    """CSS selector of the part of a page that is content."""
    title: str | None = None
    """CSS selector of the title."""
    date: str | None = None
    """CSS selector of the date of publication."""
    include: tuple[str, ...] = ()
    """Regular expressions; an address is kept where one is found in it, all where there are none."""
    exclude: tuple[str, ...] = ()
    """Regular expressions; an address in which one is found is left alone."""


class Website(Remote):
    """Pages reached by links from start pages."""

    kind: Literal["website"]
    start: tuple[str, ...] = Field(min_length=1)
    follow: tuple[str, ...] = ()
    """Regular expressions of links to follow without keeping what they lead to: lists, later pages of a list."""
    links: str | None = None
    """CSS selector of the links to look at; all links of a page where it is left out."""
    depth: int = Field(2, ge=0, le=20)
    """Links between a start page and what is kept."""


class Feed(Remote):
    """RSS or Atom feeds; what their entries link to is kept."""

    kind: Literal["feed"]
    start: tuple[str, ...] = Field(min_length=1)


class Sitemap(Remote):
    """Sitemaps by the protocol of sitemaps.org, indexes of them too; what they list is kept."""

    kind: Literal["sitemap"]
    start: tuple[str, ...] = Field(min_length=1)


Source = Annotated[Website | Feed | Sitemap | Mailbox | Folder | Warc, Field(discriminator="kind")]
"""One source of kilde.toml."""
