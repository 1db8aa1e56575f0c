"""The environment of a program that is installed: its modules are compiled once, as pip does it.

An environment that forbids Python to write compiled modules would have each process compile them anew; that is not what
a user waits for.
"""

from __future__ import annotations

import os
import tempfile
from functools import cache


@cache
def installed() -> dict[str, str]:
    """Variables for a process; the first that has them compiles the modules, for all later ones of this run."""
    folder = tempfile.TemporaryDirectory(prefix="compiled-")
    _kept.append(folder)
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return plain | {"PYTHONPYCACHEPREFIX": folder.name}


_kept: list[tempfile.TemporaryDirectory[str]] = []
"""Removed when the program ends."""
