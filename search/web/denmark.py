"""The map of the kommuner, each coloured by a number; `draw_map` made its paths."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from math import ceil
from typing import Any

from markupsafe import Markup

from kilde.danish.kommuner import kommuner
from search.web.addresses import Address
from search.web.words import Wording, alphabetical, number

SHADES = 5


@dataclass(frozen=True, slots=True)
class Area:
    """A kommune on the map. `shade` is 0 for none, else 1 to 5."""

    code: str
    name: str
    region: str
    path: str
    count: int
    shade: int
    selected: bool
    address: Address


@dataclass(frozen=True, slots=True)
class Shade:
    """What a colour stands for, both ends included."""

    shade: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Denmark:
    """The map: its areas by name, what the colours mean, and the frame around Bornholm (x, y, width, height)."""

    areas: tuple[Area, ...]
    shades: tuple[Shade, ...]
    width: int
    height: int
    frame: tuple[int, int, int, int]
    source: str


@cache
def outlines() -> Mapping[str, Any]:
    """The file that `draw_map` made."""
    found: Mapping[str, Any] = json.loads(files("search.web").joinpath("map.json").read_text(encoding="utf-8"))
    return found


def denmark(
    counts: Mapping[str, int], address: Callable[[str], Address], selected: frozenset[str] = frozenset()
) -> Denmark:
    """The map for a number by code."""
    bounds = shade_bounds(list(counts.values()))
    drawn = outlines()
    areas = [
        Area(
            code,
            kommune.name,
            kommune.region,
            drawn["paths"][code],
            count := counts.get(code, 0),
            sum(count >= low for low in bounds),
            code in selected,
            address(code),
        )
        for code, kommune in kommuner().items()
    ]
    areas.sort(key=lambda area: alphabetical(area.name))
    ends = [*(low - 1 for low in bounds[1:]), max(counts.values(), default=0)]
    shades = tuple(Shade(place, low, high) for place, (low, high) in enumerate(zip(bounds, ends, strict=True), 1))
    width, height, frame = drawn["width"], drawn["height"], drawn["frame"]
    return Denmark(tuple(areas), shades if ends[-1] else (), width, height, tuple(frame), drawn["source"])


def shade_bounds(counts: list[int]) -> list[int]:
    """The smallest number of each shade, rising: equal steps of the root, since a few kommuner have most.

    >>> shade_bounds([1, 4, 100])
    [1, 5, 17, 37, 65]
    """
    most = max(counts, default=0)
    if most <= 0:
        return [1]
    bounds = {ceil(most * (step / SHADES) ** 2 + 0.001) for step in range(SHADES)}
    return sorted(bound for bound in bounds if 0 < bound <= most)


def areas_svg(found: Denmark, say: Wording, language: str) -> Markup:
    """The areas as links in an SVG. Written here and not in a template: there are a hundred on each page, and their
    paths need no escaping."""
    chosen = f" ({say('chosen')})"
    lines = []
    for area in found.areas:
        name = escape(f"{area.name}: {say('records', n=area.count)}", quote=False)
        label, kind = (name + chosen, f"s{area.shade} chosen") if area.selected else (name, f"s{area.shade}")
        lines.append(
            f'<a href="{escape(area.address.text(language))}" aria-label="{label}"><title>{name}</title>'
            f'<path class="{kind}" d="{area.path}"/></a>'
        )
    return Markup("\n".join(lines))  # noqa: S704 (each part is escaped, ours, or a number)


def rows_html(found: Denmark, language: str) -> Markup:
    """The numbers of the areas as rows of a table, the largest first."""
    lines = (
        f'<tr><td><a href="{escape(area.address.text(language))}">{escape(area.name)}</a></td>'
        f'<td class="right">{number(area.count, language)}</td></tr>'
        for area in sorted(found.areas, key=lambda area: -area.count)
    )
    return Markup("\n".join(lines))  # noqa: S704 (each part is escaped, ours, or a number)
