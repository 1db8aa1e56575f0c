"""Kilde's front door: `kilde.open()` gives everything that the commands give, to Python.

The rest of the package is the shared vocabulary: types, settings, store and the command line. Importing it loads
nothing; the API is loaded when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kilde.api import Kilde
    from kilde.api import open_data as open

__all__ = ["Kilde", "open"]

_PUBLIC = {"open": "open_data", "Kilde": "Kilde"}
"""Names of `kilde`, and what they are called in `kilde.api`."""


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'kilde' has no attribute {name!r}")
    return getattr(import_module("kilde.api"), _PUBLIC[name])
