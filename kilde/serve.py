"""The web server: what it needs put together, and where it may listen.

Only here do the pages meet the archive, whose originals they hand out through a function.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from multiprocessing import forkserver
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from urllib.parse import urlsplit

import uvicorn

from ingest import readings
from ingest.archiving.archive import Place
from kilde.errors import KildeError, SettingsError, UsageError
from kilde.folder import DataFolder
from kilde.passwords import read_password
from kilde.store_tables import Original
from search.web.app import new_app
from search.web.desk import Desk
from search.web.library import Library, ready
from search.web.login import SHORTEST_PASSWORD, Door, Secret, keep
from search.web.pages import Site
from search.web.protocol import PatientProtocol
from search.web.view import Role

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
KEEP_ALIVE_SECONDS = 15
MOST_CONNECTIONS = 512
LARGEST_REQUEST = 65_536
"""Bytes of a request's head that are read at all; the guard refuses smaller ones with a reason."""
VARIABLES = {Role.READER: "KILDE_PASSWORD", Role.ADMIN: "KILDE_ADMIN_PASSWORD"}


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen and who may ask. `public` is the address that people type, where a proxy stands before."""

    host: str = "127.0.0.1"
    port: int = 8000
    allowed: tuple[str, ...] = ()
    public: str | None = None
    workers: int = 1

    @property
    def base(self) -> str:
        """The root of absolute addresses: never what a request says."""
        if self.public:
            return self.public.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which it may be asked."""
        named = {name.lower() for name in self.allowed}
        if self.public:
            named.add((urlsplit(self.public).hostname or "").lower())
        return LOOPBACK | named - {""}


def read_secrets(files: Mapping[Role, Path | None], environment: Mapping[str, str]) -> tuple[Secret, ...]:
    """The passwords by role, from a file where one is named, else from the environment.

    SettingsError for a file that others can read, and for a password that is too short.
    """
    found = []
    for role, variable in VARIABLES.items():
        path = files.get(role)
        password = read_password(path) if path else environment.get(variable, "")
        if not password:
            continue
        if len(password) < SHORTEST_PASSWORD:
            where = path or variable
            raise SettingsError(f"{where}: expected a password of {SHORTEST_PASSWORD} characters or more")
        found.append(keep(role, password))
    return tuple(found)


def check(listening: Listening, secrets: tuple[Secret, ...]) -> None:
    """Raise UsageError where others could reach what nobody guards."""
    if listening.public and urlsplit(listening.public).scheme not in ("http", "https"):
        raise UsageError(f"--public-url {listening.public}: expected http://... or https://...")
    if listening.is_local and not listening.public:
        return
    if not (listening.allowed or listening.public):
        raise UsageError(
            f"--host {listening.host} can be reached from other machines: say under which names with --allow-host NAME"
        )
    if not secrets:
        raise UsageError(
            "other machines can reach this: set a password in KILDE_PASSWORD or with --password-file"
            " (12 characters or more)"
        )


def read_original(archive: Path, original: Original) -> bytes:
    """The bytes of an original; DamagedError where they are not what was archived."""
    return readings.read_original(archive, Place(original.file, original.place, original.part), original.digest)


def door_of(secrets: tuple[Secret, ...]) -> Door:
    """Who is let in. Without passwords only this machine asks, and whoever sits at it sees how runs went."""
    return Door(secrets, Role.LOCAL)


def open_socket(listening: Listening) -> socket.socket:
    """A socket at the address to listen on. KildeError where it is taken, not to be had, or none of this machine."""
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    try:
        opened = socket.create_server((listening.host, listening.port), family=family)
    except OSError as error:
        raise KildeError(f"cannot listen on {listening.host}, port {listening.port}: {_remedy(error)}") from error
    # Connections inherit it. Without, the end of an answer waits 40 ms for the client's word that the beginning came.
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def _remedy(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "another program does; end that one, or choose another port with --port"
    if error.errno == errno.EACCES:
        return "ports below 1024 are for root; choose another with --port"
    return f"{error.strerror or error}; --host names an address of this machine"


def check_folder(folder: DataFolder) -> None:
    """Raise MissingError or DamagedError where nothing could be answered from a data folder."""
    library = Library(folder.require().path, folder.opensearch)
    try:
        ready(library)
    finally:
        library.close()


def serve(folder: DataFolder, listening: Listening, secrets: tuple[Secret, ...], opened: socket.socket) -> None:
    """Serve at an open socket until a signal ends it. UsageError as `check`."""
    check(listening, secrets)
    _start_forkserver()
    site = Site(listening.base, protected=bool(secrets))
    desk = Desk(folder.require().path.absolute(), site, read_original, opensearch=folder.opensearch)
    app = new_app(desk, listening.hosts, door_of(secrets), listening.workers)
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=5,
        limit_concurrency=MOST_CONNECTIONS,
        h11_max_incomplete_event_size=LARGEST_REQUEST,
        forwarded_allow_ips=os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1"),
    )
    try:
        uvicorn.Server(config).run(sockets=[opened])
    except KeyboardInterrupt:  # uvicorn has answered what it could, and hands the signal on
        return


def _start_forkserver() -> None:
    """Ctrl-C reaches all processes of a terminal; the workers are ended by the server, and print no tracebacks."""
    before = signal(SIGINT, SIG_IGN)
    try:
        forkserver.ensure_running()
    finally:
        signal(SIGINT, before)
