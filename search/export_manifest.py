"""What an export says of itself, so that its figures can be checked and made again years later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from index.fields import fingerprint
from kilde.contract import number
from kilde.store import Store
from kilde.store_tables import SCHEMA
from search.export_cells import Column
from search.export_queries import rules_of
from search.found import Commit
from search.page import Coverage, Filters

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: the command, the query as it was typed, and all that narrows or orders the lines."""

    command: str
    query: str | None = None
    filters: Json = field(default_factory=dict)
    """Without those that leave everything in."""
    options: Json = field(default_factory=dict)
    """Order, sample, seed, width of context and the like."""


def manifest_of(asked: Asked, columns: Sequence[Column], store: Store, coverage: Coverage) -> Json:
    """The manifest of lines from the store, without what is known when they are written: their number, the file."""
    archive = store.archive_end()
    return {
        "kilde": version("kilde"),
        "command": asked.command,
        "query": asked.query,
        "filters": asked.filters,
        "options": asked.options,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "columns": {column.name: column.kind.value for column in columns},
        "archive": {"file": archive[0], "offset": archive[1]} if archive else None,
        "store": {"schema": SCHEMA, "change": store.change()},
        "index": None,
        "rules": [{"reader": reader, "rules": rules, "documents": count} for reader, rules, count in rules_of(store)],
        "analyzer": fingerprint(),
        "coverage": coverage_json(coverage),
    }


def index_json(commit: Commit) -> Json:
    """Which commit of the index answered, and the change of the store that it covers."""
    return {"generation": commit.generation, "change": commit.change, "records": commit.records}


def coverage_json(coverage: Coverage) -> Json:
    """The coverage as CONTRACTS promise it."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(coverage).items()}


def filters_json(filters: Filters) -> Json:
    """The filters that are set; days as ISO 8601, amounts in kroner."""
    given = {name: value for name, value in asdict(filters).items() if value not in ((), None)}
    return {name: _plain(name, value) for name, value in given.items()}


def _plain(name: str, value: Any) -> Any:
    if name.startswith("amount"):
        return number(Decimal(value) / 100)
    if isinstance(value, date):
        return value.isoformat()
    return list(value)
