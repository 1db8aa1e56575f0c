"""The links of a page, their addresses as the page means them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from ingest.readers.html_names import fold
from ingest.readers.html_tree import Element, texts
from kilde.model import Link

SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})
"""What a reader may follow; `javascript:` and `data:` are no addresses."""
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Links:
    """Reads links; `base` is the address of the page's `<base>`, which the others start from."""

    base: str | None = None

    def of(self, anchor: Element) -> Link | None:
        """The link of an `<a>`; None where it has no text."""
        text = fold("".join(texts(anchor))).strip()
        return Link(text, self.address(anchor.get("href"))) if text else None

    def inside(self, node: Element) -> list[Link]:
        """The links inside an element."""
        return [link for anchor in node.iter("a") if (link := self.of(anchor)) is not None]

    def address(self, href: str | None) -> str | None:
        """An address, put together with the page's base; None for what is none."""
        href = (href or "").strip()
        if not href or len(href) > LONGEST:
            return None
        try:
            if urlsplit(href).scheme.lower() not in SCHEMES:
                return None
            return urljoin(self.base, href) if self.base else href
        except ValueError:
            return None


def find_base(roots: Sequence[Element]) -> str | None:
    """The address that a page's `<base href>` gives, where it is one of the web."""
    for root in roots:
        for base in root.iter("base"):
            href = (base.get("href") or "").strip()
            if href.lower().startswith(("http://", "https://")) and len(href) <= LONGEST:
                return href
    return None
