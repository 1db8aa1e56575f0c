"""Who asks: passwords kept as scrypt, sessions in memory, tokens against forged forms, and how many tries there are."""

from __future__ import annotations

import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import scrypt, sha256

from search.web.view import Role

N, R, P = 2**14, 8, 1
"""Cost of scrypt: 16 MB and some 40 ms a try."""
MOST_SESSIONS = 1_000
SESSION_SECONDS = 12 * 3600
TRIES = 10
TRY_SECONDS = 60.0
MOST_ADDRESSES = 10_000
LONGEST_PASSWORD = 1_000
SHORTEST_PASSWORD = 12


@dataclass(frozen=True, slots=True)
class Secret:
    """A password as it is kept."""

    role: Role
    salt: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who has logged in; `csrf` must come with every form that changes something."""

    role: Role
    csrf: str
    ends: float


def keep(role: Role, password: str) -> Secret:
    """A password made ready to be compared."""
    salt = secrets.token_bytes(16)
    return Secret(role, salt, _scrypt(password, salt))


def _scrypt(password: str, salt: bytes) -> bytes:
    return scrypt(password.encode("utf-8", "replace"), salt=salt, n=N, r=R, p=P)


class Tries:
    """Counts wrong passwords by address: at most ten a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()

    def are_left(self, address: str) -> bool:
        """Whether this address may try again now."""
        now = self._clock()
        recent = [moment for moment in self._wrong.get(address, ()) if now - moment < TRY_SECONDS]
        return len(recent) < TRIES

    def count(self, address: str) -> None:
        """Note a try before its password is looked at, so that many at once count as well."""
        now = self._clock()
        recent = [moment for moment in self._wrong.pop(address, ()) if now - moment < TRY_SECONDS]
        self._wrong[address] = [*recent, now]
        while len(self._wrong) > MOST_ADDRESSES:
            self._wrong.popitem(last=False)

    def forget(self, address: str) -> None:
        """The right password was given."""
        self._wrong.pop(address, None)


class Door:
    """Lets in who knows a password. Without any secrets everyone is `open_role`."""

    def __init__(self, known: tuple[Secret, ...], open_role: Role, clock: Callable[[], float] = time.monotonic) -> None:
        self._known = known
        self._open_role = open_role
        self._clock = clock
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._bearers: OrderedDict[bytes, Role] = OrderedDict()
        self._key = secrets.token_bytes(32)
        self.tries = Tries(clock)

    @property
    def protected(self) -> bool:
        """Whether there is a password."""
        return bool(self._known)

    def role_without_login(self) -> Role | None:
        """What someone is who shows nothing; None where a password is asked for."""
        return None if self._known else self._open_role

    def role_of(self, password: str) -> Role | None:
        """The role of a password, None for a wrong one; takes as long for either."""
        if len(password) > LONGEST_PASSWORD:
            return None
        right = [hmac.compare_digest(_scrypt(password, each.salt), each.digest) for each in self._known]
        roles = [each.role for each, is_right in zip(self._known, right, strict=True) if is_right]
        return max(roles, key=lambda role: role is Role.ADMIN, default=None)

    def role_of_bearer(self, token: str) -> Role | None:
        """As `role_of`; a token that was right once is known by its digest from then on."""
        digest = hmac.digest(self._key, token.encode("utf-8", "replace"), sha256)
        if digest not in self._bearers:
            role = self.role_of(token)
            if role is None:
                return None
            self._bearers[digest] = role
        return self._bearers[digest]

    def knows_bearer(self, token: str) -> bool:
        """Whether a token was right before, so that it costs no try."""
        return hmac.digest(self._key, token.encode("utf-8", "replace"), sha256) in self._bearers

    def open_session(self, role: Role) -> str:
        """A new session; its name is for the cookie alone."""
        name = secrets.token_urlsafe(32)
        self._sessions[_digest(name)] = Session(role, secrets.token_urlsafe(32), self._clock() + SESSION_SECONDS)
        while len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return name

    def session(self, name: str) -> Session | None:
        """The session of a cookie, None where it has ended."""
        found = self._sessions.get(_digest(name))
        if found is not None and found.ends <= self._clock():
            self.close_session(name)
            return None
        return found

    def close_session(self, name: str) -> None:
        """End a session."""
        self._sessions.pop(_digest(name), None)

    def form_token(self) -> str:
        """A token for the form that logs in, which has no session yet; good for this hour and the next."""
        return self._form_token(int(self._clock() // 3600))

    def is_form_token(self, token: str) -> bool:
        """Whether a token is one that `form_token` gave."""
        hour = int(self._clock() // 3600)
        return any(hmac.compare_digest(self._form_token(each).encode(), token.encode()) for each in (hour, hour - 1))

    def _form_token(self, hour: int) -> str:
        return hmac.new(self._key, f"log in {hour}".encode(), sha256).hexdigest()


def _digest(name: str) -> str:
    return sha256(name.encode("utf-8", "replace")).hexdigest()
