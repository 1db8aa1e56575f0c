"""The names that a query knows, in English and Danish: operators, fields, and the values of closed facets."""

from __future__ import annotations

from functools import cache

from kilde.danish.kommuner import kommuner, name_key
from kilde.model import DocumentKind
from search.query_tree import FieldName

OR_WORDS = frozenset({"OR", "ELLER"})
NOT_WORDS = frozenset({"NOT", "IKKE"})
AND_WORDS = frozenset({"AND", "OG"})
"""They change nothing, since all words must occur; known so that nobody searches for the word by mistake."""

OPERATORS = OR_WORDS | NOT_WORDS | AND_WORDS

FIELDS = {
    "kommune": FieldName.KOMMUNE,
    "region": FieldName.REGION,
    "source": FieldName.SOURCE,
    "kilde": FieldName.SOURCE,
    "kind": FieldName.KIND,
    "type": FieldName.KIND,
    "publisher": FieldName.PUBLISHER,
    "udgiver": FieldName.PUBLISHER,
    "title": FieldName.TITLE,
    "titel": FieldName.TITLE,
    "theme": FieldName.THEME,
    "tema": FieldName.THEME,
    "date": FieldName.DATE,
    "dato": FieldName.DATE,
    "mentions": FieldName.MENTIONS,
    "nævner": FieldName.MENTIONS,
    "amount": FieldName.AMOUNT,
    "beløb": FieldName.AMOUNT,
}

KINDS = {kind.value: kind for kind in DocumentKind} | {
    "nyhedsbrev": DocumentKind.NEWSLETTER,
    "katalog": DocumentKind.CATALOGUE,
    "bevillinger": DocumentKind.GRANTS,
    "referat": DocumentKind.MINUTES,
    "artikel": DocumentKind.ARTICLE,
    "side": DocumentKind.PAGE,
    "andet": DocumentKind.OTHER,
}


@cache
def regions() -> dict[str, str]:
    """Full names of the regions, those of 2027 too, by what `region_key` makes of them."""
    names = {name for kommune in kommuner().values() for name in (kommune.region, kommune.region_2027)}
    return {region_key(name): name for name in sorted(names) if name}


def region_key(name: str) -> str:
    """What all spellings of a region's name share."""
    return name_key(name).removeprefix("region ")
