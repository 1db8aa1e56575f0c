"""Mails that lie on this machine: .mbox files, Maildirs, and folders of .eml files.

Each mail is an original under the Message-ID that its program gave it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ingest.formats import LARGEST
from ingest.mail.headers import message_id_of
from ingest.mail.mime import SNIFFED, begins_like_mail, read_headers
from ingest.sources.folder import read_regular
from ingest.sources.mbox import is_separator, open_regular, split_mbox
from ingest.sources.seen import Seen, Sight, Unseen
from kilde.model import Hints, Observation
from kilde.sources import Mailbox

__all__ = ["collect", "sights", "split_mbox"]

MEDIA_TYPE = "message/rfc822"
MBOX_ENDINGS = frozenset({".mbox", ".mbx"})
MAIL_ENDINGS = frozenset({".eml"})
SHORT_DIGEST = 12
"""Characters of a digest that tell apart the mails of one Message-ID."""
SYSTEM_NAMES = frozenset({"thumbs.db", "desktop.ini"})
INDEX_ENDINGS = (".msf", ".lock", ".index", ".cache")
FLAGS = re.compile(r":\d,[A-Za-z]*$")
"""What a mail program adds to the name of a Maildir's file; it changes as the mail is read."""


def collect(source: Mailbox, name: str, now: datetime) -> Iterator[Sight]:
    """All mails of a source, those that cannot be read as Unseen."""
    if not source.path.exists():
        yield Unseen(name, source.path.name, "missing", f"there is no mailbox {source.path}", fatal=True)
        return
    yield from sights(read_mails(source.path, name), name, now, source)


def sights(mails: Iterable[bytes | Unseen], name: str, now: datetime, source: Mailbox | None = None) -> Iterator[Sight]:
    """Mails as originals of a source, each under its own locator; the same mail twice comes once."""
    locators = Locators()
    observed = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for mail in mails:
        if isinstance(mail, Unseen):
            yield mail
            continue
        digest = hashlib.sha256(mail).hexdigest()
        locator = locators.locator_of(mail, digest)
        if locator is None:
            continue
        if len(mail) > LARGEST:
            yield Unseen(name, locator, "too_large_to_archive", f"a mail larger than {LARGEST:,} bytes")
            continue
        observation = Observation(
            source=name,
            locator=locator,
            digest=digest,
            size=len(mail),
            media_type=MEDIA_TYPE,
            observed=observed,
            publisher=source.publisher if source else None,
            hints=Hints(kind=source.document_kind) if source and source.document_kind else Hints(),
        )
        yield Seen(observation, mail)


@dataclass(slots=True)
class Locators:
    """Gives each mail of one visit its locator; it remembers the names given, 16 bytes for each mail."""

    given: dict[bytes, bytes] = field(default_factory=dict)

    def locator_of(self, mail: bytes, digest: str) -> str | None:
        """The Message-ID; with a part of the digest behind it where another mail had it; None for a mail seen before.

        A mail without a Message-ID goes by its digest.
        """
        headers, _ = read_headers(mail, 0, len(mail), "text/plain")
        own = message_id_of(headers) or f"sha256:{digest}"
        mark = bytes.fromhex(digest[:16])
        for locator in (own, f"{own}~{digest[:SHORT_DIGEST]}"):
            key = hashlib.sha256(locator.encode("utf-8")).digest()[:8]
            before = self.given.get(key)
            if before == mark:
                return None
            if before is None:
                self.given[key] = mark
                return locator
        return f"{own}~{digest}"


def read_mails(path: Path, name: str) -> Iterator[bytes | Unseen]:
    """The mails at a path, in the order of the names of their files."""
    if not path.is_dir():
        yield from read_file(path, path.name, name)
        return
    for file in mail_files(path):
        locator = file.relative_to(path).as_posix()
        if file.is_symlink():
            yield Unseen(name, locator, "symbolic_link", "a link, not a file; name what it leads to as the mailbox")
        else:
            yield from read_file(file, locator, name)


def read_file(file: Path, locator: str, name: str) -> Iterator[bytes | Unseen]:
    """The mails in a file, or why there are none; what can be read of an mbox file before it breaks off is read."""
    try:
        if is_mbox(file):
            yield from split_mbox(file)
        elif is_mail(file):
            yield read_regular(file)
        else:
            yield Unseen(name, locator, "no_mail", "neither a mail nor an mbox file; move it out of the mailbox")
    except ValueError as error:
        yield Unseen(name, locator, "not_a_file", str(error))
    except BlockingIOError:
        yield Unseen(name, locator, "changing", "the file is being written; ingest it again when it is done")
    except OSError as error:
        detail = f"{error.strerror or error}; mend its permissions and ingest it again"
        yield Unseen(name, locator, "unreadable_file", detail)


def mail_files(folder: Path) -> Iterator[Path]:
    """The files of a folder and those below it that may hold mails.

    Of a Maildir those in `new` and `cur`, by their names without flags, so that reading a mail does not change the
    order. Its folders begin with a dot; other folders that do are the system's.
    """
    for root, folders, names in os.walk(folder):
        here = Path(root)
        if is_maildir(here):
            found = [path for box in ("new", "cur") for path in files_in(here / box)]
            yield from sorted(found, key=lambda path: (FLAGS.sub("", path.name), path.name))
            folders[:] = [each for each in folders if each not in {"new", "cur", "tmp"}]
        else:
            yield from (here / each for each in sorted(names) if not is_left_out(each))
        folders[:] = sorted(each for each in folders if not each.startswith(".") or is_maildir(here / each))


def is_maildir(folder: Path) -> bool:
    """Whether a folder is a Maildir."""
    return (folder / "cur").is_dir() and (folder / "new").is_dir()


def files_in(folder: Path) -> list[Path]:
    """The files of one folder."""
    return [path for path in folder.iterdir() if not path.name.startswith(".") and not path.is_dir()]


def is_left_out(name: str) -> bool:
    """Whether a file is the system's or a mail program's own: hidden ones, indexes."""
    return name.startswith(".") or name.lower() in SYSTEM_NAMES or name.lower().endswith(INDEX_ENDINGS)


def is_mbox(file: Path) -> bool:
    """Whether a file is an mbox by its ending, or by its first line."""
    ending = file.suffix.lower()
    return ending in MBOX_ENDINGS or (ending not in MAIL_ENDINGS and is_separator(beginning(file)))


def is_mail(file: Path) -> bool:
    """Whether a file is a mail by its ending, by its place in a Maildir, or by its headers."""
    boxed = file.parent.name in {"new", "cur"} and is_maildir(file.parent.parent)
    return boxed or file.suffix.lower() in MAIL_ENDINGS or begins_like_mail(beginning(file))


def beginning(file: Path) -> bytes:
    """The first bytes of a regular file; raises ValueError for anything else."""
    with open_regular(file) as stream:
        return stream.read(SNIFFED)
