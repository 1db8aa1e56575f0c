"""How the values of facets are shown to a reader, in Danish."""

from __future__ import annotations

from kilde.danish.kommuner import kommuner

KINDS = {
    "newsletter": "Nyhedsbrev",
    "catalogue": "Katalog",
    "grants": "Bevillinger",
    "minutes": "Referat",
    "article": "Artikel",
    "page": "Side",
    "mail": "Mail",
    "other": "Andet",
}
ROLES = {"authority": "Myndighed", "place": "Sted", "institution": "Institution"}


def label(facet: str, value: str) -> str:
    """What a person reads: `Aarhus` for the kommune 0751, the value itself where there is no other name for it."""
    if facet == "kommune":
        known = kommuner().get(value)
        return known.name if known else value
    return {"kind": KINDS, "role": ROLES}.get(facet, {}).get(value, value)
