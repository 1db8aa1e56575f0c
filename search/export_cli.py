"""Options that commands with exports share: `--format`, `--output`, `--manifest`; and writing what they ask for."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from kilde.errors import UsageError
from search.export import BINARY, FORMS, Export, manifest_path, write_file, write_stream

F = TypeVar("F", bound=Callable[..., Any])

STOPPED = 128 + signal.SIGTERM
"""Exit code of a run that was told to stop."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where an answer goes: its form, the file (None: standard output), and the file of its manifest."""

    form: str
    output: Path | None
    manifest: Path | None

    @property
    def is_export(self) -> bool:
        """Whether the form is one of an export, all lines of it, rather than a page for the eyes."""
        return self.form in FORMS


def export_options(*shown: str) -> Callable[[F], F]:
    """The options of a command that shows answers in the forms `shown` and exports them in all others."""

    def decorate(command: F) -> F:
        forms = click.Choice([*shown, *FORMS])
        path = click.Path(path_type=Path, dir_okay=False)
        manifest = click.option("--manifest", type=path, help="Write what the export is here; else beside --output.")
        output = click.option("--output", "-o", type=path, help="Write all to this file, whole or not at all.")
        form = click.option("--format", "form", type=forms, help=f"{shown[0]} unless --output ends in another.")
        return form(output(manifest(command)))

    return decorate


def target_of(form: str | None, output: Path | None, manifest: Path | None, default: str = "table") -> Target:
    """What the options mean: the form is the one given, else that of the file's name; UsageError."""
    if form is None and output is not None:
        form = output.suffix.lstrip(".").lower()
        if form not in FORMS:
            known = ", ".join(f".{each}" for each in FORMS)
            raise UsageError(f"--output {output.name}: expected a name that ends in {known}, or --format")
    form = form or default
    if form not in FORMS and (output or manifest):
        raise UsageError(f"--format {form} is for the eyes: --output and --manifest take one of {', '.join(FORMS)}")
    if output and (manifest or manifest_path(output)).absolute() == output.absolute():
        raise UsageError("--manifest and --output are the same file; name two")
    if form in BINARY and output is None and sys.stdout.isatty():
        raise UsageError(f"--format {form} is nothing for a terminal: add --output FILE")
    return Target(form, output, manifest)


def write_export(export: Export, target: Target, noun: str) -> None:
    """Write an export where it should go, and say on standard error what was written."""
    if target.output is None:
        write_stream(export, target.form, sys.stdout.buffer, target.manifest)
        return
    with stopping():
        about = write_file(export, target.form, target.output, target.manifest)
    sheets = f" on {about['sheets']} sheets" if about.get("sheets", 1) > 1 else ""
    beside = target.manifest or manifest_path(target.output)
    click.echo(f"{target.output}: {about['rows']:,} {noun}{sheets}; its manifest is {beside.name}", err=True)


@contextmanager
def stopping() -> Iterator[None]:
    """Let SIGTERM end the block as an exception, so that what it began is cleared away."""
    before = signal.getsignal(signal.SIGTERM)

    def stop(*_: object) -> None:
        raise SystemExit(STOPPED)

    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
