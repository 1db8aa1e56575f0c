"""The parameters of an address, read strictly: what cannot be meant is refused, never guessed at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_origin
from urllib.parse import parse_qsl

from pydantic import ValidationError

from kilde.errors import UsageError
from search.web.asked import Asked

MOST_FIELDS = 200
LISTS = frozenset(
    field.alias or name for name, field in Asked.model_fields.items() if get_origin(field.annotation) is list
)
"""The parameters that may repeat."""
SEARCH = frozenset(field.alias or name for name, field in Asked.model_fields.items())
"""The parameters of a search."""


def read_parameters(query_string: bytes, known: frozenset[str]) -> dict[str, str | list[str]]:
    """The parameters by name, a list for those that may repeat; UsageError for bad UTF-8 and what is not `known`.

    >>> read_parameters(b"q=bolig&kommune=0751", SEARCH)
    {'q': 'bolig', 'kommune': ['0751']}
    """
    try:
        pairs = parse_qsl(
            query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except UnicodeError as error:
        raise UsageError("expected an address in UTF-8, percent-encoded") from error
    except ValueError as error:
        raise UsageError(f"expected at most {MOST_FIELDS} parameters") from error
    found: dict[str, str | list[str]] = {}
    for name, value in pairs:
        if name not in known:
            accepted = ", ".join(sorted(known)) or "none"
            raise UsageError(f"there is no parameter {name[:40]!r} here; there are: {accepted}")
        if name in LISTS:
            values = found.setdefault(name, [])
            assert isinstance(values, list)
            values.append(value)
        elif name in found:
            raise UsageError(f"expected {name} once, found it several times")
        else:
            found[name] = value
    return found


def read_asked(parameters: Mapping[str, str | list[str]]) -> Asked:
    """The parameters checked; UsageError names the first that is wrong, and what was expected."""
    try:
        return Asked.model_validate(parameters)
    except ValidationError as error:
        raise UsageError(first_fault(error.errors())) from error


def first_fault(faults: object) -> str:
    """What the first of pydantic's errors says, in one line."""
    assert isinstance(faults, list | tuple)
    first = faults[0]
    where = ".".join(str(part) for part in first["loc"] if part not in ("query", "path"))
    message = str(first["msg"]).removeprefix("Value error, ")
    return f"{where}: {message}" if where else message
