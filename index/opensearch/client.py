"""The way to a cluster: one small function over the official client, with our errors, retries, TLS and limits.

TLS is always verified; plain http goes to this machine only. The password is read when a connection is made, and is in
no value, message or log.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from logging import NullHandler, getLogger
from random import uniform
from time import monotonic, sleep
from typing import Any, TypeAlias, TypeVar
from urllib.parse import urlsplit

from kilde.errors import KildeError, MissingError, SettingsError
from kilde.opensearch import PASSWORD_VARIABLE, OpenSearch
from kilde.passwords import read_password

Json: TypeAlias = dict[str, Any]

UNTRUSTED = 495
"""The status of a connection whose certificate cannot be verified: trying again does not help."""
TRANSIENT = frozenset({408, 429, 502, 503, 504})
"""Answers that mean: later."""
REQUEST_SECONDS = 60.0
PATIENCE = 20.0
"""Seconds that a question is tried again for: a cluster that lost a node answers again within them."""
LONG_PATIENCE = 180.0
"""As `PATIENCE`, for writing, which can wait."""
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
"""Seconds."""
LONGEST_DETAIL = 300
"""Characters of what a cluster says that are told."""

It = TypeVar("It")


class ClusterError(KildeError):
    """A cluster that does not answer, or refuses; `status` is that of HTTP, 0 where there was no answer."""

    def __init__(self, message: str, status: int = 0, kind: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind

    @property
    def is_transient(self) -> bool:
        """Whether it may go well later."""
        return self.status == 0 or self.status in TRANSIENT


class Client:
    """Connections to the nodes of a cluster. Several threads may share it; a process makes its own."""

    def __init__(self, place: OpenSearch) -> None:
        self.place = place
        self._library = library()
        self._client = self._library.OpenSearch(**options(place, dict(os.environ)))

    def ask(
        self,
        method: str,
        path: str,
        body: Json | str | None = None,
        *,
        params: Mapping[str, object] | None = None,
        patience: float = PATIENCE,
        seconds: float = REQUEST_SECONDS,
    ) -> Json:
        """The answer to a request, tried again for `patience` seconds where that may help.

        ClusterError for any answer that is an error; each request may take `seconds`.
        """
        return retried(lambda: self._once(method, path, body, params or {}, seconds), patience)

    def exists(self, path: str) -> bool:
        """Whether something is there."""
        try:
            self.ask("GET", path)
        except ClusterError as error:
            if error.status == 404:
                return False
            raise
        return True

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _once(
        self, method: str, path: str, body: Json | str | None, params: Mapping[str, object], seconds: float
    ) -> Json:
        errors = self._library.exceptions
        try:
            found = self._client.transport.perform_request(method, path, dict(params), body, timeout=seconds)
        except errors.SSLError:
            signer = self.place.ca or "an authority that Python knows; opensearch.ca names another"
            message = f"OpenSearch ({self.place}): its certificate is not one of {signer}"
            raise ClusterError(message, UNTRUSTED) from None
        except errors.ConnectionError as error:
            # The text of the library's error may hold a whole address; its kind says enough.
            raise ClusterError(f"OpenSearch ({self.place}) does not answer: {type(error).__name__}") from None
        except errors.TransportError as error:
            raise refusal(error.status_code, error.info, str(error.error), self.place) from None
        return found if isinstance(found, dict) else {"found": found}


def library() -> Any:
    """The official client; MissingError with the command that installs it."""
    try:
        found = import_module("opensearchpy")
    except ModuleNotFoundError as error:
        if error.name != "opensearchpy":
            raise
        message = "engine = \"opensearch\" needs opensearch-py; install it with: pip install 'kilde[opensearch]'"
        raise MissingError(message) from error
    # What it warns of comes to the user as an error of ours; a log that somebody has set up still gets it.
    log = getLogger("opensearch")
    if not log.handlers:
        log.addHandler(NullHandler())
    return found


def options(place: OpenSearch, environment: Mapping[str, str]) -> Json:
    """What the client is made with; SettingsError for a password that is missing, or plain http to another machine."""
    hosts = []
    for address in place.addresses:
        parts = urlsplit(address)
        is_safe = parts.scheme == "https"
        if not is_safe and not is_loopback(parts.hostname or ""):
            raise SettingsError(f"{address}: another machine is only talked to over https")
        hosts.append({"host": parts.hostname, "port": parts.port or 9200, "use_ssl": is_safe})
    found: Json = {
        "hosts": hosts,
        "verify_certs": True,
        "ssl_assert_hostname": None,
        "max_retries": 0,
        "timeout": REQUEST_SECONDS,
        "http_compress": not all(is_loopback(str(host["host"])) for host in hosts),
    }
    if place.ca is not None:
        if not place.ca.is_file():
            raise SettingsError(f"opensearch.ca: there is no file {place.ca}")
        found["ca_certs"] = str(place.ca)
    if place.user is not None:
        found["http_auth"] = (place.user, password_of(place, environment))
    return found


def password_of(place: OpenSearch, environment: Mapping[str, str]) -> str:
    """The password, from the file that is named, else from the environment."""
    password = read_password(place.password_file) if place.password_file else environment.get(PASSWORD_VARIABLE, "")
    if not password:
        where = place.password_file or f"the environment's {PASSWORD_VARIABLE}"
        raise SettingsError(f"opensearch.user is {place.user}, and {where} holds no password")
    return password


def retried(action: Callable[[], It], patience: float) -> It:
    """What an action gives, tried again with growing pauses, drawn by lot, while it fails for reasons that pass."""
    end, pause = monotonic() + patience, FIRST_PAUSE
    while True:
        try:
            return action()
        except ClusterError as error:
            if not error.is_transient or monotonic() + pause > end:
                raise
        sleep(pause * uniform(0.5, 1.5))  # noqa: S311 (no secret hangs on it)
        pause = min(pause * 2, LONGEST_PAUSE)


def refusal(status: object, info: object, reason: str, place: OpenSearch) -> ClusterError:
    """An answer that is an error, as one of ours."""
    code = status if isinstance(status, int) else 0
    if code in (401, 403) and not reason.startswith("cluster_block"):
        return ClusterError(f"OpenSearch ({place}) refuses the user: {reason[:LONGEST_DETAIL]}", code, reason)
    return ClusterError(f"OpenSearch ({place}) answers {code}: {detail_of(info, reason)}", code, reason)


def detail_of(info: object, reason: str) -> str:
    """What a cluster says of an error, in a line."""
    error = info.get("error") if isinstance(info, dict) else None
    causes = [*(error.get("root_cause") or ()), error] if isinstance(error, dict) else []
    texts = [f"{cause.get('type')}: {cause.get('reason')}" for cause in causes if isinstance(cause, dict)]
    return " ".join((texts[0] if texts else reason).split())[:LONGEST_DETAIL]


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    return host in ("localhost", "::1") or host.startswith("127.")
