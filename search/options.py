"""What the commands that answer share: the opened data folder, and the values of their options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from kilde.danish.kommuner import by_name, former_by_name, nearest_names
from kilde.errors import UsageError
from kilde.folder import DataFolder
from kilde.model import PartialDate
from kilde.settings import Settings
from kilde.store import Store


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[DataFolder, Store]]:
    """The data folder and its store, to read from."""
    folder = settings.folder.require()
    with Store(folder.store) as store:
        yield folder, store


def codes_of(name: str) -> tuple[str, ...]:
    """The code that a name stands for, a former kommune for its main successor, which its mentions have; UsageError."""
    kommune = by_name(name)
    if kommune is not None:
        return (kommune.code,)
    former = former_by_name(name)
    if former is not None:
        return former.successors[:1]
    near = nearest_names(name)
    hint = f"; did you mean {', '.join(near)}?" if near else "; `kilde kommuner` lists them"
    raise UsageError(f"there is no kommune {name!r}{hint}")


def first_day(text: str | None) -> date | None:
    """The first day of a date on the command line."""
    return parsed_date(text).first if text else None


def last_day(text: str | None) -> date | None:
    """The last day of a date on the command line."""
    return parsed_date(text).last if text else None


def check_order(first: date | None, last: date | None) -> None:
    """Raise UsageError for a period that ends before it begins."""
    if first and last and last < first:
        raise UsageError(f"--from {first} lies after --to {last}; swap them")


def parsed_date(text: str) -> PartialDate:
    """A date of the command line; raises UsageError."""
    try:
        return PartialDate.parse(text)
    except ValueError as error:
        raise UsageError(str(error)) from error


KRONER = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{1,15})(?:[,.](\d{1,2}))?")
"""A point before three digits marks thousands, as Danes write it: 500.000 is half a million."""


def ore(text: str | None) -> int | None:
    """Kroner of the command line in øre; raises UsageError."""
    if text is None:
        return None
    found = KRONER.fullmatch(text.replace(" ", ""))
    if found is None:
        raise UsageError(f"expected kroner as a number like 500000 or 1250,50, found {text!r}")
    kroner = Decimal(found[1].replace(".", "") + "." + (found[2] or "0"))
    return int(kroner * 100)
