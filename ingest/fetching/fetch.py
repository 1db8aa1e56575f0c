"""Fetching over HTTP: polite, bounded, and never from an address that is not public.

In goes an address, out comes an `Outcome`; nothing that a server does raises. One Fetcher serves one source and is
used by one thread; the `Hosts` it is given may be shared, so that a host is asked one thing at a time by all of them.
Clock, sleep, names and connections are parameters. Requests go to the transport itself, below httpx's client: there
are no cookies, no proxies of the environment and no redirects but those that are followed here.
"""

from __future__ import annotations

import base64
import math
import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from urllib.parse import urlsplit

import httpx

from ingest.fetching.addresses import Resolver, resolve_host
from ingest.fetching.answers import ERRORS, Asked, failure_of, read_answer
from ingest.fetching.outcomes import Failed, Outcome, Redirect
from ingest.fetching.pacing import Hosts, backoff
from ingest.fetching.robots import LIFETIME, MOST_BYTES, PRODUCT, Rules, rules_of
from ingest.fetching.transport import Connect, PinnedBackend, PinnedTransport, connect_socket, tls_context
from ingest.fetching.urls import PORTS, credentials_of, origin_of, parse_address, redact_text, redact_url
from ingest.fetching.wire import Watch
from ingest.sources.seen import Validators

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one fetch; `seconds` counts the time on the network in all tries, not the pauses between them."""

    seconds: float = 60.0
    least_rate: float = 1_000.0
    """Bytes a second."""
    grace: float = 5.0
    """Seconds from the first byte before the rate counts."""
    most_bytes: int = 50_000_000
    """Of a body: on the wire, and after decoding."""
    redirects: int = 5
    tries: int = 5


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The world as a Fetcher meets it."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    jitter: Callable[[], float] = random.random
    resolve: Resolver = resolve_host
    connect: Connect = connect_socket


@dataclass(frozen=True, slots=True)
class Manners:
    """How a source's sites are met."""

    contact: str
    """Where their owners reach whoever runs this Kilde; stands in the User-Agent."""
    pause: float = 1.0
    """Seconds between two requests to a host, at least."""
    allow_hosts: tuple[str, ...] = ()
    """Hosts that may have private addresses and any port."""


@dataclass(slots=True)
class Job:
    """One fetch while it runs."""

    validators: Validators | None
    patience: float
    """Seconds of waiting that are left."""
    seconds: float
    """Seconds on the network that are left."""
    robots: bool = False
    """Whether it is robots.txt itself that is fetched."""


class Fetcher:
    """Fetches for one source; it owns the connections.

    `requests` and `received` count what was asked and the bytes that came, for the budgets of a visit.
    """

    def __init__(
        self,
        manners: Manners,
        *,
        limits: Limits | None = None,
        surroundings: Surroundings | None = None,
        hosts: Hosts | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.manners = manners
        self.limits = limits or Limits()
        self.world = surroundings or Surroundings()
        self.hosts = hosts or Hosts()
        self.private = frozenset(host.lower().rstrip(".") for host in manners.allow_hosts)
        self.backend = PinnedBackend(self.private, self.world.resolve, self.world.connect)
        self.transport = PinnedTransport(self.backend, tls or tls_context())
        self.agent = f"{PRODUCT}/{version('kilde')} (+{manners.contact})"
        self.credentials: dict[str, str] = {}
        self.requests = 0
        self.received = 0

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self.transport.close()

    def use_credentials(self, url: str) -> None:
        """Send user and password of an address of the source's definition (https://user:pw@...) to its origin alone."""
        found, address = credentials_of(url), parse_address(url)
        if found and address:
            secret = base64.b64encode(":".join(found).encode("utf-8")).decode("ascii")
            self.credentials[origin_of(address.url)] = f"Basic {secret}"

    def fetch(self, url: str, validators: Validators | None = None, *, patience: float = math.inf) -> Outcome:
        """Fetch an address, with retries where they may help; `validators` make it a question whether it changed.

        `patience` is how many seconds may be spent waiting because a server asks for it or fails.
        """
        return self.persist(url, Job(validators, patience, self.limits.seconds))

    def persist(self, url: str, job: Job) -> Outcome:
        """Try until there is an outcome that another try would not change."""
        for attempt in range(1, self.limits.tries + 1):
            outcome = self.follow(url, job)
            if not isinstance(outcome, Failed):
                break
            outcome = replace(outcome, detail=redact_text(outcome.detail))
            if not outcome.again:
                break
            wait = backoff(attempt, self.world.jitter()) if outcome.wait is None else outcome.wait
            if outcome.wait is not None and wait > job.patience:
                outcome = too_long(outcome, wait)
                break
            if attempt == self.limits.tries or job.seconds <= 0 or wait > job.patience:
                outcome = replace(outcome, detail=f"{outcome.detail} (tries: {attempt})")
                break
            job.patience -= wait
            self.world.sleep(wait)
        if not isinstance(outcome, Failed) or outcome.again or outcome.status is not None:
            good = not isinstance(outcome, Failed) or not outcome.again
            self.hosts.of(host_of(url)).note(good=good, now=self.world.clock())
        return outcome

    def follow(self, url: str, job: Job) -> Outcome:
        """One try, through its redirects; each address on the way is checked like the first."""
        seen = [url]
        for _ in range(self.limits.redirects + 1):
            step = self.refusal(seen[-1], job) or self.request(seen[-1], job, redirected=len(seen) > 1)
            if not isinstance(step, Redirect):
                return step
            target = redirected_to(step.target, seen)
            if isinstance(target, Failed):
                return target
            seen.append(target)
        return Failed("too_many_redirects", f"more than {self.limits.redirects} redirects")

    def refusal(self, url: str, job: Job) -> Failed | None:
        """Why an address is not asked for at all; None where it is."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in PORTS:
            return Failed("bad_address", f"{redact_url(url)} is no address of http or https")
        if parts.port not in {None, *PORTS.values()} and host not in self.private:
            return Failed("bad_port", f"{host} is asked for at port {parts.port}; only hosts of allow_hosts may be")
        if self.world.clock() < self.hosts.of(host).open_until:
            return Failed("host_failing", f"{host} failed several times in a row; it is left alone", fatal=True)
        return None if job.robots else self.robots_refusal(url, job)

    def robots_refusal(self, url: str, job: Job) -> Failed | None:
        """Why robots.txt lets us not ask for an address; None where it does."""
        rules = self.rules(url, job)
        if rules.blocked is not None or rules.allows(url):
            return rules.blocked
        return Failed("robots", f"robots.txt disallows {redact_url(url)}")

    def rules(self, url: str, job: Job) -> Rules:
        """The robots.txt rules of an address's origin, fetched when they are first needed."""
        origin = origin_of(url)
        known = self.hosts.rules.get(origin)
        if known is not None and self.world.clock() - known.read_at < LIFETIME:
            return known
        asked = Job(None, job.patience, self.limits.seconds, robots=True)
        outcome = self.persist(f"{url.partition('://')[0]}://{urlsplit(url).netloc}/robots.txt", asked)
        rules = rules_of(outcome, self.world.clock())
        self.hosts.rules[origin] = rules
        return rules

    def request(self, url: str, job: Job, *, redirected: bool) -> Outcome | Redirect:
        """One request, in its turn."""
        host = self.hosts.of(host_of(url))
        with host.lock:
            asked_for = host.not_before - self.world.clock()
            if asked_for > job.patience:
                return too_long(Failed("busy", "the server asked to be left alone"), asked_for)
            pause = max(asked_for, host.free_at - self.world.clock())
            if pause > 0:
                self.world.sleep(pause)
            began = self.world.clock()
            step = self.send(url, job, redirected=redirected)
            ended = self.world.clock()
            job.seconds -= ended - began
            known = self.hosts.rules.get(origin_of(url))
            host.free_at = ended + max(self.manners.pause, known.delay() if known else 0.0)
            if isinstance(step, Failed) and step.wait is not None:
                host.not_before = ended + step.wait
        return step

    def send(self, url: str, job: Job, *, redirected: bool) -> Outcome | Redirect:
        """Send a request and read the answer; whatever the network does becomes a Failed."""
        deadline = self.world.clock() + job.seconds
        watch = Watch(self.world.clock, deadline, self.limits.least_rate, self.limits.grace)
        most = MOST_BYTES if job.robots else self.limits.most_bytes
        asked = Asked(url, redirected, job.validators, most, cut=job.robots, now=self.world.now())
        self.backend.watch = watch
        self.requests += 1
        try:
            request = httpx.Request("GET", url, headers=self.headers(url, job.validators))
            response = self.transport.handle_request(request)
            try:
                return read_answer(response, asked, watch)
            finally:
                response.close()
        except ERRORS as error:
            return failure_of(error, url)
        finally:
            self.received += watch.received

    def headers(self, url: str, validators: Validators | None) -> dict[str, str]:
        """The headers of a request."""
        headers = {
            "User-Agent": self.agent,
            "Accept": ACCEPT,
            "Accept-Language": "da, *;q=0.5",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }
        if validators and validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators and validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        if secret := self.credentials.get(origin_of(url)):
            headers["Authorization"] = secret
        return headers


def host_of(url: str) -> str:
    """The host of an address."""
    return urlsplit(url).hostname or ""


def redirected_to(target: str, seen: list[str]) -> str | Failed:
    """The address that a redirect leads to from the last one seen, or why it is not followed."""
    here = seen[-1]
    address = parse_address(target, here, whole=True)
    if address is None:
        return Failed("bad_redirect", f"a redirect to {target[:100]!r}, which is no web address")
    if here.startswith("https:") and not address.url.startswith("https:"):
        return Failed("insecure_redirect", f"a redirect from https to {address.locator}; it is not followed")
    if address.url in seen:
        return Failed("redirect_loop", f"redirects lead round in a circle, by {address.locator}")
    return address.url


def too_long(failed: Failed, wait: float) -> Failed:
    """The failure where a server asks for a longer wait than a visit has."""
    detail = (
        f"{failed.detail} and asks to wait {wait:,.0f} seconds, longer than this visit can; the next one tries again"
    )
    return replace(failed, code="retry_later", detail=detail, again=False, fatal=True)
