"""The words of the pages in Danish and English, and how each writes numbers, days and money."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files

from kilde.model import PartialDate

LANGUAGES = ("da", "en")
_MONTHS = {
    "da": [
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_LAST = str.maketrans({"æ": "{", "ø": "|", "å": "}"})
"""Three characters behind z, in the order of the Danish alphabet."""
_SWAP = str.maketrans(",.", ".,")
_LARGE = ((10**9, {"da": "mia.", "en": "billion"}), (10**6, {"da": "mio.", "en": "million"}))

Wording = Callable[..., str]


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """The words by key and language."""
    text = files("search.web").joinpath("words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {key: {"da": danish, "en": english} for key, danish, english in rows}


def wording(language: str) -> Wording:
    """A function from a key, and what its places are filled with, to the words; KeyError for a key that is none.

    A number called `n` chooses between `key.one` and `key.many`, and stands in them as the language writes it.
    """

    def say(key: str, /, **values: object) -> str:
        n = values.get("n")
        if isinstance(n, int):
            key += ".one" if n == 1 else ".many"
            values["n"] = number(n, language)
        text = words()[key][language]
        return text.format(**values) if values else text

    return say


def number(value: int | float | Decimal, language: str) -> str:
    """A number with its thousands parted.

    >>> number(1250, "da"), number(1250.5, "en")
    ('1.250', '1,250.50')
    """
    text = f"{int(value):,}" if value == int(value) else f"{value:,.2f}"
    return text.translate(_SWAP) if language == "da" else text


def alphabetical(name: str) -> str:
    """What names are sorted by in Danish: æ, ø and å stand last, and aa is å.

    >>> sorted(["Aarhus", "Ærø", "Faaborg", "Fredericia"], key=alphabetical)
    ['Fredericia', 'Faaborg', 'Ærø', 'Aarhus']
    """
    return name.casefold().replace("aa", "å").translate(_LAST)


def money(øre: int, language: str) -> str:
    """An exact amount in the way of the language.

    >>> money(6_990_000_000, "da"), money(6_990_000_000, "en")
    ('69,9 mio. kr.', 'DKK 69.9 million')
    """
    kroner = Decimal(øre) / 100
    for size, names in _LARGE:
        if abs(kroner) >= size and kroner * 100 % size == 0:
            text = f"{(kroner / size).normalize():,f}"
            return f"{text.translate(_SWAP)} {names['da']} kr." if language == "da" else f"DKK {text} {names['en']}"
    text = number(kroner, language)
    return f"{text} kr." if language == "da" else f"DKK {text}"


def day(text: str | None, language: str) -> str:
    """A date as it is known: 2020, 2020-01 or 2020-01-16, or a time in UTC, of which the day is given.

    >>> day("2020-01-16", "da"), day("2020-01", "en")
    ('16. januar 2020', 'January 2020')
    """
    if not text:
        return ""
    date = PartialDate.parse(text[:10])
    if not date.month:
        return str(date.year)
    month = f"{_MONTHS[language][date.month - 1]} {date.year}"
    if not date.day:
        return month
    return f"{date.day}{'.' if language == 'da' else ''} {month}"


def months(language: str) -> list[str]:
    """The names of the months."""
    return _MONTHS[language]
