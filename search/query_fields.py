"""The terms of a query that name a field: `kommune:Aarhus`, `title:"ny pulje"`, `amount:>=5mio`.

What a value means is read here already, since the words after it may belong to it: `kommune:Høje Taastrup`,
`amount:>=5 mio. kr.`, `date:1. kvartal 2020`. The longest reading wins.
"""

from __future__ import annotations

import re
from contextlib import suppress

from search.query_errors import CorrectionError, Place, nearest
from search.query_names import FIELDS, OPERATORS
from search.query_terms import read_phrase, read_quoted, read_word, sign_of
from search.query_tree import FieldIs, FieldName, Phrase, Value, Word
from search.query_values import read_value
from search.query_words import QUOTES, after_blanks, bare, chunk_end, denies, has_content, opened, plain, quote, unended

MOST_JOINED = 4
"""Words after a value that are tried as a part of it."""

_FIELD = re.compile(r"([^\W\d_]+):(?!//)(.*)", re.DOTALL)
_OPERATOR = re.compile(r"[<>≥≤=]*")
_MAY_GO_ON = frozenset({FieldName.KOMMUNE, FieldName.REGION, FieldName.DATE, FieldName.MENTIONS, FieldName.AMOUNT})
"""Fields whose values can be told from words that happen to follow, so that these need no quotation marks."""


def field_parts(place: Place, chunk: str) -> tuple[str, str] | None:
    """Name and value of a chunk that names a field, rightly or wrongly; None for a word.

    A word with a colon after it ("Formål: ...") names a field only if there is one of that name.
    """
    found = _FIELD.fullmatch(chunk)
    if found is None:
        return None
    name, written = found.groups()
    after = place.text[place.end : place.end + 1]
    if written or name.casefold() in FIELDS or (after and after in f"({QUOTES}"):
        return name, written
    return None


def read_field(place: Place, name: str, written: str) -> tuple[FieldIs, int]:
    """A field with its value, and where that ends: the value may stand in quotation marks, also after `>=`."""
    field, head = FIELDS.get(name.casefold()), f"{name}:"
    if field is None:
        raise _unknown(place, name, written)
    after = place.text[place.end : place.end + 1]
    inner, end = "", place.end
    is_quoted = bool(after) and after in QUOTES and _OPERATOR.fullmatch(written) is not None
    if is_quoted:
        inner, end = read_quoted(Place(place.text, place.end, place.end))
    value = written + inner if is_quoted else unended(written)
    if not has_content(value):
        raise _empty(place.upto(end), head, value)
    if field is FieldName.TITLE:
        return FieldIs(field, _title(place.upto(end), head, written, inner)), end
    if field in _MAY_GO_ON and not is_quoted:
        value, end = _with_more(place, field, value)
    return FieldIs(field, _value(place.upto(end), head, field, value)), end


def _unknown(place: Place, name: str, written: str) -> Exception:
    close = nearest(name, FIELDS)
    as_words = f'"{name}:{written}"' if has_content(written) else f"{name} {written}"
    instead = f"{close}:{written}" if close else as_words
    return place.refuse(f"expected a field ({', '.join(FIELDS)}), found {name!r}", instead)


def _empty(place: Place, head: str, written: str) -> Exception:
    """The value is taken from what follows where that stands apart."""
    follows = after_blanks(place.text, place.end)
    if place.text[follows : follows + 1] == "(":
        return place.refuse(f"expected one value after {head}, found '('; each value needs its own {head}")
    stands_apart = place.end < follows < len(place.text) and place.text[follows] != ")"
    instead = head + written if stands_apart else ""
    return place.upto(follows).refuse(f"expected a value right after {head}{written}", instead)


def _title(place: Place, head: str, written: str, inner: str) -> Word | Phrase:
    if not inner:
        return read_word(place, written, head)
    if written:
        raise place.refuse(f"expected a phrase right after {head}, found {written!r}", f'{head}"{inner}"')
    return read_phrase(place, inner, head)


def _value(place: Place, head: str, field: FieldName, written: str) -> Value:
    try:
        return read_value(field, written)
    except CorrectionError as error:
        instead = error.instead and head + quote(error.instead)
        raise place.refuse(str(error), instead, place.text.index(":", place.start) + 1) from error


def _with_more(place: Place, field: FieldName, written: str) -> tuple[str, int]:
    """The value with as many of the words after it as still make a value, and where that ends."""
    longest = joined, end = written, place.end
    for _ in range(MOST_JOINED):
        start = after_blanks(place.text, end)
        end = chunk_end(place.text, start)
        chunk = plain(place.text[start:end])
        if not chunk or _begins_anew(chunk) or denies(place.text, start):
            break
        joined = f"{joined} {chunk}"
        with suppress(CorrectionError):
            read_value(field, unended(joined))
            longest = unended(joined), end
    return longest


def _begins_anew(chunk: str) -> bool:
    begun = opened(chunk)
    return bare(chunk) in OPERATORS or bool(sign_of(begun)) or _FIELD.fullmatch(begun) is not None
