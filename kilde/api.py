"""Kilde from Python: a data folder opened for reading, with the answers of the commands as values.

    archive = kilde.open("kilde-data")
    archive.search("indsats", kommune="Aarhus").to_frame()

Every method joins the functions below the command of its name; docs/api.md shows them all.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from kilde.api_answers import Answer, Hits
from kilde.errors import MissingError, UsageError
from kilde.folder import DataFolder
from kilde.model import Document, Record
from kilde.settings import Settings, load_settings
from kilde.store import Store
from search.cli import REPEATED, SPANS, StoreTexts, filters_of
from search.coverage import coverage_of
from search.engine import Engine, open_engine
from search.export_cells import Line
from search.hits import hit_of
from search.kwic import KWIC_COLUMNS, Width, kwic_lines
from search.kwic_order import in_order, key_of, sample
from search.mentions import GRANT_COLUMNS, MENTION_COLUMNS, Choice, find_grants, find_mentions, of_kommuner
from search.options import codes_of, first_day, last_day
from search.page import By, Coverage, Filters, Query, Sort
from search.query import parse_query
from search.similar import similar_to
from search.synonyms import Synonyms, synonyms_of

Several: TypeAlias = str | Sequence[str]
"""One value or several alternatives."""
Day: TypeAlias = str | date
"""2020, 2020-01, 2020-01-16 or a date."""
It = TypeVar("It")


@dataclass(frozen=True, slots=True)
class _Period:
    """Where lines come from, and when that was published."""

    sources: tuple[str, ...]
    first: date | None
    last: date | None


class Kilde:
    """A data folder opened for reading; `kilde.open` makes it. Close it, or use it in a `with`."""

    def __init__(self, folder: DataFolder, synonyms: Synonyms) -> None:
        self.folder = folder
        self.synonyms = synonyms
        self._store = Store(folder.store)
        self._texts = StoreTexts(self._store)
        self._engine: Engine = open_engine(folder.index, self._texts)

    def search(
        self,
        text: str = "",
        *,
        sort: str = "relevance",
        by: str = "record",
        limit: int | None = None,
        facets: Several = (),
        **filters: Several | Day | float | None,
    ) -> Hits:
        """The hits of a query in the language of docs/query.md, all of them or the first `limit`.

        Filters are those of `kilde search`: kommune, region, source, kind, publisher, theme, year, role (one value or
        several alternatives), published_from and _to, mentions_from and _to (days), amount_min and _max (kroner).
        QueryError, UsageError for what cannot be asked.
        """
        query = Query(
            text=text,
            tree=parse_query(text),
            filters=_filters(filters),
            facets=_several(facets),
            sort=_one_of(Sort, "sort", sort),
            limit=0,
            by=_one_of(By, "by", by),
            synonyms=self.synonyms,
        )
        page = self._engine.search(query)
        answer = self._engine.ask(query)
        page = replace(page, coverage=coverage_of(self.folder, self._store, query.filters.source))
        return Hits(page, lambda: (hit_of(answer.reading, it, self._texts) for it in islice(answer.walk(), limit)))

    def kwic(
        self,
        text: str,
        *,
        words: int = 8,
        sort: str = "date",
        sample_size: int | None = None,
        seed: int = 1,
        **filters: Several | Day | float | None,
    ) -> Answer[Line]:
        """Each match of a query's words with `words` words on each side, as `kilde kwic` sorts and samples them."""
        query = Query(text=text, tree=parse_query(text), filters=_filters(filters), synonyms=self.synonyms)
        answer = self._engine.ask(query)
        key = key_of(sort)

        def read() -> Iterator[Line]:
            lines: Iterable[Line] = kwic_lines(answer, self._store, Width(words))
            lines = sample(lines, sample_size, seed) if sample_size else lines
            return in_order(lines, key) if key else iter(lines)

        return Answer(read, KWIC_COLUMNS, dict)

    def similar(self, id_: str, *, limit: int = 10, **filters: Several | Day | float | None) -> Hits:
        """The documents most like the record or document with this id, by its most telling words."""
        page = similar_to(self._store, self._engine, id_, Query(filters=_filters(filters), limit=limit))
        page = replace(page, coverage=self.coverage)
        return Hits(page, lambda: iter(page.hits))

    def mentions(
        self,
        kommune: str | None = None,
        *,
        role: Several = (),
        source: Several = (),
        published_from: Day | None = None,
        published_to: Day | None = None,
    ) -> Answer[Line]:
        """Every mention of a kommune (a name in any spelling, a code, a former one), of all kommuner for None."""
        choice = _choice(_period(source, published_from, published_to), _several(role))
        choice = of_kommuner(codes_of(kommune) if kommune else (), choice)
        return Answer(lambda: find_mentions(self._store, choice), MENTION_COLUMNS, dict)

    def grants(
        self,
        kommune: Several = (),
        *,
        source: Several = (),
        published_from: Day | None = None,
        published_to: Day | None = None,
    ) -> Answer[Line]:
        """Every amount that a row or a sentence gives to a kommune, to any of several, or to all."""
        codes = tuple(dict.fromkeys(code for name in _several(kommune) for code in codes_of(name)))
        choice = of_kommuner(codes, _choice(_period(source, published_from, published_to), ()))
        return Answer(lambda: find_grants(self._store, choice), GRANT_COLUMNS, dict)

    def document(self, id_: str) -> Document:
        """The current version of a document, with its text, records and mentions; the beginning of its id is enough."""
        return self._found(id_)[0]

    def record(self, id_: str) -> Record:
        """A record with its text and mentions; the beginning of its id is enough."""
        document, record_id = self._found(id_)
        record = next((each for each in document.records if each.id == record_id), None)
        if record is None:
            raise UsageError(f"{id_!r} is a document, not a record: use document()")
        return record

    @property
    def coverage(self) -> Coverage:
        """What answers rest on."""
        return coverage_of(self.folder, self._store)

    def close(self) -> None:
        """Close the files; answers that have not been read then cannot be."""
        self._store.__exit__()

    def __enter__(self) -> Kilde:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Kilde {str(self.folder.path)!r}>"

    def _found(self, id_: str) -> tuple[Document, str]:
        found = dict.fromkeys(self._store.find(id_))
        if not found:
            raise MissingError(f"nothing has the id {id_!r}")
        if len(found) > 1:
            raise UsageError(f"{id_!r} begins several ids: {', '.join(record or name for name, record in found)}")
        document_id, record_id = next(iter(found))
        document = self._store.document(document_id)
        if document is None:
            raise MissingError(f"document {document_id} could never be read; `kilde status` says why")
        return document, record_id


def open_data(path: str | Path | None = None, *, config: str | Path | None = None) -> Kilde:
    """Open a data folder for reading: the one named, else that of the settings (KILDE_DATA, kilde.toml, ./kilde-data).

    MissingError where there is none, DamagedError where it cannot be read, SettingsError for wrong settings.
    """
    given: dict[str, object] = {"data": Path(path)} if path is not None else {}
    settings: Settings = load_settings(Path(config) if config else None, given, dict(os.environ))
    return Kilde(settings.folder.require(), synonyms_of(settings.synonyms))


def _filters(given: Mapping[str, Any]) -> Filters:
    """The filters of keyword arguments, read as the command line's options are."""
    names = [key for _, key, *_ in SPANS]
    unknown = next((name for name in given if name not in (*REPEATED, *names)), None)
    if unknown is not None:
        raise UsageError(f"there is no filter {unknown!r}; the filters are {', '.join((*REPEATED, *names))}")
    options: dict[str, Any] = {name: _several(given.get(name) or ()) for name in REPEATED}
    options |= {name: None if given.get(name) is None else str(given[name]) for name in names}
    return filters_of(options)


def _several(values: Any) -> tuple[str, ...]:
    return (str(values),) if isinstance(values, str | int) else tuple(map(str, values))


def _one_of(kind: type[It], name: str, value: str) -> It:
    try:
        return kind(value)  # type: ignore[call-arg]
    except ValueError:
        choices = ", ".join(each.value for each in kind)  # type: ignore[attr-defined]
        raise UsageError(f"{name}={value!r}: expected one of {choices}") from None


def _period(source: Several, first: Day | None, last: Day | None) -> _Period:
    return _Period(_several(source), first_day(str(first)) if first else None, last_day(str(last)) if last else None)


def _choice(period: _Period, roles: tuple[str, ...]) -> Choice:
    return Choice(roles=roles, sources=period.sources, published_from=period.first, published_to=period.last)
