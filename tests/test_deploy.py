"""What deploy/ holds fits the commands that it calls and the promises that it makes."""

from __future__ import annotations

import configparser
import fnmatch
import os
import re
import shlex
import shutil
import stat
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from cryptography import x509

from kilde.cli import cli
from kilde.settings import Settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
OPENSEARCH = DEPLOY / "opensearch"
NODES = ["search1", "search2", "search3"]
HASH = "$2y$12$abcdefghijklmnopqrstuv"
"""What stands in for the program that hashes prints: OpenSearch's own is in its image."""


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
    assert [name for name in copied if not any(ROOT.glob(name))] == []
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


def compose(name: str) -> dict[str, Any]:
    """A compose file."""
    found: dict[str, Any] = yaml.safe_load((DEPLOY / name).read_text("utf-8"))
    return found


def test_the_cluster_is_three_nodes_with_few_rights() -> None:
    """A user of their own, no capabilities, no port of the machine, a network that leads nowhere else."""
    file = compose("compose.opensearch.yaml")
    nodes = {name: it for name, it in file["services"].items() if name.startswith("search")}
    assert list(nodes) == NODES
    for name, node in nodes.items():
        assert (node["user"], node["cap_drop"], node["networks"]) == ("1000:1000", ["ALL"], ["search"])
        assert "ports" not in node
        assert node["environment"]["NODE_NAME"] == name
        assert node["environment"]["DISABLE_INSTALL_DEMO_CONFIG"] == "true"
        assert any(it.startswith(f"./opensearch/secrets/{name}:") and it.endswith(":ro") for it in node["volumes"])
        assert {it.split(":")[0] for it in node["volumes"]} >= {
            "./opensearch/opensearch.yml", "./opensearch/secrets/internal_users.yml",
            *(f"./opensearch/security/{it.name}" for it in (OPENSEARCH / "security").iterdir()),
        }  # fmt: skip
    assert file["networks"]["search"]["internal"] is True
    assert set(file["services"]) - set(NODES) == set(compose("compose.yaml")["services"])


def test_no_password_stands_in_a_file_of_the_project() -> None:
    """In a secret alone: not in an environment, not in the arguments of a command; what is made is not committed."""
    for name in ("compose.yaml", "compose.opensearch.yaml"):
        file = compose(name)
        for service in file["services"].values():
            said = [*service.get("command", ()), *map(str, service.get("environment", {}).items())]
            assert [it for it in said if re.search(r"passw|secret", it, re.IGNORECASE) and "-file=" not in it] == []
        assert all(set(secret) == {"file"} for secret in file["secrets"].values())
    ignored = (DEPLOY / ".gitignore").read_text("utf-8").split()
    assert ignored == ["password", "opensearch/secrets/"]


def test_the_settings_of_kilde_fit_the_cluster() -> None:
    """Its nodes, over https; the certificate and the password where the containers have them."""
    settings = Settings.model_validate(tomllib.loads((DEPLOY / "kilde.opensearch.toml").read_text("utf-8")))
    table = settings.opensearch
    assert table is not None
    assert list(table.addresses) == [f"https://{name}:9200" for name in NODES]
    web = compose("compose.opensearch.yaml")["services"]["web"]
    assert f"./opensearch/secrets/ca.pem:{table.ca}:ro" in web["volumes"]
    assert str(table.password_file).removeprefix("/run/secrets/") in web["secrets"]
    roles = yaml.safe_load((OPENSEARCH / "security" / "roles_mapping.yml").read_text("utf-8"))
    assert roles["kilde"]["users"] == [table.user]


def test_the_nodes_speak_tls_alone() -> None:
    """Among each other, whose names are checked, and with others; administrators have certificates."""
    settings = yaml.safe_load((OPENSEARCH / "opensearch.yml").read_text("utf-8"))
    tls = {key.removeprefix("plugins.security."): value for key, value in settings.items() if "security" in key}
    assert tls["ssl.http.enabled"] is True
    assert tls["ssl.transport.enforce_hostname_verification"] is True
    assert settings["discovery.seed_hosts"] == settings["cluster.initial_cluster_manager_nodes"] == NODES
    config = yaml.safe_load((OPENSEARCH / "security" / "config.yml").read_text("utf-8"))
    assert config["config"]["dynamic"]["http"]["anonymous_auth_enabled"] is False


def test_kilde_may_touch_its_own_indices_alone() -> None:
    """No star for all actions, none for all indices, nothing that administers the cluster or its users."""
    roles = yaml.safe_load((OPENSEARCH / "security" / "roles.yml").read_text("utf-8"))
    assert set(roles) == {"_meta", "kilde"}
    role = roles["kilde"]
    allowed = role["cluster_permissions"] + [it for one in role["index_permissions"] for it in one["allowed_actions"]]
    assert [it for it in allowed if fnmatch.fnmatch("indices:admin/settings/x", it) and it.endswith("/*")] == []
    assert [it for it in allowed if "*" in it.rpartition("/")[0] or it == "*" or "cluster:admin" in it] == []
    patterns = [pattern for one in role["index_permissions"] for pattern in one["index_patterns"]]
    assert all(re.fullmatch(r"kilde(-\*)?", pattern) for pattern in patterns)


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What prepare.sh makes."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here, and prepare.sh makes certificates with it")
    folder = tmp_path_factory.mktemp("deploy")
    prepare(folder / "secrets")
    return folder / "secrets"


def prepare(folder: Path) -> str:
    """Run prepare.sh; returns all that it prints."""
    hasher = folder.parent / "hasher"
    hasher.write_text(f"#!/bin/sh\ncat > '{folder.parent}/asked'\necho '{HASH}'\n", "utf-8")
    hasher.chmod(0o700)
    own = {"HASH": str(hasher), "NODE_USER": str(os.geteuid()), "KILDE_USER": str(os.geteuid())}
    command = [str(OPENSEARCH / "prepare.sh"), str(folder)]
    ended = subprocess.run(command, env={**os.environ, **own}, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout + ended.stderr


def test_each_node_has_a_certificate_that_the_cluster_takes(secrets: Path) -> None:
    """Signed by the authority, with the name that opensearch.yml expects; the administrator is no node."""
    settings = yaml.safe_load((OPENSEARCH / "opensearch.yml").read_text("utf-8"))
    authority = x509.load_pem_x509_certificate((secrets / "ca.pem").read_bytes())
    for name in NODES:
        leaf = x509.load_pem_x509_certificate((secrets / name / "node.pem").read_bytes())
        leaf.verify_directly_issued_by(authority)
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert names.get_values_for_type(x509.DNSName) == [name, "localhost"]
        assert fnmatch.fnmatch(leaf.subject.rfc4514_string(), settings["plugins.security.nodes_dn"][0])
    admin = x509.load_pem_x509_certificate((secrets / "admin" / "admin.pem").read_bytes())
    admin.verify_directly_issued_by(authority)
    assert [admin.subject.rfc4514_string()] == settings["plugins.security.authcz.admin_dn"]
    assert not fnmatch.fnmatch(admin.subject.rfc4514_string(), settings["plugins.security.nodes_dn"][0])


def test_keys_and_passwords_are_for_one_user_each(secrets: Path) -> None:
    """Only the authority's certificate is for all; called again, nothing is made anew and nothing is printed."""
    files = [it for it in secrets.rglob("*") if it.is_file()]
    public = {it.relative_to(secrets) for it in files if stat.S_IMODE(it.stat().st_mode) & 0o077}
    assert public == {Path("ca.pem")}
    password = (secrets / "opensearch-password").read_text("utf-8").strip()
    assert len(password) >= 40
    assert (secrets.parent / "asked").read_text("utf-8").strip() == password
    assert yaml.safe_load((secrets / "internal_users.yml").read_text("utf-8"))["kilde"]["hash"] == HASH
    before = {it: it.read_bytes() for it in files}
    assert prepare(secrets) == ""
    assert {it: it.read_bytes() for it in files} == before
