"""`kilde serve`: the web page and the API."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kilde.serve import Listening, check, check_folder, open_socket, read_secrets, serve
from kilde.settings import Settings
from search.web.view import Role


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port to listen on.")
@click.option("--allow-host", "allowed", multiple=True, metavar="NAME", help="A name to answer for; may repeat.")
@click.option("--public-url", "public", metavar="URL", help="The address that people type, where a proxy is before it.")
@click.option("--password-file", type=click.Path(path_type=Path), help="Readers' password (else KILDE_PASSWORD).")
@click.option("--admin-password-file", type=click.Path(path_type=Path), help="Admins' (else KILDE_ADMIN_PASSWORD).")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that answer (else one a core).")
@click.pass_obj
def serve_command(
    settings: Settings,
    host: str,
    port: int,
    allowed: tuple[str, ...],
    public: str | None,
    password_file: Path | None,
    admin_password_file: Path | None,
    workers: int | None,
) -> None:
    """Serve the web page and the API; to this machine alone unless told otherwise."""
    folder = settings.folder.require()
    secrets = read_secrets({Role.READER: password_file, Role.ADMIN: admin_password_file}, os.environ)
    listening = Listening(host, port, allowed, public, workers or os.cpu_count() or 1)
    check(listening, secrets)
    check_folder(folder)
    with open_socket(listening) as opened:
        _announce(listening, protected=bool(secrets))
        serve(folder, listening, secrets, opened)
    click.echo("stopped", err=True)


def _announce(listening: Listening, *, protected: bool) -> None:
    who = "this machine alone" if listening.is_local else f"other machines, as {', '.join(sorted(listening.hosts))}"
    click.echo(f"{listening.base} answers {who}; {'a password is asked for' if protected else 'no password'}", err=True)
    if protected and not listening.is_local and not listening.base.startswith("https:"):
        click.echo(
            "passwords travel unencrypted: put an HTTPS proxy before it, and name it with --public-url", err=True
        )
