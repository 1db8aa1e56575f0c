"""Where an index is that OpenSearch keeps: a value of the settings. It holds no password, only where one is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PASSWORD_VARIABLE = "KILDE_OPENSEARCH_PASSWORD"  # noqa: S105 (the name of a variable, no password)


@dataclass(frozen=True, slots=True)
class OpenSearch:
    """A cluster's addresses, and what this Kilde keeps there under which name."""

    addresses: tuple[str, ...]
    """http or https, host and port; any node of the cluster."""
    index: str = "kilde"
    """The alias that is searched; all that Kilde makes there has a name that begins so."""
    ca: Path | None = None
    """Certificates of the authority that signed the nodes'; those that Python knows where there is none."""
    user: str | None = None
    password_file: Path | None = None
    """Its first line; else the password is in the environment, in KILDE_OPENSEARCH_PASSWORD."""
    shards: int = 1
    replicas: int = 1
    """Further copies of each shard: with one, any one node may be lost."""

    def __str__(self) -> str:
        return f"{self.index} at {', '.join(self.addresses)}"
