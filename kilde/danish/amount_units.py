"""What an amount is counted in: currencies, percent, and the words that multiply (`mio.`, `tkr.`).

Patterns are built from the lexicon's `currencies.tsv` and `magnitudes.tsv`; a new form is a new line there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from kilde.danish.folding import DASH, GAP
from kilde.danish.lexicon_rows import read_rows

DKK = "DKK"
PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Unit:
    """A currency or percent, and what one of the numbers before it counts for."""

    code: str
    factor: Decimal

    @property
    def single(self) -> bool:
        """Whether it counts single kroner (or euro), which have no third decimal."""
        return self.factor == 1 and self.code != PERCENT


@cache
def _currencies() -> dict[str, Unit]:
    return {_key(form): Unit(code, Decimal(factor)) for form, code, factor, *_ in read_rows("currencies.tsv")}


@cache
def _magnitudes() -> dict[str, Decimal]:
    return {_key(form): Decimal(factor) for form, factor, _ in read_rows("magnitudes.tsv")}


def _key(form: str) -> str:
    return "".join(form.casefold().replace(".", "").split())


def _alternation(forms: Iterable[str]) -> str:
    """The forms, longest first; a final point may be left out, and a form that ends in a letter ends a word."""
    return "|".join(_form_pattern(form) for form in sorted(forms, key=len, reverse=True))


def _form_pattern(form: str) -> str:
    words = form.removesuffix(".").split(" ")
    pattern = rf"{GAP}".join(re.escape(word) for word in words)
    if form.endswith("."):
        return rf"{pattern}(?:\.|(?![^\W_]))"
    return rf"{pattern}(?![^\W_])" if form[-1].isalnum() else pattern


@cache
def forms(place: str, *, percent: bool = False) -> tuple[str, ...]:
    """The forms of currencies (or of percent) that stand `before` or `after` a number."""
    rows = read_rows("currencies.tsv")
    return tuple(form for form, code, _, where, *_ in rows if where in (place, "both") and (code == PERCENT) == percent)


@cache
def magnitude_pattern(*, bare: bool = False) -> str:
    """A word that multiplies; `bare`: only those that may stand for kroner without saying so."""
    return _alternation(form for form, _, alone in read_rows("magnitudes.tsv") if alone == "yes" or not bare)


@cache
def after_pattern() -> str:
    """The unit after a number, for IGNORECASE; groups `mag`, `cur`, `pct`, `point` (procentpoint) and `bare`."""
    return _pattern(forms("after"))


@cache
def unit_pattern() -> str:
    """A unit wherever it stands, with the groups of `after_pattern`."""
    return _pattern({*forms("after"), *forms("before")})


def _pattern(currencies: Iterable[str]) -> str:
    currency = _alternation(currencies)
    percent = _alternation(forms("after", percent=True))
    return (
        rf"(?P<mag>(?:(?:{magnitude_pattern()}){GAP}){{0,2}}+)(?P<cur>{currency})"
        rf"|(?P<point>(?:%|pct\.?|procent)(?:{GAP}|{DASH})(?:point|enhed)\w*)"
        rf"|(?P<pct>{percent})"
        rf"|(?P<bare>{magnitude_pattern(bare=True)})"
    )


@cache
def before_pattern() -> str:
    """The unit before a number, for IGNORECASE; groups `mag` and `cur`."""
    return rf"(?P<mag>(?:(?:{magnitude_pattern()}){GAP})?)(?P<cur>{_alternation(forms('before'))})(?:{GAP}:)?"


@cache
def before_endings() -> tuple[str, ...]:
    """How a text ends, in lower case, where a unit may stand before a number."""
    return tuple({ending for form in forms("before") for ending in (form.lower(), form.lower().removesuffix("."))})


@cache
def worded_pattern() -> str:
    """A unit that number words stand before, in lower case or with a capital, grouped by its first letter for speed."""
    words = [form for form, _, alone in read_rows("magnitudes.tsv") if alone == "yes"]
    words += [form for form, *_, worded in read_rows("currencies.tsv") if worded == "words"]
    initials = sorted({word[0] for word in words})
    return "|".join(
        f"[{initial}{initial.upper()}](?:{_alternation(word[1:] for word in words if word[0] == initial)})"
        for initial in initials
    )


@lru_cache(maxsize=1024)
def read_unit(mag: str | None, cur: str) -> Unit:
    """The unit that the groups of the patterns above stand for."""
    unit = _currencies()[_key(cur)]
    return Unit(unit.code, unit.factor * read_magnitude(mag or ""))


@lru_cache(maxsize=1024)
def read_magnitude(words: str) -> Decimal:
    """What a number before these words is multiplied by; 1 for no word."""
    factor = Decimal(1)
    for word in re.findall(r"[^\W\d_]+", words):
        factor *= _magnitudes()[_key(word)]
    return factor
