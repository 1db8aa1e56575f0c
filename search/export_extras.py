"""Libraries that only some exports need: loaded when asked for, and asked for by name where they are not installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from kilde.errors import MissingError


def load(module: str, extra: str, purpose: str) -> Any:
    """A module of an extra of Kilde; MissingError with the command that installs it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        name = module.split(".")[0]
        if error.name is None or error.name.split(".")[0] != name:
            raise
        raise MissingError(f"{purpose} needs {name}; install it with: pip install 'kilde[{extra}]'") from error
