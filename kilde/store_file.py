"""The file of the record store: opened for reading, and refused where another version of Kilde made it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Self

from kilde.database import connect, trouble
from kilde.errors import DamagedError, KildeError, MissingError
from kilde.store_tables import REBUILD, SCHEMA


class StoreFile:
    """An open kilde.sqlite."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            raise MissingError(f"there is no record store at {path}; `kilde ingest PATH` makes one")
        self.open("ro")

    def open(self, mode: str) -> None:
        """Connect; raises DamagedError where the file is not a store of this version of Kilde."""
        self.connection = connect(self.path, mode)
        try:
            self.prepare()
        except sqlite3.DatabaseError as error:
            self.connection.close()
            raise trouble(error, self.path, REBUILD) from error
        except (KildeError, OSError):
            self.connection.close()
            raise

    def prepare(self) -> None:
        """What is done once after connecting."""
        self.check()

    def check(self) -> None:
        """Raise DamagedError where the file is of another schema."""
        found = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if found != SCHEMA:
            raise DamagedError(f"{self.path} has schema {found}, this version of Kilde reads {SCHEMA}; {REBUILD}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
