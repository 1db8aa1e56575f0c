"""What an address asks: its parameters checked and brought into one form, and the `Query` that they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from kilde.danish.kommuner import by_name, former_by_name, nearest_names
from kilde.model import DocumentKind, PartialDate
from kilde.model import Role as Naming
from search.options import ore
from search.page import DEFAULT_LIMIT, By, Filters, Query, Sort
from search.query import parse_query
from search.query_errors import MAX_CHARACTERS
from search.web.addresses import Pairs

LONGEST_PAGE = 100
LONGEST_CURSOR = 600
MOST_VALUES = 98
LONGEST_VALUE = 200

_KRONER = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3}){1,4}|[0-9]{1,15})(,[0-9]{1,2})?")


def _day(text: str | None) -> str | None:
    return str(PartialDate.parse(text)) if text else None


def _amount(text: str | None) -> str | None:
    """Kroner without marks of thousands, since "500.000" is half a million where Danes write it."""
    if text is None:
        return None
    found = _KRONER.fullmatch(text.replace(" ", ""))
    if found is None:
        raise ValueError(f"expected kroner as a number like 500000 or 1250,50, found {text!r}")
    return found[1].replace(".", "") + (found[2] or "")


def _values(read: Callable[[str], list[str]]) -> AfterValidator:
    """Values of a list, each read, in order and each once."""
    return AfterValidator(lambda texts: sorted({value for text in texts if text for value in read(text)}))


def _codes(name: str) -> list[str]:
    kommune, former = by_name(name), former_by_name(name)
    if kommune or former:
        return [kommune.code] if kommune else list(former.successors) if former else []
    near = ", ".join(nearest_names(name))
    raise ValueError(f"there is no kommune {name!r}" + (f"; did you mean {near}?" if near else ""))


def _year(text: str) -> list[str]:
    if len(text) == 4 and text.isascii() and text.isdecimal() and text >= "1000":
        return [text]
    raise ValueError(f"expected a year like 2020, found {text!r}")


def _one_of(known: frozenset[str]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        if text not in known:
            raise ValueError(f"expected one of {', '.join(sorted(known))}, found {text!r}")
        return [text]

    return read


Text = Annotated[str, Field(max_length=LONGEST_VALUE)]
Short = Annotated[str, Field(max_length=24)]
Day = Annotated[Short | None, AfterValidator(_day), Field(examples=["2020-01"])]
Amount = Annotated[Short | None, AfterValidator(_amount), Field(examples=["500000"])]
Cursor = Annotated[str, Field(max_length=LONGEST_CURSOR)]
Values = Annotated[list[Text], _values(lambda text: [text]), Field(max_length=MOST_VALUES)]
Codes = Annotated[list[Text], _values(_codes), Field(max_length=MOST_VALUES, examples=[["0751"]])]
Years = Annotated[list[Text], _values(_year), Field(max_length=MOST_VALUES, examples=[["2020"]])]
Kinds = Annotated[list[Text], _values(_one_of(frozenset(DocumentKind))), Field(max_length=MOST_VALUES)]
Roles = Annotated[list[Text], _values(_one_of(frozenset(Naming))), Field(max_length=MOST_VALUES)]
Name = Literal["kommune", "region", "source", "kind", "publisher", "theme", "year", "role"]


class Asked(BaseModel):
    """The parameters of a search, in the order of its address; those of other lists are some of them.

    Empty ones are as if they were not there, so that a form may send them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    q: str = Field(default="", max_length=MAX_CHARACTERS, description="The query: words, phrases, fields.")
    kommune: Codes = Field(default=[], description="Codes or names of kommuner; any of them.")
    region: Values = Field(default=[], description="Full names: Region Nordjylland.")
    year: Years = Field(default=[], description="Years of publication.")
    kind: Kinds = Field(default=[], description="Kinds of documents.")
    publisher: Values = Field(default=[], description="Publishers.")
    theme: Values = Field(default=[], description="Themes.")
    source: Values = Field(default=[], description="Names of sources.")
    role: Roles = Field(default=[], description="How kommuner are named: authority, place, institution.")
    from_: Day = Field(default=None, alias="from", description="Published on or after.")
    to: Day = Field(default=None, description="Published on or before; a month means its last day.")
    mentions_from: Day = Field(default=None, description="Mentions a date on or after.")
    mentions_to: Day = Field(default=None, description="Mentions a date on or before.")
    amount_min: Amount = Field(default=None, description="Mentions this many kroner or more.")
    amount_max: Amount = Field(default=None, description="Mentions this many kroner or fewer.")
    by: By = Field(default=By.RECORD, description="What a hit is.")
    sort: Sort = Field(default=Sort.RELEVANCE, description="The order of hits.")
    facet: list[Name] = Field(default=[], description="Facets to count.", max_length=8)
    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=LONGEST_PAGE, description="Hits on a page.")
    cursor: Cursor | None = Field(default=None, description="`next` of the page before.")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, values: Any) -> Any:
        return {name: value for name, value in values.items() if value != ""} if isinstance(values, dict) else values

    @model_validator(mode="after")
    def _in_order(self) -> Asked:
        for name, first, last in (
            ("from", self.from_, self.to),
            ("mentions_from", self.mentions_from, self.mentions_to),
        ):
            if first and last and PartialDate.parse(last).last < PartialDate.parse(first).first:
                raise ValueError(f"{name} {first} lies after {last}; swap them")
        return self


def pairs_of(asked: Asked) -> Pairs:
    """The parameters as an address has them: in their order, without those that are as if not there."""
    found: list[tuple[str, str]] = []
    for name, value in asked.model_dump(by_alias=True, mode="json", exclude_defaults=True).items():
        values = value if isinstance(value, list) else [value]
        found += [(name, str(each)) for each in values]
    return tuple(found)


def query_of(asked: Asked, facets: tuple[str, ...] | None = None) -> Query:
    """The question; QueryError where its words cannot be read. `facets` are counted in place of those asked for."""
    text = " ".join(asked.q.split())
    return Query(
        text=text,
        tree=parse_query(text),
        filters=filters_of(asked),
        facets=tuple(dict.fromkeys(asked.facet)) if facets is None else facets,
        sort=asked.sort,
        limit=asked.limit,
        cursor=asked.cursor,
        by=asked.by,
    )


def filters_of(asked: Asked) -> Filters:
    """What narrows the search beside its words."""
    lists: dict[str, Any] = {
        name: tuple(getattr(asked, name))
        for name in ("kommune", "region", "source", "kind", "publisher", "theme", "year", "role")
    }
    return Filters(
        **lists,
        published_from=_first(asked.from_),
        published_to=_last(asked.to),
        mentions_from=_first(asked.mentions_from),
        mentions_to=_last(asked.mentions_to),
        amount_min=ore(asked.amount_min),
        amount_max=ore(asked.amount_max),
    )


def _first(text: str | None) -> date | None:
    return PartialDate.parse(text).first if text else None


def _last(text: str | None) -> date | None:
    return PartialDate.parse(text).last if text else None
