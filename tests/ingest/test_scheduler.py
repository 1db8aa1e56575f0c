"""Which schedulers are talked to, and how."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.scheduler import VARIABLES, Certificates, Scheduler, find_scheduler
from kilde.errors import SettingsError, UsageError


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The variables of TLS, with files that are there."""
    for name in VARIABLES:
        (tmp_path / f"{name}.pem").write_text("", "utf-8")
    (tmp_path / "key.pem").chmod(0o600)
    return {variable: str(tmp_path / f"{name}.pem") for name, variable in VARIABLES.items()}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("127.0.0.1", "tcp://127.0.0.1:8786"),
        ("tcp://127.8.9.1:99", "tcp://127.8.9.1:99"),
        ("localhost:1234", "tcp://localhost:1234"),
        ("tcp://LOCALHOST/", "tcp://localhost:8786"),
        ("tcp://[::1]:8786", "tcp://[::1]:8786"),
    ],
)
def test_this_machine_is_talked_to_as_one_likes(address: str, expected: str) -> None:
    """No certificates are asked for."""
    assert find_scheduler(address, {}) == Scheduler(expected)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.5:8786", "tcp://scheduler.example.dk:8786", "0.0.0.0:8786", "tcp://localhost.example.dk",
        "[2001:db8::1]", "tcp://127.0.0.1.example.dk", "tcp://169.254.169.254", "tcp://[::ffff:10.0.0.5]:8786",
    ],
)  # fmt: skip
def test_another_machine_is_refused_without_tls(address: str, environment: dict[str, str]) -> None:
    """Even where there are certificates, and whatever its name looks like; the message says what to write."""
    with pytest.raises(UsageError, match="write tls://"):
        find_scheduler(address, environment)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:8786", "inproc://1", "tls://", "ucx://h:1", "tls://me@h:1", "tls://h:x", "tls://h/x", ""],
)
def test_what_is_no_address_is_refused(address: str, environment: dict[str, str]) -> None:
    """Other protocols of dask as well: nothing is known of their safety."""
    with pytest.raises(UsageError, match="write tls://"):
        find_scheduler(address, environment)


def test_tls_goes_with_certificates(environment: dict[str, str], tmp_path: Path) -> None:
    """All three; the key is for nobody else to read."""
    found = find_scheduler("tls://scheduler.example.dk", environment)
    files = Certificates(*(tmp_path / f"{name}.pem" for name in ("ca", "certificate", "key")))
    assert found == Scheduler("tls://scheduler.example.dk:8786", files)
    for variable in VARIABLES.values():
        with pytest.raises(SettingsError, match=variable):
            find_scheduler("tls://h", {**environment, variable: ""})
    with pytest.raises(SettingsError, match="there is no such file"):
        find_scheduler("tls://h", {**environment, "KILDE_DASK_CA": str(tmp_path / "none.pem")})
    (tmp_path / "key.pem").chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        find_scheduler("tls://h", environment)
