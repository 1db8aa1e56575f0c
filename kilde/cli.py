"""The command `kilde`.

The root of all commands. Each is loaded when it is called, so that none waits for the others.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from kilde.errors import KildeError, UsageError
from kilde.settings import load_settings

COMMANDS = {
    "ingest": "kilde.ingest_cli:ingest",
    "extract": "ingest.cli:extract",
    "explain": "ingest.cli:explain",
    "original": "ingest.cli:original",
    "index": "index.cli:index",
    "search": "search.cli:search",
    "kwic": "search.kwic_cli:kwic",
    "chart": "search.chart_cli:chart",
    "similar": "search.similar_cli:similar",
    "analyze": "search.analyze_cli:analyze",
    "save": "search.saved_cli:save",
    "saved": "search.saved_cli:saved",
    "run": "search.saved_cli:run",
    "mentions": "search.mentions_cli:mentions",
    "grants": "search.mentions_cli:grants",
    "show": "search.cli:show",
    "cite": "search.cite_cli:cite",
    "kommuner": "search.mentions_cli:list_kommuner",
    "status": "kilde.status:status",
    "sources": "kilde.sources_cli:sources",
    "serve": "kilde.serve_cli:serve_command",
    "nightly": "kilde.nightly_cli:nightly",
    "gather": "kilde.gather_cli:gather",
    "quarantine": "kilde.quarantine_cli:quarantine",
    "history": "kilde.documents_cli:history",
    "diff": "kilde.documents_cli:diff",
    "forget": "kilde.documents_cli:forget",
    "check": "kilde.check:check",
    "backup": "kilde.backup_cli:backup",
    "restore": "kilde.backup_cli:restore",
}
"""Where each command stands: module and attribute."""

INTERRUPTED = 130
KEPT = "what was acknowledged is kept, the same command goes on from there"


class Commands(click.Group):
    """The root group: an error of ours becomes one line and an exit code, never a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """The commands, in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command and leave with its exit code."""
        kwargs["standalone_mode"] = False
        try:
            result = super().main(*args, **kwargs)
        except KildeError as error:
            fail(str(error), error.exit_code)
        except click.exceptions.Exit as error:
            sys.exit(error.exit_code)
        except click.ClickException as error:
            context = getattr(error, "ctx", None)
            hint = f"; see `{context.command_path} --help`" if context else ""
            fail(error.format_message().rstrip(".") + hint, UsageError.exit_code)
        except (click.exceptions.Abort, KeyboardInterrupt):
            fail(f"stopped; {KEPT}", INTERRUPTED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except (OSError, sqlite3.OperationalError) as error:
            fail(f"{trouble(error)}; {KEPT}", KildeError.exit_code)
        sys.exit(result if isinstance(result, int) else 0)


def trouble(error: OSError | sqlite3.OperationalError) -> str:
    """What the system or SQLite says of a disk that is full, damaged, or not to be written to."""
    if isinstance(error, OSError):
        return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
    return f"the database says: {error}"


def fail(message: str, code: int) -> None:
    """Print one line that says what to do, and leave."""
    click.echo(f"kilde: {message}", err=True)
    sys.exit(code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=click.Path(path_type=Path), help="The data folder (else KILDE_DATA, else ./kilde-data).")
@click.option("--config", type=click.Path(path_type=Path), help="The settings file (else ./kilde.toml).")
@click.version_option(package_name="kilde", prog_name="kilde")
@click.pass_context
def cli(context: click.Context, data: Path | None, config: Path | None) -> None:
    """Collect Danish public-sector newsletters and catalogues; ask who said what about which kommune, and when."""
    given: dict[str, object] = {"data": data} if data else {}
    context.obj = load_settings(config, given, dict(os.environ))


def main() -> None:
    """The entry point of the command."""
    cli()
