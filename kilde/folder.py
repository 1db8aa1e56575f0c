"""The data folder: where each layer stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from kilde.errors import MissingError
from kilde.opensearch import OpenSearch

IndexPlace: TypeAlias = Path | OpenSearch
"""Where an index is: the folder of the embedded one, or what OpenSearch keeps it under."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Paths below the data folder; nothing is made by naming it."""

    path: Path
    opensearch: OpenSearch | None = None
    """Where the index is, if it is not below the folder."""

    @property
    def archive(self) -> Path:
        """The raw archive."""
        return self.path / "raw"

    @property
    def store(self) -> Path:
        """The record store."""
        return self.path / "kilde.sqlite"

    @property
    def state(self) -> Path:
        """What people and runs decided."""
        return self.path / "state.sqlite"

    @property
    def index(self) -> IndexPlace:
        """The search index."""
        return self.opensearch or self.path / "index"

    @property
    def runs(self) -> Path:
        """The reports of nightly runs."""
        return self.path / "runs"

    def make(self) -> bool:
        """Make the folder where it is not there; whether it was made."""
        made = not self.path.exists()
        self.path.mkdir(parents=True, exist_ok=True)
        return made

    def require(self) -> DataFolder:
        """The folder itself; raises MissingError where it is not there."""
        if not self.path.is_dir():
            raise MissingError(
                f"there is no data folder {self.path}; `kilde ingest PATH` makes it, --data names another"
            )
        return self
