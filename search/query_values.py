"""What stands after the colon of every field but `title`, read into a value; a CorrectionError where it is none."""

from __future__ import annotations

from collections.abc import Callable

from kilde.danish.kommuner import by_name, former_by_name, kommuner, nearest_names
from search.query_errors import CorrectionError, nearest
from search.query_names import KINDS, region_key, regions
from search.query_ranges import print_amounts, print_days, read_amounts, read_dates
from search.query_tree import Amounts, Dates, Exactly, FieldName

Read = Exactly | Dates | Amounts


def read_value(field: FieldName, text: str) -> Read:
    """The value of a field that is no text."""
    return _READERS[field](text)


def print_value(field: FieldName, value: Read) -> str:
    """A value as `read_value` reads it back."""
    if isinstance(value, Dates):
        return print_days(value)
    if isinstance(value, Amounts):
        return print_amounts(value)
    if field is FieldName.KOMMUNE:
        return value.former or kommuner()[value.value].name
    return value.value.removeprefix("Region ") if field is FieldName.REGION else value.value


def _read_kommune(text: str) -> Exactly:
    kommune = by_name(text)
    if kommune is not None:
        return Exactly(kommune.code)
    former = former_by_name(text)
    if former is not None:
        return Exactly(former.successors[0], former.name)
    names = nearest_names(text)
    near = f" (nearest: {', '.join(names)})" if names else ""
    raise CorrectionError(f"expected a kommune, found {text!r}{near}", names[0] if names else None)


def _read_region(text: str) -> Exactly:
    found = regions().get(region_key(text))
    if found is None:
        close = nearest(region_key(text), regions())
        raise CorrectionError(f"expected {' or '.join(regions().values())}, found {text!r}", close)
    return Exactly(found)


def _read_kind(text: str) -> Exactly:
    found = KINDS.get(text.casefold())
    if found is None:
        raise CorrectionError(f"expected one of {', '.join(KINDS)}, found {text!r}", nearest(text, KINDS))
    return Exactly(found.value)


_READERS: dict[FieldName, Callable[[str], Read]] = {
    FieldName.KOMMUNE: _read_kommune,
    FieldName.REGION: _read_region,
    FieldName.SOURCE: Exactly,
    FieldName.KIND: _read_kind,
    FieldName.PUBLISHER: Exactly,
    FieldName.THEME: Exactly,
    FieldName.DATE: read_dates,
    FieldName.MENTIONS: read_dates,
    FieldName.AMOUNT: read_amounts,
}
