"""What is cut short in the tests: commands of each sort, each with the folder that it begins from."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ingest.identity import document_id
from kilde.state import MIGRATIONS
from kilde.store_tables import VERSION_TABLES
from tests.crash.nursery import Room
from tests.ingest.site import Reply, Request, Site
from tests.kilde.kept import letter, mail_with_attachment

SECRET = "vestergårdsmysteriet"
"""A word of the document that is erased, and of no other."""
START = "/nyt/"


@dataclass(slots=True)
class World:
    """All that a case has around it: a folder of files, a web site, settings, and the folder that runs are made in."""

    path: Path
    site: Site
    room: Room

    @property
    def files(self) -> Path:
        """The folder that is ingested."""
        return self.path / "breve"

    @property
    def home(self) -> Path:
        """What a run begins from: it holds `data`, and a backup where there is one."""
        return self.path / "home"

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.path / "kilde.toml"

    def kilde(self, home: Path, *args: str | Path) -> list[str | Path]:
        """The arguments of a call over the data folder in a home."""
        return ["--data", home / "data", "--config", self.config, *args]

    def do(self, *args: str | Path, codes: tuple[int, ...] = (0, 3)) -> None:
        """Have a command done that must succeed."""
        ended = self.room.run(self.kilde(self.home, *args))
        assert ended.status in codes, ended.err

    def ingest(self, *options: str) -> None:
        """Ingest the folder of files."""
        self.do("ingest", self.files, "--jobs", "1", *options)

    def write(self, name: str, content: str | bytes) -> None:
        """Write one of the files."""
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def write_settings(self) -> None:
        """A folder and a web site as sources."""
        self.config.write_text(
            f'jobs = 1\n[sources.breve]\nkind = "folder"\npath = "{self.files}"\n'
            f'[sources.net]\nkind = "website"\nstart = ["http://127.0.0.1:{self.site.port}{START}"]\n'
            "allow_hosts = ['127.0.0.1']\npause = 0\ncontact = 'arkiv@example.org'\n",
            "utf-8",
        )


@dataclass(frozen=True, slots=True)
class Case:
    """A command: how its world is made, what it is called with, and how it goes on after a blow."""

    name: str
    prepare: Callable[[World], None]
    args: Callable[[World, Path], list[str | Path]]
    again: tuple[Callable[[World, Path], list[str | Path]], ...] = ()
    """What is given after a blow; the command itself where it says nothing."""
    codes: tuple[int, ...] = (0, 3)
    """How that may end."""
    holds_secret: bool = True
    """False where the end has not a byte of the document that is to be erased."""


def files(world: World) -> None:
    """Five files: letters, a mail with an attachment, bytes that another file has too, and what no reader reads."""
    for number in range(2):
        world.write(f"2021/{number:02}.txt", letter(number))
    world.write("kopi.txt", letter(1))
    world.write("post.eml", mail_with_attachment(letter(2), "bilag.txt", f"{SECRET}\n\n{letter(3)}"))
    world.write("billede.pdf", b"%PDF-1.4 and no more")
    world.write_settings()


def other_files(world: World) -> None:
    """Later: one changed, one gone, one new."""
    world.write("2021/01.txt", letter(4))
    world.write("2021/02.txt", letter(5))
    (world.files / "kopi.txt").unlink()


def pages(world: World, numbers: tuple[int, ...], changed: int = 0) -> None:
    """A list and some pages, with ETags and 304s."""

    def answer(request: Request) -> Reply:
        body = bodies.get(request.target)
        if body is None:
            return Reply(b"<p>Siden findes ikke</p>", 404)
        etag = f'"{hash(body)}"'
        if request.headers.get("if-none-match") == etag:
            return Reply(b"", 304, {"ETag": etag, "Content-Length": ""})
        return Reply(body, 200, {"ETag": etag})

    bodies = {f"{START}{it}": page(it, changed if it == numbers[0] else 0) for it in numbers}
    links = "".join(f'<li><a href="{START}{it}">Nyt om broer nummer {it}</a></li>' for it in numbers)
    bodies[START] = f"<html lang=da><title>Nyt</title><main><h1>Nyt</h1><ul>{links}</ul></main></html>".encode()
    world.site.routes["/*"] = answer


def page(number: int, more: int) -> bytes:
    """A page of a newsletter."""
    paragraphs = "".join(f"<p>{it}</p>" for it in letter(number + more).split("\n\n"))
    title = f"Nyt om broer nummer {number}"
    return f"<html lang=da><title>{title}</title><main><h1>{title}</h1>{paragraphs}</main></html>".encode()


def empty(world: World) -> None:
    """No data folder yet."""
    files(world)
    pages(world, (1, 2, 3))
    world.home.mkdir(exist_ok=True)


def filled(world: World) -> None:
    """A night was done."""
    empty(world)
    world.do("nightly")


def changed(world: World) -> None:
    """A night was done, and things have changed since."""
    filled(world)
    other_files(world)
    pages(world, (2, 3, 4), changed=1)


def read_by_older_rules(world: World) -> None:
    """A night was done by a version that found fewer kommuner."""
    filled(world)
    with closing(sqlite3.connect(world.home / "data" / "kilde.sqlite")) as store, store:
        store.execute("UPDATE version SET rules = 'older'")
        store.execute("DELETE FROM kommune_mention")
        store.execute("UPDATE document SET change = change + (SELECT value FROM counter)")
        store.execute("UPDATE counter SET value = 2 * value + 1")
    world.do("index", "--rebuild")


def unread_by_older_rules(world: World) -> None:
    """A night was done by a version that could not read one of the letters."""
    filled(world)
    document = document_id("breve", "2021/00.txt")
    with closing(sqlite3.connect(world.home / "data" / "kilde.sqlite")) as store, store:
        digest = store.execute("SELECT version FROM document WHERE id = ?", (document,)).fetchone()[0]
        store.execute("INSERT INTO quarantine VALUES (?, ?, 'binary', 'no text', 'older')", (document, digest))
        for table in VERSION_TABLES:
            store.execute(f"DELETE FROM {table} WHERE document = ?", (document,))
        store.execute("UPDATE counter SET value = value + 1")
        store.execute(
            "UPDATE document SET version = NULL, change = (SELECT value FROM counter) WHERE id = ?", (document,)
        )
    world.do("index", "--rebuild")


def of_first_schema(world: World) -> None:
    """A night was done, and state.sqlite is that of the first version."""
    filled(world)
    path = world.home / "data" / "state.sqlite"
    path.unlink()
    with closing(sqlite3.connect(path)) as state:
        state.execute("PRAGMA journal_mode = WAL")
        state.executescript(f"BEGIN; {MIGRATIONS[0]} PRAGMA user_version = 1; COMMIT;")
        state.execute("INSERT INTO run (command, started) VALUES ('ingest', '2021-01-01T00:00:00Z')")
        state.execute("INSERT INTO unreadable VALUES ('breve', 'væk.txt', 'unreadable', '-', '2021-01-01T00:00:00Z')")
        state.commit()


def backed_up(world: World) -> None:
    """There is a backup, and things have changed since."""
    filled(world)
    world.do("backup", world.home / "backup")
    other_files(world)
    world.do("nightly", "--force")


def only_backup(world: World) -> None:
    """There is a backup, and documents were forgotten and erased since; archive and store are lost."""
    filled(world)
    world.do("backup", world.home / "backup")
    world.do("forget", document_id("breve", "2021/00.txt"), "--yes")
    world.do("forget", document_id("breve", "post.eml"), "--yes", "--erase")
    data = world.home / "data"
    shutil.rmtree(data / "raw")
    shutil.rmtree(data / "index")
    for suffix in ("", "-wal", "-shm"):
        (data / f"kilde.sqlite{suffix}").unlink(missing_ok=True)


def ingest(world: World, home: Path) -> list[str | Path]:
    """Ingest the folder of files."""
    return world.kilde(home, "ingest", world.files, "--jobs", "1")


def nightly(world: World, home: Path) -> list[str | Path]:
    """A night's work, whatever is due."""
    return world.kilde(home, "nightly", "--force")


def call(*args: str) -> Callable[[World, Path], list[str | Path]]:
    """A call that names no files."""
    return lambda world, home: world.kilde(home, *args)


def forget(world: World, home: Path) -> list[str | Path]:
    """Forget the mail with its attachment; the archive keeps it."""
    return world.kilde(home, "forget", document_id("breve", "post.eml"), "--yes")


def erase(world: World, home: Path) -> list[str | Path]:
    """Erase the mail with its attachment."""
    return [*forget(world, home), "--erase"]


def drop(world: World, home: Path) -> list[str | Path]:
    """Leave the file that no reader reads as it is."""
    return world.kilde(home, "quarantine", "drop", document_id("breve", "billede.pdf"))


CASES = (
    Case("ingest", empty, ingest),
    Case("ingest again", changed, ingest),
    Case("nightly", empty, nightly),
    Case("nightly again", changed, nightly),
    Case("from archive", filled, call("ingest", "--from-archive", "--jobs", "1")),
    Case("reread", read_by_older_rules, call("ingest", "--reread", "--jobs", "1")),
    Case("index rebuild", filled, call("index", "--rebuild")),
    Case("migration", of_first_schema, call("ingest", "--reread", "--jobs", "1")),
    # The first finishes what had begun; where it had not, the command is given once more, else it has no such document.
    Case("forget", filled, forget, (ingest, forget), (0, 1, 3)),
    Case("forget erase", filled, erase, (ingest, erase), (0, 1, 3), holds_secret=False),
    Case("quarantine retry", unread_by_older_rules, call("quarantine", "retry")),
    Case("quarantine drop", filled, drop),
    Case("backup", backed_up, lambda world, home: world.kilde(home, "backup", home / "backup")),
    # Once it is done the folder is full, and giving it again is a wrong call.
    Case(
        "restore",
        only_backup,
        lambda world, home: world.kilde(home, "restore", home / "backup"),
        codes=(0, 2),
        holds_secret=False,
    ),
)
"""Every sort of run that writes."""
