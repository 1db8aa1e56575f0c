"""What deploy/ holds fits the commands that it calls and the promises that it makes."""

from __future__ import annotations

import configparser
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from kilde.cli import cli
from kilde.settings import Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"


def unit(name: str) -> configparser.ConfigParser:
    """A unit file of systemd."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / name, encoding="utf-8")
    return parser


def calls() -> list[list[str]]:
    """The arguments of every call of kilde in deploy/."""
    service = shlex.split(unit("kilde-nightly.service")["Service"]["ExecStart"])[1:]
    line = next(it for it in (DEPLOY / "crontab").read_text("utf-8").splitlines() if not it.startswith("#"))
    cron = shlex.split(re.sub(r".*bin/kilde (.*?) >.*", r"\1", line))
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    return [service, cron, *(it["command"] for it in services.values())]


@pytest.mark.parametrize("arguments", calls(), ids=lambda it: it[-1])
def test_every_call_is_one_that_kilde_takes(arguments: list[str], tmp_path: Path) -> None:
    """Commands and options exist; asked for help instead of run."""
    (tmp_path / "kilde.toml").write_text("", "utf-8")
    own = [it.replace("/etc/kilde", str(tmp_path)) for it in arguments]
    command = next(it for it in own if it in {"nightly", "serve"})
    result = CliRunner().invoke(cli, [*own, "--help"])
    assert result.exit_code == 0, result.output
    options = [it.partition("=")[0] for it in own[own.index(command) + 1 :] if it.startswith("--")]
    assert [it for it in options if it not in result.output] == []


def test_the_containers_have_no_rights_that_they_do_not_need() -> None:
    """A user of their own, a read-only root, no capabilities, data in a volume; the page on this machine alone."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    for service in compose["services"].values():
        assert (service["user"], service["read_only"], service["cap_drop"]) == ("10001:10001", True, ["ALL"])
        assert "data:/data" in service["volumes"]
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["web"]["ports"])


def test_the_image_holds_what_the_packages_are() -> None:
    """Every package of the wheel is copied, nothing that is not there, and it does not run as root."""
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    copied = {name for line in lines if line.startswith("COPY") and "--from" not in line for name in line.split()[1:-1]}
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(wheel["packages"]) < copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert lines.index("USER kilde") > max(number for number, line in enumerate(lines) if line.startswith("RUN"))


def test_the_settings_are_valid() -> None:
    """As `kilde sources check` would say."""
    values = tomllib.loads((DEPLOY / "kilde.toml").read_text("utf-8"))
    assert list(Settings.model_validate(values).sources) == ["nyhedsbreve"]


def test_the_timer_starts_the_service() -> None:
    """A timer and a service of one name, caught up where the machine was off; alarms are no failure of the unit."""
    assert unit("kilde-nightly.timer")["Timer"]["Persistent"] == "true"
    service = unit("kilde-nightly.service")["Service"]
    assert (service["User"], service["SuccessExitStatus"], service["ProtectSystem"]) == ("kilde", "3", "strict")
