"""The four packages have the names that the owner gave them, and no other distribution owns those names."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINS = ("constraints.txt", "constraints-test.txt")


@pytest.mark.parametrize("package", ["kilde", "ingest", "index", "search"])
def test_no_other_distribution_owns_a_package(package: str) -> None:
    """An installed library of the same name would be imported instead of ours."""
    owners = set(packages_distributions().get(package, ["kilde"]))
    assert owners == {"kilde"}


def test_one_whoosh() -> None:
    """pip installs whoosh3 and whoosh-reloaded side by side without a word, and then one overwrites the other."""
    assert set(packages_distributions()["whoosh"]) == {"whoosh3"}


@pytest.mark.parametrize("file", PINS)
def test_pins_name_no_address_and_have_hashes(file: str) -> None:
    """The pins must hold wherever the packages are fetched from."""
    text = (ROOT / file).read_text(encoding="utf-8")
    assert "://" not in text
    pins = re.split(r"\n(?=\S)", text.strip())
    assert pins
    assert all("==" in pin and "--hash=sha256:" in pin for pin in pins)


def test_every_dependency_is_pinned_and_explained() -> None:
    """Each dependency stands in the pins, and ARCHITECTURE.md gives its reason."""
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower()
    reasons = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").lower()
    names = [re.split(r"[<>=\[; ]", dependency)[0].lower() for dependency in PROJECT["dependencies"]]
    assert [name for name in names if f"{name}==" not in pins] == []
    assert [name for name in names if name not in reasons] == []


def test_installed_requirements_are_those_of_the_project() -> None:
    """An environment made from an older pyproject.toml would test something else."""
    installed = {re.split(r"[<>=!~;\[ ]", it)[0].lower() for it in requires("kilde") or [] if "extra ==" not in it}
    declared = {re.split(r"[<>=!~;\[ ]", it)[0].lower() for it in PROJECT["dependencies"]}
    assert installed == declared
