"""A dask scheduler and workers as processes; where the machine allows, each worker on a host of its own.

Such a host is a network namespace with an address of its own, joined to this machine by a cable that can be pulled.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0
LOST = "11s"
"""How soon a scheduler of these tests takes a silent machine for lost: the least that dask allows."""


@dataclass(slots=True)
class Host:
    """A worker's machine, or only its process where there are no namespaces."""

    name: str
    address: str = "127.0.0.1"
    namespace: str | None = None
    cable: str | None = None
    process: subprocess.Popen[bytes] | None = None

    def cut_off(self, *, cable: bool) -> None:
        """End all processes at once; with `cable` what a power cut does: that is dead first, so that nobody is told."""
        if cable and self.cable:
            subprocess.run(["ip", "link", "set", self.cable, "down"], check=True)
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass(slots=True)
class Farm:
    """A scheduler and the hosts of its workers."""

    folder: Path
    address: str
    scheduler: subprocess.Popen[bytes]
    hosts: list[Host]
    environment: dict[str, str] = field(default_factory=dict)
    """The variables that a client needs."""

    def log(self) -> str:
        """What all processes printed."""
        return "\n".join(f"--- {it.name}\n{it.read_text('utf-8', 'replace')}" for it in self.folder.glob("*.log"))


def has_namespaces() -> bool:
    """Whether this process may make network namespaces."""
    if os.geteuid() or shutil.which("ip") is None:
        return False
    name = f"kt{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True).returncode == 0
    if made:
        subprocess.run(["ip", "netns", "delete", name], check=True)
    return made


@contextmanager
def farm(hosts: int, *, apart: bool, threads: int = 1) -> Iterator[Farm]:
    """A scheduler and as many workers; `apart` on hosts of their own and under TLS, else on loopback."""
    with tempfile.TemporaryDirectory(prefix="kilde-farm-") as name:
        folder = Path(name)
        made = [Host(f"w{number}") for number in range(1, hosts + 1)]
        processes: list[subprocess.Popen[bytes]] = []
        try:
            if apart:
                for number, host in enumerate(made, 1):
                    join(host, number)
            own = "10.177.1.1" if apart else "127.0.0.1"
            options = write_certificates(folder, [own, *(it.address for it in made)]) if apart else []
            scheduler = start(
                folder, "scheduler", ["scheduler", "--host", f"{'tls://' if apart else ''}{own}", *options]
            )
            processes.append(scheduler)
            address = announced(folder)
            for host in made:
                where = [
                    "--nthreads",
                    str(threads),
                    "--nworkers",
                    "1",
                    "--host",
                    host.address,
                    "--local-directory",
                    name,
                ]
                host.process = start(folder, host.name, ["worker", address, *where, *options], host.namespace)
                processes.append(host.process)
            yield Farm(folder, address, scheduler, made, variables(folder) if apart else {})
        finally:
            for process in processes:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            for host in made:
                if host.namespace:
                    # A namespace goes when its processes have; its cable would stand in the way of the next farm's.
                    subprocess.run(["ip", "link", "delete", str(host.cable)], check=False, capture_output=True)
                    subprocess.run(["ip", "netns", "delete", host.namespace], check=False)


def start(folder: Path, name: str, arguments: list[str], namespace: str | None = None) -> subprocess.Popen[bytes]:
    """Start a process of dask in a group of its own."""
    within = ["ip", "netns", "exec", namespace] if namespace else []
    port = ["--port", "0", "--scheduler-file", str(folder / "scheduler.json")] if name == "scheduler" else []
    command = [*within, sys.executable, "-m", "dask", *arguments, *port, "--no-dashboard"]
    environment = {**os.environ, "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": LOST, "PYTHONPATH": str(ROOT)}
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=folder, env=environment,
            start_new_session=True,
        )  # fmt: skip


def announced(folder: Path) -> str:
    """The scheduler's address, once it listens."""
    file, until = folder / "scheduler.json", time.monotonic() + PATIENCE
    while True:
        with suppress(FileNotFoundError, ValueError):
            return str(json.loads(file.read_text("utf-8"))["address"])
        assert time.monotonic() < until, (folder / "scheduler.log").read_text("utf-8")
        time.sleep(0.05)


def join(host: Host, number: int) -> None:
    """Make a namespace with one end of a cable in it; the other end stays here."""
    host.namespace, host.cable = f"kilde{os.getpid()}w{number}", f"k{os.getpid()}w{number}"
    host.address, here = f"10.177.{number}.2", f"10.177.{number}.1"
    for command in (
        f"ip netns add {host.namespace}",
        f"ip link add {host.cable} type veth peer name eth0 netns {host.namespace}",
        f"ip addr add {here}/24 dev {host.cable}",
        f"ip link set {host.cable} up",
        f"ip -n {host.namespace} addr add {host.address}/24 dev eth0",
        f"ip -n {host.namespace} link set lo up",
        f"ip -n {host.namespace} link set eth0 up",
        f"ip -n {host.namespace} route add default via {here}",
    ):
        subprocess.run(command.split(), check=True)


def write_certificates(folder: Path, addresses: list[str]) -> list[str]:
    """An authority and one certificate for all machines of a test; the options of dask that name them."""
    authority = ec.generate_private_key(ec.SECP256R1())
    key = ec.generate_private_key(ec.SECP256R1())
    root = certificate("Kilde's tests", authority.public_key(), "Kilde's tests", authority, [], authority=True)
    leaf = certificate("a machine", key.public_key(), "Kilde's tests", authority, addresses)
    private = serialization.PrivateFormat.PKCS8
    own = key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption())
    for name, content in (("ca", pem(root)), ("certificate", pem(leaf)), ("key", own)):
        (folder / f"{name}.pem").write_bytes(content)
        (folder / f"{name}.pem").chmod(0o600)
    return [
        "--tls-ca-file", str(folder / "ca.pem"), "--tls-cert", str(folder / "certificate.pem"),
        "--tls-key", str(folder / "key.pem"),
    ]  # fmt: skip


def certificate(
    name: str, key: ec.EllipticCurvePublicKey, issuer: str, by: ec.EllipticCurvePrivateKey, addresses: list[str],
    *, authority: bool = False,
) -> x509.Certificate:  # fmt: skip
    """A certificate for an hour."""
    now = datetime.now(UTC)
    subject, signer = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, it)]) for it in (name, issuer))
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(signer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(minutes=5))
    builder = builder.not_valid_after(now + timedelta(hours=1))
    builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    if addresses:
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(it)) for it in addresses])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(by, hashes.SHA256())


def pem(it: x509.Certificate) -> bytes:
    """A certificate as files hold it."""
    return it.public_bytes(serialization.Encoding.PEM)


def variables(folder: Path) -> dict[str, str]:
    """The variables that name a client's files."""
    return {f"KILDE_DASK_{name.upper()}": str(folder / f"{name}.pem") for name in ("ca", "certificate", "key")}
