"""Talking to a cluster: what is tried again, what is refused, and that nothing goes out unguarded."""

from __future__ import annotations

import logging
import socket
from pathlib import Path

import pytest

from index.opensearch import client as subject
from index.opensearch.client import UNTRUSTED, Client, ClusterError, detail_of, library, options
from kilde.errors import MissingError, SettingsError
from kilde.opensearch import OpenSearch
from tests.index.opensearch.node import in_turn, running
from tests.ingest.fetching.test_fetch_tls import server

SECRET = "meget-hemmelig-kode"
WRONG = {"error": {"root_cause": [{"type": "parsing_exception", "reason": "no [x]"}], "type": "t"}, "status": 400}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses that a test does not wait for."""
    monkeypatch.setattr(subject, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(subject, "LONGEST_PAUSE", 0.01)


def test_what_may_pass_is_tried_again() -> None:
    """Overload and a node that is missing for a moment."""
    with running(in_turn((503, {}), (429, {}), (200, {"found": 1}))) as node:
        assert Client(OpenSearch((node.address,))).ask("GET", "/x") == {"found": 1}
        assert len(node.asked) == 3


def test_what_is_wrong_is_told_at_once() -> None:
    """With what the cluster says of it, and without a second try."""
    with running(in_turn((400, WRONG))) as node:
        with pytest.raises(ClusterError, match=r"answers 400: parsing_exception: no \[x\]") as error:
            Client(OpenSearch((node.address,))).ask("POST", "/x/_search", {"query": {}})
        assert (error.value.status, error.value.is_transient, len(node.asked)) == (400, False, 1)


def test_another_node_answers_for_one_that_is_gone() -> None:
    """And a cluster of which no node answers is an error in a line."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{free.getsockname()[1]}"
    with running(in_turn((200, {"found": 1}))) as node:
        client = Client(OpenSearch((gone, node.address)))
        assert [client.ask("GET", "/x") for _ in range(4)] == [{"found": 1}] * 4
    with pytest.raises(ClusterError, match="does not answer") as error:
        Client(OpenSearch((gone,))).ask("GET", "/x", patience=0.05)
    assert (error.value.status, "\n" in str(error.value)) == (0, False)


def test_a_signed_certificate_is_trusted_and_no_other(tmp_path: Path) -> None:
    """Nothing is sent to a node whose certificate the named authority did not sign."""
    context, pem = server(tmp_path, "localhost")
    (tmp_path / "other").mkdir()
    _, other = server(tmp_path / "other", "localhost")
    with running(in_turn((200, {"found": 1})), tls=context) as node:
        assert Client(OpenSearch((node.address,), ca=pem)).ask("GET", "/x") == {"found": 1}
        for trusted in (other, None):
            with pytest.raises(ClusterError, match="its certificate is not one of") as error:
                Client(OpenSearch((node.address,), ca=trusted)).ask("GET", "/x")
            assert error.value.status == UNTRUSTED
        assert len(node.asked) == 1


def test_a_certificate_is_of_the_name_that_is_asked(tmp_path: Path) -> None:
    """One of another host is refused, though the authority signed it."""
    context, pem = server(tmp_path, "andet.example.dk")
    with running(in_turn((200, {})), tls=context) as node:
        with pytest.raises(ClusterError, match="its certificate is not one of"):
            Client(OpenSearch((node.address,), ca=pem)).ask("GET", "/x")
        assert node.asked == []


def test_the_password_is_sent_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """From a file or the environment; in no message, representation or log."""
    caplog.set_level(logging.DEBUG)
    file = tmp_path / "password"
    file.write_text(f"{SECRET}\n", "utf-8")
    file.chmod(0o600)
    with running(in_turn((200, {}), (403, {"error": {"type": "security_exception", "reason": "no"}}))) as node:
        client = Client(OpenSearch((node.address,), user="kilde", password_file=file))
        client.ask("GET", "/x")
        with pytest.raises(ClusterError, match="refuses the user") as error:
            client.ask("GET", "/x")
        monkeypatch.setenv("KILDE_OPENSEARCH_PASSWORD", SECRET)
        other = Client(OpenSearch((node.address,), user="kilde"))
        with pytest.raises(ClusterError):
            other.ask("GET", "/x")
        sent = {headers.get("Authorization", headers.get("authorization")) for *_, headers in node.asked}
    assert len(sent) == 1
    assert None not in sent
    told = f"{client!r} {client.place!r} {client.place} {error.value!r} {caplog.text}"
    assert SECRET not in told
    assert str(sent.pop()).split()[1] not in told


def test_passwords_that_others_can_read_or_that_are_missing_are_refused(tmp_path: Path) -> None:
    """With what mends it."""
    file = tmp_path / "password"
    file.write_text(SECRET, "utf-8")
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        options(OpenSearch(("https://a.example.dk:9200",), user="kilde", password_file=file), {})
    with pytest.raises(SettingsError, match="KILDE_OPENSEARCH_PASSWORD holds no password"):
        options(OpenSearch(("https://a.example.dk:9200",), user="kilde"), {})


def test_nothing_goes_to_another_machine_in_the_open(tmp_path: Path) -> None:
    """Settings refuse it already; the client does so for whoever made the value."""
    with pytest.raises(SettingsError, match="only talked to over https"):
        options(OpenSearch(("http://search.example.dk:9200",)), {})
    with pytest.raises(SettingsError, match="there is no file"):
        options(OpenSearch(("https://search.example.dk:9200",), ca=tmp_path / "ca.pem"), {})
    found = options(OpenSearch(("https://a.example.dk:9200", "http://127.0.0.1:9200")), {})
    assert found["verify_certs"] is True
    assert [host["use_ssl"] for host in found["hosts"]] == [True, False]


def test_a_missing_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the name of the extra."""

    def missing(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(subject, "import_module", missing)
    with pytest.raises(MissingError, match=r"pip install 'kilde\[opensearch\]'"):
        library()


@pytest.mark.parametrize(
    ("info", "told"),
    [
        (WRONG, "parsing_exception: no [x]"),
        ({"error": "plain"}, "reason"),
        (None, "reason"),
        ({"error": {"type": "t", "reason": "a\n b" + "x" * 999}}, "t: a b" + "x" * 294),
    ],
)
def test_details_are_a_line(info: object, told: str) -> None:
    """Short, whatever the cluster says."""
    assert detail_of(info, "reason") == told
