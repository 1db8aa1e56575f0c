"""`kilde serve` as a program: what it refuses before it listens, and how it ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from kilde.cli import cli
from kilde.serve import Listening, open_socket
from tests.web.site import free_port, wait_for

ALONE = "this machine alone"


def refused(data: Path, *options: str) -> tuple[int, str]:
    """The exit code and the line of a call that does not come to serve."""
    call = [sys.executable, "-c", "from kilde.cli import main; main()", "--data", str(data), "serve", *options]
    ended = subprocess.run(call, capture_output=True, text=True, timeout=60)
    assert ended.stderr.count("\n") == 1
    return ended.returncode, ended.stderr


def test_a_taken_port_is_named(small_data: Path) -> None:
    """One line says which port is taken, and what to do; nothing is announced before."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, said = refused(small_data, "--port", str(port))
    assert code == 1
    assert f"port {port}" in said
    assert "--port" in said
    assert ALONE not in said


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--host", "192.0.2.1", "--allow-host", "x"), 2, "set a password"),
        (("--host", "0.0.0.0"), 2, "--allow-host NAME"),
        (("--password-file", "nowhere"), 78, "the password file nowhere cannot be read"),
        (("--public-url", "ftp://x"), 2, "expected http://"),
        (("--port", "0"), 2, "1<=x<=65535"),
    ],
)
def test_wrong_calls(small_data: Path, options: tuple[str, ...], code: int, said: str) -> None:
    """Each is refused with a line that says what to write."""
    result = CliRunner().invoke(cli, ["--data", str(small_data), "serve", *options])
    assert result.exit_code == code
    assert said in result.output


def test_nothing_to_serve(tmp_path: Path, small_data: Path) -> None:
    """No data folder, one that nothing was taken into, and one without its index: each names the command that helps."""
    result = CliRunner().invoke(cli, ["--data", str(tmp_path / "none"), "serve"])
    assert (result.exit_code, "kilde ingest" in result.output) == (1, True)
    (tmp_path / "empty").mkdir()
    result = CliRunner().invoke(cli, ["--data", str(tmp_path / "empty"), "serve"])
    assert (result.exit_code, "kilde ingest" in result.output) == (1, True)
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "kilde.sqlite").write_bytes((small_data / "kilde.sqlite").read_bytes())
    result = CliRunner().invoke(cli, ["--data", str(tmp_path / "bare"), "serve"])
    assert (result.exit_code, "kilde index" in result.output) == (1, True)


@pytest.mark.parametrize(("ending", "when"), [(signal.SIGINT, "ready"), (signal.SIGTERM, "health")])
def test_it_ends_when_it_is_told_to(small_data: Path, ending: signal.Signals, when: str) -> None:
    """Ctrl-C ends it with 0 and a word, without a traceback; the port is free at once for the next one.

    So it does while its workers still start: `health` is answered before `ready`.
    """
    port = free_port()
    call = [sys.executable, "-c", "from kilde.cli import main; main()", "--data", str(small_data), "serve"]
    server = subprocess.Popen([*call, "--port", str(port), "--workers", "1"], stderr=subprocess.PIPE, text=True)
    try:
        wait_for(lambda: answers(port, when) or server.poll() is not None)
        server.send_signal(ending)
        _, said = server.communicate(timeout=30)
    finally:
        server.kill()
    assert server.returncode == (0 if ending is signal.SIGINT else -ending)
    assert said.splitlines()[0] == f"http://127.0.0.1:{port} answers {ALONE}; no password"
    assert said.splitlines()[1:] == (["stopped"] if ending is signal.SIGINT else [])
    with socket.create_server(("127.0.0.1", port)):
        pass


def answers(port: int, path: str) -> bool:
    """Whether a server says that it is well."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/{path}", timeout=60).status_code == 200
    except httpx.TransportError:
        return False


def test_answers_do_not_wait_for_the_client() -> None:
    """Connections of the socket send what they have at once."""
    with (
        open_socket(Listening(port=free_port())) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as connection,
    ):
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
