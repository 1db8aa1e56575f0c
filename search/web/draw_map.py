"""Draws the map of the kommuner once, from boundaries in TopoJSON:

    python -m search.web.draw_map kommuner.topojson > search/web/map.json

The boundaries are those of Geodatastyrelsen (FOT), in degrees. They are projected to the plane of UTM zone 32, borders
are simplified arc by arc so that neighbours still meet, islands that nobody would see are left out, and Bornholm is
moved to the upper right, into a frame. What comes out are paths of SVG in whole units of 300 metres.
"""

from __future__ import annotations

import json
import sys
from heapq import heapify, heappop, heappush
from math import atan as arctan
from math import atanh, cos, cosh, radians, sin, sinh, sqrt
from pathlib import Path
from typing import Any

Point = tuple[float, float]

SOURCE = "Indeholder data fra Geodatastyrelsen"
UNIT = 300.0
"""Metres."""
SMALLEST_CORNER = 8e5
"""Square metres: a corner whose triangle is smaller is cut."""
SMALLEST_ISLAND = 6e6
"""Square metres: a smaller piece is drawn only where its kommune has no larger one."""
BORNHOLM = "0400"
BORNHOLM_MOVED = (-175_000.0, 262_000.0)
"""Metres east and north."""
MARGIN = 6
NO_KOMMUNE = "0411"
"""Christiansø."""


def project(longitude: float, latitude: float) -> Point:
    """Metres east and north in UTM zone 32 (transverse Mercator about 9 degrees east, Krüger's series to n^2)."""
    a, n = 6_378_137.0, 0.0016792204
    e = 2 * sqrt(n) / (1 + n)
    phi, turn = radians(latitude), radians(longitude - 9)
    t = sinh(atanh(sin(phi)) - e * atanh(e * sin(phi)))
    xi, eta = arctan(t / cos(turn)), atanh(sin(turn) / sqrt(1 + t * t))
    alphas = (n / 2 - 2 * n * n / 3, 13 * n * n / 48)
    east = eta + sum(alpha * cos(2 * j * xi) * sinh(2 * j * eta) for j, alpha in enumerate(alphas, 1))
    north = xi + sum(alpha * sin(2 * j * xi) * cosh(2 * j * eta) for j, alpha in enumerate(alphas, 1))
    radius = 0.9996 * a / (1 + n) * (1 + n * n / 4)
    return 500_000 + radius * east, radius * north


def simplify(points: list[Point]) -> list[Point]:
    """Visvalingam's way: the corner with the smallest triangle goes first; both ends stay."""
    before = list(range(-1, len(points) - 1))
    after = list(range(1, len(points) + 1))
    heap = [(triangle(*points[i - 1 : i + 2]), i) for i in range(1, len(points) - 1)]
    areas = {i: area for area, i in heap}
    heapify(heap)
    while heap:
        area, i = heappop(heap)
        if area >= SMALLEST_CORNER:
            break
        if areas.get(i) != area:
            continue
        del areas[i]
        left, right = before[i], after[i]
        after[left], before[right] = right, left
        for j in (left, right):
            if j in areas:
                areas[j] = max(area, triangle(points[before[j]], points[j], points[after[j]]))
                heappush(heap, (areas[j], j))
    return [points[i] for i in range(len(points)) if i in areas or i in (0, len(points) - 1)]


def triangle(a: Point, b: Point, c: Point) -> float:
    """The area of a triangle."""
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def ring_area(ring: list[Point]) -> float:
    """The area of a ring."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def read_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """The arcs in metres, simplified."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy, *_ in arc:
            x, y = x + dx, y + dy
            points.append(project(x * sx + tx, y * sy + ty))
        arcs.append(simplify(points))
    return arcs


def read_rings(topology: dict[str, Any]) -> dict[str, list[list[Point]]]:
    """The outer and inner rings of each kommune."""
    arcs = read_arcs(topology)
    rings: dict[str, list[list[Point]]] = {}
    for shape in next(iter(topology["objects"].values()))["geometries"]:
        for ring in shape["arcs"]:
            points: list[Point] = []
            for number in ring:
                points += (arcs[number] if number >= 0 else arcs[~number][::-1])[:-1]
            rings.setdefault(shape["properties"]["KOMKODE"], []).append(points)
    rings.pop(NO_KOMMUNE, None)
    return rings


def large_enough(rings: list[list[Point]]) -> list[list[Point]]:
    """The rings that can be seen, the largest whatever its size."""
    ordered = sorted(rings, key=ring_area, reverse=True)
    return [ring for place, ring in enumerate(ordered) if not place or ring_area(ring) >= SMALLEST_ISLAND]


def path_of(rings: list[list[Point]], west: float, north: float) -> str:
    """A path in whole units, relative from point to point."""
    path = ""
    for ring in rings:
        corners = [(round((x - west) / UNIT) + MARGIN, round((north - y) / UNIT) + MARGIN) for x, y in ring]
        corners = [corner for place, corner in enumerate(corners) if corner != corners[place - 1]]
        (x, y), *others = corners
        path += f"M{x} {y}l"
        for place, (to_x, to_y) in enumerate(others):
            pair = f"{to_x - x} {to_y - y}".replace(" -", "-")
            path += pair if not place or pair.startswith("-") else f" {pair}"
            x, y = to_x, to_y
        path += "z"
    return path


def draw(topology: dict[str, Any]) -> dict[str, Any]:
    """The map: its size, the frame around Bornholm, and a path for each kommune, by code."""
    shapes = {code: large_enough(rings) for code, rings in read_rings(topology).items()}
    dx, dy = BORNHOLM_MOVED
    shapes[BORNHOLM] = [[(x + dx, y + dy) for x, y in ring] for ring in shapes[BORNHOLM]]
    corners = [point for rings in shapes.values() for ring in rings for point in ring]
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    south, north = min(y for _, y in corners), max(y for _, y in corners)
    island = [point for ring in shapes[BORNHOLM] for point in ring]
    left, top = min(x for x, _ in island), max(y for _, y in island)
    right, bottom = max(x for x, _ in island), min(y for _, y in island)
    return {
        "source": SOURCE,
        "width": round((east - west) / UNIT) + 2 * MARGIN,
        "height": round((north - south) / UNIT) + 2 * MARGIN,
        "frame": [
            round((left - west) / UNIT),
            round((north - top) / UNIT),
            round((right - left) / UNIT) + 2 * MARGIN,
            round((top - bottom) / UNIT) + 2 * MARGIN,
        ],
        "paths": {code: path_of(shapes[code], west, north) for code in sorted(shapes)},
    }


if __name__ == "__main__":
    print(json.dumps(draw(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), ensure_ascii=False, indent=1))
