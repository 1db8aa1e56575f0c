"""Where a dask scheduler is and how it is talked to: on this machine as one likes, to any other over TLS alone.

Whoever reaches a scheduler can run programs on its workers, and what is sent to it is unpickled: it has no password
of its own. So another machine is only talked to with certificates on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from kilde.errors import SettingsError, UsageError

PORT = 8786
"""What a scheduler listens on unless it is told otherwise."""
VARIABLES = {"ca": "KILDE_DASK_CA", "certificate": "KILDE_DASK_CERTIFICATE", "key": "KILDE_DASK_KEY"}
"""The environment's variables that name the files of TLS."""
SCHEMES = ("tcp", "tls")


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files in PEM: the authority that signed the scheduler's certificate, our own certificate, and its key."""

    ca: Path
    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Scheduler:
    """An address that dask takes; with `certificates` both sides prove who they are."""

    address: str
    certificates: Certificates | None = None


def find_scheduler(address: str, environment: Mapping[str, str]) -> Scheduler:
    """Read an address: `tls://host:8786`, or `tcp://127.0.0.1:8786` and `127.0.0.1:8786` for this machine.

    Raises UsageError for another machine without TLS, SettingsError where TLS lacks its files.
    """
    whole = address if "://" in address else f"tcp://{address}"
    try:
        parts = urlsplit(whole)
        host, port = parts.hostname, parts.port or PORT
    except ValueError as error:
        raise UsageError(f"{address} is no address of a scheduler: {error}; write tls://host:{PORT}") from None
    if parts.scheme not in SCHEMES or not host or parts.username is not None or parts.path not in ("", "/"):
        raise UsageError(f"{address} is no address of a scheduler; write tls://host:{PORT}")
    at = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if parts.scheme == "tls":
        return Scheduler(f"tls://{at}", certificates_of(environment))
    if not is_loopback(host):
        raise UsageError(
            f"{address} is another machine and not under TLS: whoever is on the way could read what is sent and run"
            f" programs here and there; give the scheduler a certificate and write tls://{at}"
        )
    return Scheduler(f"tcp://{at}")


def certificates_of(environment: Mapping[str, str]) -> Certificates:
    """The files that the environment names; SettingsError where one is not named or not there."""
    missing = [variable for variable in VARIABLES.values() if not environment.get(variable)]
    if missing:
        raise SettingsError(f"TLS needs certificates: set {', '.join(missing)} to files in PEM; docs/scale.md says how")
    files = {name: Path(environment[variable]) for name, variable in VARIABLES.items()}
    for name, path in files.items():
        if not path.is_file():
            raise SettingsError(f"{VARIABLES[name]} names {path}, and there is no such file")
    if files["key"].stat().st_mode & 0o077:
        raise SettingsError(f"{files['key']} can be read by others; `chmod 600 {files['key']}` mends it")
    return Certificates(**files)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its very name; nothing is resolved."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return re.fullmatch(r"localhost\.?", host, re.IGNORECASE) is not None
