"""A record's text as pieces to show: what is marked in it, and its lines and points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from kilde.danish.kommuner import kommuner
from kilde.model import AmountMention, DateMention, KommuneMention, Record
from search.web.addresses import Address, kommune_address
from search.web.words import Wording, day, money, number

POINT = "•"
SIGNS = frozenset(",.;:!?)]»”’/-")
"""Characters that stand at the end of a word without a space."""
Mention = KommuneMention | DateMention | AmountMention


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `kind` is empty, kommune, date or amount, `reading` what it was read as."""

    text: str
    kind: str = ""
    reading: str = ""
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text: a paragraph, or a point of a list."""

    pieces: tuple[Piece, ...]
    point: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that stand together: paragraphs, or the points of one list."""

    points: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A named cell of a row."""

    name: str
    lines: tuple[Line, ...]


def marked(record: Record, say: Wording, language: str, start: int = 0, end: int | None = None) -> tuple[Piece, ...]:
    """A stretch of a record's text in pieces, its mentions marked; of two that overlap the first and longer one."""
    end = len(record.text) if end is None else end
    found: list[Mention] = [*record.kommuner, *record.dates, *record.amounts]
    found.sort(key=lambda each: (each.start, -each.end))
    pieces: list[Piece] = []
    place = start
    for mention in found:
        if mention.start < place or mention.end > end or mention.start == mention.end:
            continue
        if place < mention.start:
            pieces.append(Piece(record.text[place : mention.start]))
        pieces.append(_marked(mention, record.text[mention.start : mention.end], say, language))
        place = mention.end
    if place < end:
        pieces.append(Piece(record.text[place:end]))
    return tuple(pieces)


def _marked(mention: Mention, text: str, say: Wording, language: str) -> Piece:
    if isinstance(mention, KommuneMention):
        kommune = kommuner().get(mention.code)
        name = kommune.official if kommune else mention.code
        reading = f"{name} ({mention.code}), {say(f'role.{mention.role.value}').lower()}"
        if mention.former:
            reading += f"; {say('reading.former', name=mention.former)}"
        return Piece(text, "kommune", reading, kommune_address(kommune) if kommune else None)
    if isinstance(mention, DateMention):
        return Piece(text, "date", date_reading(mention, say, language))
    return Piece(text, "amount", amount_reading(mention, say, language))


def date_reading(mention: DateMention, say: Wording, language: str) -> str:
    """What a date was read as."""
    first = day(mention.first.isoformat(), language) if mention.first else "…"
    last = day(mention.last.isoformat(), language) if mention.last else "…"
    span = first if mention.first == mention.last else f"{first} – {last}"
    return span if mention.basis.value == "explicit" else f"{span} ({say(f'basis.{mention.basis.value}')})"


def amount_reading(mention: AmountMention, say: Wording, language: str) -> str:
    """What an amount was read as."""
    text = quantity(mention.value, mention.unit, language)
    if mention.value_to is not None:
        text += f" – {quantity(mention.value_to, mention.unit, language)}"
    if mention.approximate:
        text = f"{say('reading.about')} {text}"
    return f"{say(f'bound.{mention.bound.value}')} {text}" if mention.bound else text


def quantity(value: Decimal, unit: str, language: str) -> str:
    """A number with its unit."""
    if unit == "DKK":
        return money(int(value * 100), language)
    return f"{number(value, language)} {'%' if unit == 'percent' else unit}"


def joined(following: str) -> str:
    """What follows a mention, with the space between them unless it begins with a sign.

    >>> joined("og Tønder."), joined(", Ribe")
    (' og Tønder.', ', Ribe')
    """
    return following if following[:1] in SIGNS else f" {following}"


def lines(pieces: Iterable[Piece]) -> tuple[Line, ...]:
    """The pieces in lines, empty ones left out; a mark that goes over a line's end is one of both."""
    found: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *others = piece.text.split("\n")
        found[-1].append(Piece(first, piece.kind, piece.reading, piece.address))
        found += [[Piece(other, piece.kind, piece.reading, piece.address)] for other in others]
    return tuple(_line(line) for line in found if any(piece.text.strip() for piece in line))


def _line(pieces: Sequence[Piece]) -> Line:
    kept = [piece for piece in pieces if piece.text]
    while not kept[0].text.strip():
        kept.pop(0)
    first = kept[0]
    text = first.text.lstrip()
    point = text.startswith(POINT) and not first.kind and text.strip(POINT) != ""
    bare = text[1:].lstrip() if point else text
    kept[0] = Piece(bare, first.kind, first.reading, first.address)
    return Line(tuple(piece for piece in kept if piece.text), point)


def grouped(found: Iterable[Line]) -> list[Group]:
    """The lines in groups."""
    return [Group(points, tuple(each)) for points, each in groupby(found, key=lambda line: line.point)]


def cells(record: Record, say: Wording, language: str) -> tuple[Cell, ...]:
    """The named cells of a row, each with its lines."""
    return tuple(
        Cell(field.name, lines(marked(record, say, language, field.start, field.end)))
        for field in record.fields
        if field.value.strip()
    )


def body(record: Record, say: Wording, language: str) -> tuple[Line, ...]:
    """The lines of a record behind its heading."""
    start = len(record.heading) if record.heading and record.text.startswith(record.heading) else 0
    return lines(marked(record, say, language, start))
