"""Who may pass: a cookie or a bearer token makes a role of a request; without one, where a password is set, no page."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request

from search.web.errors import TooManyTriesError
from search.web.guard import host_of
from search.web.login import Door, Session
from search.web.view import Role

COOKIE = "kilde_session"
BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks; `session` is None for who did not log in."""

    role: Role
    session: Session | None = None


async def visitor_of(request: Request, door: Door) -> Visitor | None:
    """Who asks; None where a password is needed first. TooManyTriesError for too many wrong tokens."""
    session = door.session(request.cookies.get(COOKIE, ""))
    if session is not None:
        return Visitor(session.role, session)
    header = request.headers.get("authorization", "")
    if header.lower().startswith(BEARER):
        token = header[len(BEARER) :].strip().encode("latin-1").decode("utf-8", "replace")
        role = await tried(token, address_of(request), door)
        return Visitor(role) if role else None
    role = door.role_without_login()
    return Visitor(role) if role else None


async def tried(password: str, address: str, door: Door) -> Role | None:
    """The role of a password that somebody gives; TooManyTriesError where this address has tried too often."""
    if door.knows_bearer(password):
        return door.role_of_bearer(password)
    if not door.tries.are_left(address):
        raise TooManyTriesError("too many wrong passwords from here; wait a minute")
    door.tries.count(address)
    # scrypt is slow on purpose, and lets go of the interpreter while it works.
    role = await asyncio.to_thread(door.role_of_bearer, password)
    if role is not None:
        door.tries.forget(address)
    return role


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else "unknown"


def may_be_ours(request: Request) -> bool:
    """Whether a form can have been sent by a page of ours, as far as the browser says; its token must say so too.

    Since our pages send no referrer, their forms come with the origin "null" where a browser does not name the site.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin", "null")
    return origin == "null" or host_of(urlsplit(origin).netloc) == host_of(request.headers.get("host", ""))
