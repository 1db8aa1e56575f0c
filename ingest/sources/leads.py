"""Where lists lead: the links of a page, the entries of a feed, the addresses of a sitemap; and the lists of last time.

A list that has not changed (304) has no body, so its leads are remembered: an unchanged site costs only 304s.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from ingest.fetching.urls import Address, parse_address
from ingest.sources.seen import Validators

LIFETIME = timedelta(days=30)
"""How long a list is believed to be unchanged on its server's word; then it is fetched whole once."""
LARGEST = 1_000_000
"""Characters of a list that is remembered; a longer one is fetched whole each time."""
FORM = 1
"""Of the JSON below; what has another one is not believed."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A link, an entry or an address of a list."""

    address: Address
    text: str = ""
    main: bool = True
    """Whether it stands in the content of its page."""
    paging: bool = False
    """Whether it leads to more of the same list."""
    date: str | None = None
    """The day on which the list says that the page was published (a feed), or changed (a sitemap)."""


class Memory(Protocol):
    """What is kept of lists between visits: a bounded number of short texts by key."""

    def get(self, key: str) -> str | None:
        """The text that was put under a key; None where there is none, or no more."""

    def put(self, key: str, value: str) -> None:
        """Keep a text under a key, in place of an older one."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as it was read."""

    leads: tuple[Lead, ...]
    validators: Validators | None


def recall(memory: Memory, key: str, by: str, now: datetime) -> Listing | None:
    """The list as it was last time; `by` names how it was read: what was read otherwise is not recalled."""
    text = memory.get(key)
    if text is None:
        return None
    try:
        kept = json.loads(text)
        if kept["form"] != FORM or kept["by"] != by or now - datetime.fromisoformat(kept["at"]) > LIFETIME:
            return None
        leads = tuple(map(lead_of, kept["leads"]))
        return Listing(leads, Validators(kept["etag"], kept["last_modified"]))
    except (ValueError, KeyError, TypeError):
        return None


def remember(memory: Memory, key: str, by: str, now: datetime, listing: Listing) -> None:
    """Keep a list for the next visit, where its server can say whether it changed and no lead holds a secret."""
    if listing.validators is None or any(lead.address.secret for lead in listing.leads):
        return
    kept = {
        "form": FORM,
        "by": by,
        "at": now.isoformat(),
        "etag": listing.validators.etag,
        "last_modified": listing.validators.last_modified,
        "leads": [row_of(lead) for lead in listing.leads],
    }
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    if len(text) <= LARGEST:
        memory.put(key, text)


def row_of(lead: Lead) -> list[object]:
    """A lead in JSON."""
    return [lead.address.url, lead.text, int(lead.main), int(lead.paging), lead.date]


def lead_of(row: Sequence[object]) -> Lead:
    """A lead from JSON; raises ValueError where it is not one."""
    url, text, main, paging, date = row
    address = parse_address(str(url))
    if address is None:
        raise ValueError(f"{url} is no address")
    return Lead(address, str(text), bool(main), bool(paging), None if date is None else str(date))
