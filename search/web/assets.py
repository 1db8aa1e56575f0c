"""The style sheet, the script and the mark of the pages, each under an address that changes with its bytes."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

FOLDER = "/static/"
MEDIA_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
NAMES = ("kilde.css", "kilde.js", "kilde.svg")
DIGITS = 12


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent, and the same compressed."""

    body: bytes
    compressed: bytes
    media_type: str


@cache
def assets() -> dict[str, Asset]:
    """The files by the paths that name them."""
    found = {}
    for name in NAMES:
        body = files("search.web").joinpath("static", name).read_bytes()
        stem, ending = name.split(".")
        path = f"{FOLDER}{stem}.{sha256(body).hexdigest()[:DIGITS]}.{ending}"
        found[path] = Asset(body, gzip.compress(body, mtime=0), MEDIA_TYPES[ending])
    return found


@cache
def asset_path(name: str) -> str:
    """The path of a file by its name."""
    stem, ending = name.split(".")
    return next(path for path in assets() if path.startswith(f"{FOLDER}{stem}.") and path.endswith(f".{ending}"))
