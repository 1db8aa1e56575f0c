"""The docs are true: their Python examples run, and what they name is there."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import click
import pytest

import index
import ingest
import kilde
import search
from kilde.cli import cli

ROOT = Path(__file__).parent.parent
CONTEXT = click.Context(cli)
COMMANDS = {name: command for name in cli.list_commands(CONTEXT) if (command := cli.get_command(CONTEXT, name))}
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("raw/*.md"), *ROOT.glob("benchmarks/*.md")])
MODULES = sorted(
    module.name
    for package in (kilde, ingest, index, search)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)


@pytest.mark.parametrize("page", PAGES, ids=lambda it: it.name)
def test_python_examples_run(page: Path, samples_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every `>>>` of a page gives what the page says; `kilde.open()` opens a folder with the samples."""
    monkeypatch.setenv("KILDE_DATA", str(samples_folder))
    failures, _ = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert failures == 0


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_run(name: str) -> None:
    """Every `>>>` of a docstring gives what it says."""
    failures, _ = doctest.testmod(importlib.import_module(name))
    assert failures == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda it: it.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page names a file."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda it: it.name)
def test_commands_exist(page: Path) -> None:
    """Every `kilde COMMAND` of a page is a command, and every option of it an option."""
    text = page.read_text(encoding="utf-8")
    for line in re.findall(r"(?:^ {4}|`)kilde ([a-z][^`\n#;]*)", text, re.MULTILINE):
        words = line.split()
        command = COMMANDS.get(words[0])
        assert command is not None, line
        if isinstance(command, click.Group) and len(words) > 1:
            command = command.get_command(CONTEXT, words[1])
            assert command is not None, line
        options = {option for parameter in command.params for option in parameter.opts}
        assert [word for word in words[1:] if re.fullmatch(r"--[a-z-]+", word) and word not in options] == [], line


def test_every_command_and_option_has_help() -> None:
    """A command says what it does."""
    assert [name for name, command in COMMANDS.items() if not command.help] == []
