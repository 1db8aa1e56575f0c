"""Settings: command line over environment (KILDE_*) over kilde.toml over the defaults here."""

from __future__ import annotations

import os
import tomllib
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kilde.errors import SettingsError
from kilde.folder import DataFolder
from kilde.settings_errors import complaints
from kilde.settings_opensearch import OpenSearchTable
from kilde.sources import Contact, Source

DEFAULT_FILE = Path("kilde.toml")


class EngineName(StrEnum):
    """What keeps the index; the value is what kilde.toml says."""

    WHOOSH = "whoosh"
    """In the data folder, in this process."""
    OPENSEARCH = "opensearch"
    """A cluster; the table `[opensearch]` says where."""


class Settings(BaseModel):
    """What a run needs to know; each is a key of kilde.toml, and an environment variable KILDE_<NAME>."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data: Path = Path("kilde-data")
    """The data folder."""
    jobs: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, le=256)
    """Processes that read documents."""
    synonyms: Path | None = None
    """A file of words that mean the same; `search.synonyms` says how it is written."""
    contact: Contact | None = None
    """Where owners of sites reach whoever runs this Kilde, for addresses that are named on the command line."""
    reread_nightly: int = Field(500, ge=0)
    """Documents that a night reads anew by better rules, at most."""
    engine: EngineName = EngineName.WHOOSH
    """What keeps the index."""
    opensearch: OpenSearchTable | None = None
    """Where the cluster is, if that keeps it."""
    sources: dict[str, Source] = Field(default_factory=dict)
    """What `kilde nightly` visits, by name."""

    @model_validator(mode="after")
    def checked(self) -> Settings:
        """A cluster that is to be used must be somewhere."""
        if self.engine is EngineName.OPENSEARCH and self.opensearch is None:
            where = 'write a table [opensearch] with addresses = ["https://host:9200"]'
            raise ValueError(f'engine = "opensearch" needs to know where that is; {where}')
        return self

    @property
    def folder(self) -> DataFolder:
        """The data folder, with its index where the engine keeps it."""
        elsewhere = self.opensearch if self.engine is EngineName.OPENSEARCH else None
        return DataFolder(self.data, elsewhere.value() if elsewhere else None)


def load_settings(file: Path | None, given: dict[str, object], environment: dict[str, str]) -> Settings:
    """Put settings together; `given` holds what the command line says, without what it leaves out."""
    values = {**read_file(file), **from_environment(environment), **given}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        path = file or DEFAULT_FILE
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        found = complaints(error.errors(), text, Settings)
        raise SettingsError("\n".join(it.told(str(path)) for it in found)) from error


def read_file(file: Path | None) -> dict[str, object]:
    """The keys of the settings file; the default one may be missing, one that was named may not."""
    path = file or DEFAULT_FILE
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if file is None:
            return {}
        raise SettingsError(f"there is no settings file {file}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path} cannot be read as TOML: {error}") from error


def from_environment(environment: dict[str, str]) -> dict[str, object]:
    """The settings among the environment's variables."""
    names = {f"KILDE_{name.upper()}": name for name in ("data", "jobs", "contact", "engine")}
    return {name: environment[variable] for variable, name in names.items() if environment.get(variable)}
