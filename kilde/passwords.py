"""Passwords in files that only their owner can read."""

from __future__ import annotations

import stat
from pathlib import Path

from kilde.errors import SettingsError

LARGEST_FILE = 4_096
"""Bytes."""


def read_password(path: Path) -> str:
    """The first line of a file that only its owner can read; SettingsError."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SettingsError(f"{path} can be read by others; `chmod 600 {path}` mends it")
        with path.open("rb") as stream:
            return stream.read(LARGEST_FILE).decode("utf-8").split("\n", 1)[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the password file {path} cannot be read: {error}") from error
