"""What must never happen: requests that should not pass, forms that are not ours, numbers that nobody may see."""

from __future__ import annotations

import re
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest

from kilde.errors import SettingsError, UsageError
from kilde.serve import Listening, check, read_secrets
from kilde.store_tables import Original
from search.web.asked import Asked, query_of
from search.web.desk import answer
from search.web.entrance import local
from search.web.library import Library
from search.web.login import TRIES, Door, keep
from search.web.originals import has_cpr
from search.web.routes import ROUTES
from search.web.view import Answer, Form, Role, Task
from tests.web import site
from tests.web.hostile import PAYLOADS

READER, ADMIN = "en læsers lange kode", "en bestyrers lange kode"
DIGITS = [re.sub(r"\D", "", number) for number in site.CPR]


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def guarded(web_data: Path) -> Iterator[httpx.Client]:
    """A server that asks for a password."""
    door = Door((keep(Role.READER, READER), keep(Role.ADMIN, ADMIN)), Role.LOCAL)
    with site.serving(web_data, door) as found:
        yield found


def log_in(client: httpx.Client, password: str, **headers: str) -> httpx.Response:
    """Send the form that logs in."""
    token = re.search(r'name="token" value="([^"]+)"', client.get("/login").text)
    assert token
    return client.post("/login", data={"password": password, "token": token[1], "next": "/kilder"}, headers=headers)


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ({"Host": "evil.example"}, "/", 421),
        ({"Host": "127.0.0.1.evil.example"}, "/", 421),
        ({"Host": "localhost:1"}, "/health", 200),
        ({"Host": "[::1]:8000"}, "/health", 200),
        ({}, "/soeg?q=" + "a" * 9_000, 414),
        ({"X-Long": "a" * 17_000}, "/", 431),
    ],
)
def test_requests_that_do_not_pass(client: httpx.Client, headers: dict[str, str], path: str, status: int) -> None:
    """Foreign hosts, long addresses and large headers are refused, with the headers that protect."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/soeg", "/api/v1/search", "/kilder", "/login", "/logout", "/drift"])
def test_nothing_but_a_form_of_ours_changes_anything(client: httpx.Client, method: str, path: str) -> None:
    """Every request that is no GET is refused, where it comes without the token of a form of ours."""
    assert client.request(method, path).status_code in (403, 405)


def test_large_bodies_are_refused(client: httpx.Client) -> None:
    """By what they say of themselves, and by what they are."""
    assert client.post("/login", content=b"a" * 20_000).status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(30):
            yield b"password=" + b"a" * 1_000

    try:
        assert client.post("/login", content=endless()).status_code >= 400
    except httpx.RemoteProtocolError as error:
        assert "disconnected" in str(error)


def test_a_slow_client_is_hung_up_on(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that does not arrive ends its connection."""
    monkeypatch.setattr("search.web.protocol.ARRIVAL_SECONDS", 0.3)
    with socket.create_connection((client.base_url.host, client.base_url.port or 0), timeout=10) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        begun = time.monotonic()
        assert slow.recv(100) == b""
        assert time.monotonic() - begun < 8


def test_nothing_is_shown_without_a_password(guarded: httpx.Client) -> None:
    """A page leads to the form, a program is told 401; only what is no content is open."""
    for path in ("/", "/soeg?q=bolig", "/kilder", "/drift", "/en/soeg", "/post/x", "/dokument/x/original"):
        answer = guarded.get(path)
        assert (answer.status_code, answer.headers["location"].partition("?")[0].removeprefix("/en")) == (303, "/login")
    for path in ("/soeg.json", "/soeg.csv", "/soeg.atom", "/api/v1/search", "/metrics", "/forslag.json?q=aa"):
        assert guarded.get(path).status_code == 401
    assert guarded.get("/health").status_code == 200
    assert guarded.get("/api/v1/search", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_roles(guarded: httpx.Client) -> None:
    """A reader reads; how runs went and originals with CPR numbers are an admin's."""
    reader, admin = ({"Authorization": f"Bearer {each}".encode()} for each in (READER, ADMIN))
    assert guarded.get("/soeg", headers=reader).status_code == 200
    assert guarded.get("/drift", headers=reader).status_code == 403
    assert guarded.get("/drift", headers=admin).status_code == 200
    found = guarded.get("/api/v1/search?q=Afgørelser", headers=reader).json()["hits"][0]["document"]
    assert guarded.get(f"/dokument/{found}/original", headers=reader).status_code == 403
    answer = guarded.get(f"/dokument/{found}/original", headers=admin)
    assert (answer.status_code, DIGITS[0][:6] in answer.text) == (200, True)


def test_logging_in_and_out(guarded: httpx.Client) -> None:
    """The form gives a session in a cookie that no script reads; the way out ends it."""
    assert log_in(guarded, "forkert kode her").status_code == 403
    answer = log_in(guarded, ADMIN, **{"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/kilder")
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/"))
    page = guarded.get("/drift").text
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    assert guarded.post("/logout", data={"token": "x"}).status_code == 403
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert guarded.post("/logout", data={"token": token[1]}, headers=foreign).status_code == 403
    old = guarded.cookies["kilde_session"]
    assert guarded.post("/logout", data={"token": token[1]}).status_code == 303
    guarded.cookies.set("kilde_session", old)
    assert guarded.get("/drift").status_code == 303
    guarded.cookies.clear()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 303),
        ({}, 303),
    ],
)
def test_forms_of_others_do_not_log_in(guarded: httpx.Client, headers: dict[str, str], status: int) -> None:
    """A form that another site sends is refused, whatever its token."""
    assert log_in(guarded, READER, **headers).status_code == status
    guarded.cookies.clear()


def test_ten_tries_a_minute() -> None:
    """An address that was wrong ten times waits; another one does not."""
    clock = Clock()
    door = Door((keep(Role.READER, READER),), Role.LOCAL, clock)
    for _ in range(TRIES):
        assert door.tries.are_left("a")
        door.tries.count("a")
    assert not door.tries.are_left("a")
    assert door.tries.are_left("b")
    clock.now += 61
    assert door.tries.are_left("a")


def test_sessions_end() -> None:
    """After twelve hours, and names that there never were have none."""
    clock = Clock()
    door = Door((keep(Role.READER, READER),), Role.LOCAL, clock)
    name = door.open_session(Role.READER)
    assert door.session(name) is not None
    assert door.session(name + "x") is None
    clock.now += 12 * 3600 + 1
    assert door.session(name) is None
    token = door.form_token()
    assert door.is_form_token(token)
    clock.now += 2 * 3600
    assert not door.is_form_token(token)


@pytest.mark.parametrize(
    ("following", "kept"),
    [("/soeg?q=a", "/soeg?q=a"), ("//evil.example", ""), ("https://evil.example", ""), ("/\\evil.example", ""),
     ("javascript:alert(1)", ""), ("soeg", ""), ("/a\nb", ""), ("", "")],
)  # fmt: skip
def test_logging_in_leads_to_our_pages_only(following: str, kept: str) -> None:
    """An address of somebody else's is forgotten."""
    assert local(following) == kept


@pytest.mark.parametrize(
    ("listening", "has_secret", "said"),
    [
        (Listening("0.0.0.0"), True, "--allow-host"),
        (Listening("0.0.0.0", allowed=("kilde.example",)), False, "password"),
        (Listening("127.0.0.1", public="https://kilde.example"), False, "password"),
        (Listening(public="kilde.example"), True, "http"),
    ],
)
def test_other_machines_need_a_name_and_a_password(listening: Listening, has_secret: bool, said: str) -> None:
    """Nothing listens to others by mistake."""
    secrets = (keep(Role.READER, READER),) if has_secret else ()
    with pytest.raises(UsageError, match=said):
        check(listening, secrets)


def test_this_machine_needs_nothing() -> None:
    """As it starts without options."""
    check(Listening(), ())
    assert Listening().base == "http://127.0.0.1:8000"


def test_password_files_are_the_owners_alone(tmp_path: Path) -> None:
    """A file that others can read, and a short password, are refused."""
    path = tmp_path / "kode"
    path.write_text(f"{READER}\n", encoding="utf-8")
    path.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        read_secrets({Role.READER: path}, {})
    path.chmod(0o600)
    assert [secret.role for secret in read_secrets({Role.READER: path}, {"KILDE_ADMIN_PASSWORD": ADMIN})] == [
        Role.READER,
        Role.ADMIN,
    ]
    with pytest.raises(SettingsError, match="12 characters"):
        read_secrets({}, {"KILDE_PASSWORD": "kort"})


def test_no_cpr_number_anywhere(client: httpx.Client) -> None:
    """No page, feed, list or original of a reader's has a number of the documents, however it is written."""
    hits = client.get("/api/v1/search?q=Afgørelser OR Skjult OR borgerne&limit=100").json()["hits"]
    keys = {"/post": [hit["id"] for hit in hits], "/dokument": [hit["document"] for hit in hits],
            "/kommune": ["0630-vejle"], "/region": ["syddanmark"]}  # fmt: skip
    paths = [f"/dokument/{document}/original" for document in keys["/dokument"]]
    for route in ROUTES:
        endings = ["" if form is Form.HTML else f".{form.value}" for form in route.forms]
        for key in keys.get(route.path.partition("/{key}")[0], [""]):
            paths += [route.path.replace("{key}", key) + ending for ending in endings]
    paths += [f"/soeg{form}?q=borgeren" for form in ("", ".json", ".csv", ".atom")]
    paths += ["/forslag.json?q=borg", "/metrics", "/api/v1/kommuner/0630", "/api/v1/sources", "/api/v1/kommuner"]
    paths += [
        f"/api/v1/{kind}/{hit[name]}" for hit in hits for kind, name in (("records", "id"), ("documents", "document"))
    ]
    seen = ""
    for path in dict.fromkeys(paths):
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 200 or path.endswith("original"), path
        seen += answer.text
        squeezed = re.sub(r"[\s.\-–/]", "", answer.text)
        assert [number for number in DIGITS if number in squeezed] == [], path
    assert site.MASKED in seen


def test_originals_are_bytes_to_keep(client: httpx.Client) -> None:
    """An original without numbers is a download in a sandbox; one with a number that no page shows is refused."""
    documents = {hit["title"]: hit["document"] for hit in client.get("/api/v1/search?limit=100").json()["hits"]}
    hostile = next(document for title, document in documents.items() if title.startswith("Nyt"))
    answer = client.get(f"/dokument/{hostile}/original")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    hidden = client.get("/api/v1/search?q=Skjult").json()["hits"][0]["document"]
    assert client.get(f"/dokument/{hidden}/original").status_code == 403


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"cpr 010190-1234", True),
        (b"cpr 0101<b>90</b>-1234", True),
        (b"cpr 010190&#45;1234", True),
        ("cpr 010190-1234".encode("utf-16-le"), True),
        (b"<!-- 010190-1234 -->", True),
        (b"telefon 12 34 56 78", False),
    ],
)
def test_numbers_in_originals_are_found(body: bytes, found: bool) -> None:
    """Whatever the markup and the encoding."""
    assert has_cpr(body) is found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_asked_comes_back_as_text(client: httpx.Client, payload: str) -> None:
    """A string in an address is shown, never markup: in results, in refusals, in feeds."""
    for path, name in (("/soeg", "q"), ("/en/soeg", "publisher"), ("/soeg", "kommune"), ("/soeg", "nope")):
        answer = client.get(path, params={name: payload}, follow_redirects=True)
        assert answer.headers["content-type"].startswith("text/html")
        assert not re.search(r"<(?:script>|img|iframe|object|embed|body on|svg on|base|marquee|x )", answer.text)
    feed = client.get("/soeg.atom", params={"publisher": payload}).content
    assert ElementTree.fromstring(feed).tag.endswith("feed")


def slow_original(_: Path, original: Original) -> bytes:
    """An original that takes longer to find than anybody waits."""
    end = time.process_time() + 60
    while time.process_time() < end:
        pass
    return original.digest.encode()


def test_a_task_that_takes_too_long_is_ended(small_data: Path) -> None:
    """Its worker is killed and replaced: the asker is told 503 in time, and the next one is answered."""
    with site.serving(small_data, Door((), Role.ADMIN), seconds=1, read_original=slow_original) as client:
        document = client.get("/api/v1/search?limit=1").json()["hits"][0]["document"]
        begun = time.monotonic()
        answer = client.get(f"/dokument/{document}/original")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert time.monotonic() - begun < 30
        assert client.get("/ready").status_code == 200
        assert "kilde_workers_replaced 1.0" in client.get("/metrics").text


def told(library: Library, view: str, key: str = "", form: Form = Form.HTML, query: str = "") -> Answer:
    """What a worker answers, without a server around it."""
    return answer(library, Task(view, key=key, form=form, asked=Asked(q=query)), site.desk(library.folder.path))


@pytest.fixture
def own_library(small_data: Path, tmp_path: Path) -> Iterator[Library]:
    """A library over a data folder that may be changed."""
    data = tmp_path / "data"
    shutil.copytree(small_data, data)
    library = Library(data)
    yield library
    library.close()


def test_the_forgotten_are_gone(own_library: Library) -> None:
    """A document that was forgotten and its records answer 410 in every format, and are in no list."""
    hit = own_library.search(query_of(Asked(q="Afgørelser"))).hits[0]
    assert told(own_library, "document", hit.document).status == 200
    assert told(own_library, "record", hit.id).status == 200
    site.kilde(own_library.folder.path, "forget", hit.document, "--yes")
    for form in Form:
        assert told(own_library, "document", hit.document, form).status == 410
        assert told(own_library, "record", hit.id, form).status == 410
    for form in (Form.HTML, Form.JSON, Form.CSV):
        assert told(own_library, "similar", hit.id, form).status == 410
    assert told(own_library, "original", hit.document).status == 410
    assert told(own_library, "record", "x" * len(hit.id)).status == 404
    assert hit.document.encode() not in told(own_library, "results", form=Form.JSON, query="Afgørelser").body


def test_feeds_are_the_same_after_a_rebuild(own_library: Library) -> None:
    """Store and index made anew from the archive: no entry twice, none lost, none that looks new."""
    before = told(own_library, "results", form=Form.ATOM, query="tilskud").body
    site.kilde(own_library.folder.path, "ingest", "--from-archive")
    after = told(own_library, "results", form=Form.ATOM, query="tilskud").body
    assert before == after
    assert before.count(b"<entry>") > 2
