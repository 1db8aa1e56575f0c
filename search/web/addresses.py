"""Addresses: permanent, readable, one for each answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode

from kilde.danish.kommuner import Kommune, kommuner

SEARCH = "/soeg"
KOMMUNER = "/kommuner"
SOURCES = "/kilder"
OPERATIONS = "/drift"
HELP = "/hjaelp"
API = "/api"

_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e"})
_NO_SLUG = re.compile("[^a-z0-9]+")

Pairs = tuple[tuple[str, str], ...]
PAIRS_KEPT = 4_096


@dataclass(frozen=True, slots=True)
class Address:
    """A path without language and format, and its parameters in their fixed order."""

    path: str
    query: Pairs = ()

    def text(self, language: str = "da", form: str = "html") -> str:
        """The address as it stands in a link, from the root.

        >>> Address("/soeg", (("q", "bolig"),)).text("en", "csv")
        '/en/soeg.csv?q=bolig'
        """
        front = "" if language == "da" else f"/{language}"
        path = (front + self.path) if self.path != "/" else (front or "/")
        ending = "" if form == "html" else f".{form}"
        return path + ending + ("?" + "&".join(map(encoded, self.query)) if self.query else "")

    def without(self, *names: str) -> Address:
        """The same without some parameters."""
        return Address(self.path, tuple(pair for pair in self.query if pair[0] not in names))

    def having(self, name: str, value: str) -> Address:
        """The same with one parameter, which is set anew."""
        return Address(self.path, (*self.without(name).query, (name, value)))

    def toggled(self, name: str, value: str) -> Address:
        """The same with a value of a list added, or taken away where it is there; from its first page."""
        chosen = (name, value)
        kept = tuple(pair for pair in self.query if pair != chosen and pair[0] != "cursor")
        return Address(self.path, kept if chosen in self.query else (*kept, chosen))


@lru_cache(maxsize=PAIRS_KEPT)
def encoded(pair: tuple[str, str]) -> str:
    """A parameter as an address has it. A page has hundreds of addresses of a few parameters each.

    >>> encoded(("q", "børn og unge"))
    'q=b%C3%B8rn+og+unge'
    """
    return urlencode((pair,))


def slug(name: str) -> str:
    """A name as an address spells it.

    >>> slug("Høje-Taastrup")
    'hoeje-taastrup'
    """
    return _NO_SLUG.sub("-", name.lower().translate(_LETTERS)).strip("-")


def kommune_address(kommune: Kommune) -> Address:
    """The page of a kommune: `/kommune/0751-aarhus`."""
    return Address(f"/kommune/{kommune.code}-{slug(kommune.name)}")


def region_address(region: str) -> Address:
    """The page of a region: `/region/nordjylland`."""
    return Address(f"/region/{slug(region.removeprefix('Region '))}")


def record_address(record: str) -> Address:
    """The page of a record."""
    return Address(f"/post/{quote(record, safe='')}")


def document_address(document: str) -> Address:
    """The page of a document."""
    return Address(f"/dokument/{quote(document, safe='')}")


def search_address(pairs: Iterable[tuple[str, str]]) -> Address:
    """A search."""
    return Address(SEARCH, tuple(pairs))


def regions() -> dict[str, str]:
    """The regions, those of 2027 too, by the ends of their addresses."""
    names = {name for kommune in kommuner().values() for name in (kommune.region, kommune.region_2027)}
    return {slug(name.removeprefix("Region ")): name for name in sorted(names) if name}
