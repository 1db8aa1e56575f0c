"""The table `[opensearch]` of kilde.toml: where the cluster is, and how it is talked to.

engine = "opensearch"

[opensearch]
addresses = ["https://search1.example.dk:9200", "https://search2.example.dk:9200"]
ca = "/etc/kilde/opensearch-ca.pem"
user = "kilde"
password_file = "/etc/kilde/opensearch-password"
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from kilde.opensearch import OpenSearch

INDEX_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
NO_PATH = ("", "/")


def checked_address(address: str) -> str:
    """The address of a node: https, or http to this machine, with nothing but host and port behind it."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"{_shown(address)} is no address: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{_shown(address)}: expected https://host:9200")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"{_shown(address)}: no user or password in an address; write user and password_file")
    if parts.path not in NO_PATH or parts.query or parts.fragment:
        raise ValueError(f"{address}: expected host and port only, like https://{parts.hostname}:{port or 9200}")
    if parts.scheme == "http" and not _is_loopback(parts):
        raise ValueError(f"{address}: another machine is only talked to over https; write https://{parts.netloc}")
    return f"{parts.scheme}://{parts.netloc}" if port else f"{parts.scheme}://{parts.netloc}:9200"


def checked_index(name: str) -> str:
    """A name that OpenSearch takes for an index, and that others can be made of."""
    if not INDEX_NAME.fullmatch(name):
        raise ValueError(f"{name!r}: expected a name of small letters, digits, - and _ that begins with a letter")
    return name


class OpenSearchTable(BaseModel):
    """The keys of the table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    addresses: tuple[Annotated[str, AfterValidator(checked_address)], ...] = Field(max_length=64)
    index: Annotated[str, AfterValidator(checked_index)] = "kilde"
    ca: Path | None = None
    user: str | None = Field(None, min_length=1, max_length=256)
    password_file: Path | None = None
    shards: int = Field(1, ge=1, le=1024)
    replicas: int = Field(1, ge=0, le=16)

    @model_validator(mode="after")
    def checked(self) -> OpenSearchTable:
        """There is an address, and a password file goes with a user."""
        if not self.addresses:
            raise ValueError('there is no address; write addresses = ["https://host:9200"]')
        if self.password_file and not self.user:
            raise ValueError('password_file is given and no user; write user = "..." beside it')
        return self

    def value(self) -> OpenSearch:
        """What the rest of Kilde is given."""
        return OpenSearch(**dict(self))


def _is_loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shown(address: str) -> str:
    """An address without what may be a password in it."""
    return re.sub(r"//[^/@]*@", "//", address)
