"""Logging in and out: the only forms that change something."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from search.web.addresses import Address
from search.web.desk import Desk
from search.web.errors import ForbiddenError
from search.web.formats import MEDIA_TYPES
from search.web.gate import COOKIE, address_of, may_be_ours, tried
from search.web.login import SESSION_SECONDS, Door
from search.web.pages import environment, shell_of
from search.web.view import Form, Task
from search.web.words import LANGUAGES, wording

SEE_OTHER = 303
LONGEST_NEXT = 4_000
MOST_FIELDS = 4
STALE = "this form is too old, or not ours; open the page again"


@dataclass(frozen=True, slots=True)
class Entrance:
    """The handlers of the two forms; methods, since each is the handler of an address."""

    door: Door
    desk: Desk
    language: str = "da"

    def form(self, following: str, *, wrong: bool) -> Response:
        """The form that asks for a password, and says so where the last one was wrong."""
        task = Task("login", language=self.language)
        values = shell_of(Address("/login"), task, self.desk.site) | {
            "title": wording(self.language)("login.title"),
            "token": self.door.form_token(),
            "following": following,
            "wrong": wrong,
            "indexed": False,
            "view": None,
        }
        text = environment().get_template("login.html").render(values)
        return Response(text, 403 if wrong else 200, {"Cache-Control": "no-store"}, MEDIA_TYPES[Form.HTML])

    async def show(self, request: Request) -> Response:
        """GET /login."""
        return self.form(local(request.query_params.get("next", "")), wrong=False)

    async def enter(self, request: Request) -> Response:
        """POST /login: a session for the right password."""
        fields = await request.form(max_fields=MOST_FIELDS, max_files=0)
        if not may_be_ours(request) or not self.door.is_form_token(str(fields.get("token", ""))):
            raise ForbiddenError(STALE)
        following = local(str(fields.get("next", "")))
        role = await tried(str(fields.get("password", "")), address_of(request), self.door)
        if role is None:
            return self.form(following, wrong=True)
        response = RedirectResponse(following or "/", SEE_OTHER)
        secure = self.desk.site.base.startswith("https:")
        name = self.door.open_session(role)
        response.set_cookie(COOKIE, name, SESSION_SECONDS, httponly=True, samesite="lax", secure=secure)
        return response

    async def leave(self, request: Request) -> Response:
        """POST /logout."""
        name = request.cookies.get(COOKIE, "")
        session = self.door.session(name)
        fields = await request.form(max_fields=MOST_FIELDS, max_files=0)
        given = str(fields.get("token", ""))
        if (
            session is None
            or not may_be_ours(request)
            or not hmac.compare_digest(session.csrf.encode(), given.encode())
        ):
            raise ForbiddenError(STALE)
        self.door.close_session(name)
        response = RedirectResponse("/", SEE_OTHER)
        response.delete_cookie(COOKIE)
        return response


def add_routes(app: FastAPI, door: Door, desk: Desk) -> None:
    """The way in, in both languages, and the way out."""
    for language in LANGUAGES:
        entrance, path = Entrance(door, desk, language), Address("/login").text(language)
        app.add_api_route(path, entrance.show, methods=["GET", "HEAD"], include_in_schema=False)
        app.add_api_route(path, entrance.enter, methods=["POST"], include_in_schema=False)
    app.add_api_route("/logout", Entrance(door, desk).leave, methods=["POST"], include_in_schema=False)


def asked_to_log_in(request: Request) -> Response | None:
    """The way to the form for who looks at a page; None for a program."""
    path = request.url.path
    if path.startswith(("/api/", "/metrics")) or path.endswith(tuple(f".{form.value}" for form in Form)):
        return None
    language = "en" if path.startswith("/en/") or path == "/en" else "da"
    following = path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{Address('/login').text(language)}?next={quote(following)}", SEE_OTHER)


def local(following: str) -> str:
    """Where to go after logging in, if that is a page of ours; else nowhere."""
    parts = urlsplit(following[:LONGEST_NEXT])
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return following if is_ours and not following.startswith(("//", "/\\")) and following.isprintable() else ""
