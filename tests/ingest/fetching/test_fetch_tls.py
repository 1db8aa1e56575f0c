"""TLS: certificates are verified under the name that was asked for, and there is no second try without."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ingest.fetching.fetch import Limits
from ingest.fetching.outcomes import Failed, Fetched
from tests.ingest.site import Site, World, fetcher_of, html, redirect

HOST = "www.example.dk"
TODAY = datetime.now(UTC)


def server(folder: Path, host: str, *, days: int = 30) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS with a self-signed certificate for a host, and the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(TODAY - timedelta(days=60))
    built = built.not_valid_after(TODAY + timedelta(days=days))
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    certificate = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(
        key, hashes.SHA256()
    )
    pem = folder / "certificate.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = folder / "key.pem"
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return context, pem


def trusting(pem: Path) -> ssl.SSLContext:
    """A client's side that trusts one certificate."""
    return ssl.create_default_context(cafile=str(pem))


def test_a_good_certificate(tmp_path: Path) -> None:
    """Host and SNI are the name that was asked for, whatever the address."""
    context, pem = server(tmp_path, HOST)
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    with Site(context) as site:
        site.routes["/a"] = html("hej")
        world = World(site)
        with fetcher_of(world, tls=trusting(pem)) as fetcher:
            assert isinstance(fetcher.fetch(f"https://{HOST}/a"), Fetched)
    assert set(names) == {HOST}
    assert {port for _, port in world.connected} == {443}


@pytest.mark.parametrize(
    ("host", "days", "trusted", "said"),
    [("andet.example.dk", 30, True, "ostname"), (HOST, -1, True, "expired"), (HOST, 30, False, "self-signed")],
    ids=["wrong host", "expired", "self-signed"],
)
def test_bad_certificates(tmp_path: Path, host: str, days: int, trusted: bool, said: str) -> None:
    """Refused with the reason; nothing is asked for, encrypted or not, and not a second time."""
    context, pem = server(tmp_path, host, days=days)
    client = trusting(pem) if trusted else ssl.create_default_context()
    with Site(context) as site:
        world = World(site)
        with fetcher_of(world, tls=client) as fetcher:
            outcome = fetcher.fetch(f"https://{HOST}/a")
    assert isinstance(outcome, Failed)
    assert outcome.code == "tls"
    assert said in outcome.detail
    assert (site.asked, len(world.connected), {port for _, port in world.connected}) == ([], 1, {443})


def test_a_handshake_that_stalls() -> None:
    """N1: the time of a fetch holds for it too."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        accepted = []
        threading.Thread(target=lambda: accepted.append(listening.accept()), daemon=True).start()
        world = World(real=True)
        world.connect = lambda *_: socket.create_connection(listening.getsockname())
        with fetcher_of(world, limits=Limits(seconds=0.3), tls=ssl.create_default_context()) as fetcher:
            outcome = fetcher.fetch(f"https://{HOST}/a", patience=0)
        for connection, _ in accepted:
            connection.close()
    assert isinstance(outcome, Failed)
    assert "no whole answer within" in outcome.detail


def test_no_redirect_from_https_to_http(tmp_path: Path) -> None:
    """What was asked for in safety is not fetched without."""
    context, pem = server(tmp_path, HOST)
    with Site(context) as site:
        site.routes["/a"] = redirect(f"http://{HOST}/b")
        with fetcher_of(World(site), tls=trusting(pem)) as fetcher:
            outcome = fetcher.fetch(f"https://{HOST}/a")
    assert isinstance(outcome, Failed)
    assert outcome.code == "insecure_redirect"
    assert site.paths() == ["/a"]
