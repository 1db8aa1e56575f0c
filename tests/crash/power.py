"""What a disk may hold after the power is cut: a model of files and folders, replayed from a trace.

The trace has every byte that a command wrote. The model keeps two states: what the command sees, and what is on the
disk for sure. A file's bytes are sure once it was synced; a name, a rename or a removal once its folder was. Whatever
is not sure may have been lost, or not: `Loss` says which extreme is made.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

CALL = re.compile(r"(?P<name>\w+)\((?P<args>.*)\) += (?P<result>-?\d+)(?P<at><[^>]*>)?", re.DOTALL)
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
DESCRIPTOR = re.compile(r"^\d+<([^>]*)>")
FOLDER_OF = re.compile(r"(?:AT_FDCWD|\d+)<([^>]*)>, ")

SENDFILE = re.compile(r"\d+<(?P<to>[^>]*)>, \d+<(?P<source>[^>]*)>, \[(?P<offset>\d+)\]")


OVER_OPEN = {"write", "pwrite64", "ftruncate", "fsync", "fdatasync", "lseek"}


class Loss(Enum):
    """What becomes of what is not sure."""

    ALL = "nothing is kept that was not synced"
    CONTENT = "names are kept, and files that were not synced have lost what was written since"
    HALF = "names are kept, and of what was appended without a sync one half is there"


@dataclass(slots=True)
class Content:
    """A file: its bytes as the command sees them, and as they are on the disk for sure."""

    seen: bytearray = field(default_factory=bytearray)
    sure: bytes = b""

    def after(self, loss: Loss) -> bytes:
        """The bytes that are found."""
        if loss is not Loss.HALF or not self.seen.startswith(self.sure):
            return self.sure
        return bytes(self.seen[: (len(self.sure) + len(self.seen)) // 2])


@dataclass(slots=True)
class Disk:
    """Names, each of a file or None for a folder; `sure` are the names that the disk has for sure."""

    names: dict[str, Content | None] = field(default_factory=dict)
    sure: dict[str, Content | None] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    """Where the next write goes, by the number of an open file; those that only append are not here."""

    @classmethod
    def of(cls, folder: Path) -> Disk:
        """What stands in a folder, all of it sure."""
        disk = cls()
        for path in sorted(folder.rglob("*")):
            body = None if path.is_dir() else path.read_bytes()
            disk.names[str(path)] = None if body is None else Content(bytearray(body), body)
        disk.sure = dict(disk.names)
        return disk

    def make(self, path: str, *, cut: bool) -> None:
        """Open a file that is made where it is not there."""
        content = self.names.setdefault(path, Content())
        if cut and content is not None:
            content.seen.clear()

    def write(self, path: str, data: bytes, offset: int | None) -> None:
        """Write bytes; behind the end where there is no offset. What has no name any more is of no interest."""
        content = self.names.get(path)
        if content is not None:
            start = len(content.seen) if offset is None else offset
            content.seen.extend(b"\0" * (start - len(content.seen)))
            content.seen[start : start + len(data)] = data

    def seek(self, opened: str, offset: int) -> None:
        """Let the next write into an open file go elsewhere."""
        if opened in self.positions:
            self.positions[opened] = offset

    def cut(self, path: str, size: int) -> None:
        """Give a file another size."""
        content = self.names.get(path)
        if content is not None:
            content.seen.extend(b"\0" * (size - len(content.seen)))
            del content.seen[size:]

    def sync(self, path: str) -> None:
        """Make a file's bytes sure, or the names in a folder."""
        content = self.names.get(path)
        if content is not None:
            content.sure = bytes(content.seen)
            return
        here = {name for name in {*self.names, *self.sure} if name.rpartition("/")[0] == path}
        for name in here:
            if name in self.names:
                self.sure[name] = self.names[name]
            else:
                self.forget(self.sure, name)

    def rename(self, old: str, new: str) -> None:
        """Give a file or a folder another name."""
        moved = {name: it for name, it in self.names.items() if name == old or name.startswith(f"{old}/")}
        for name in moved:
            del self.names[name]
        self.names |= {new + name.removeprefix(old): it for name, it in moved.items()}

    def remove(self, path: str) -> None:
        """Take a name away."""
        self.forget(self.names, path)

    @staticmethod
    def forget(names: dict[str, Content | None], path: str) -> None:
        """Take out a name and all below it."""
        for name in [it for it in names if it == path or it.startswith(f"{path}/")]:
            del names[name]

    def write_out(self, loss: Loss, old: str, home: Path) -> None:
        """Make a folder as it is found after the power is back, in the place of the one that was traced."""
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        names = self.sure if loss is Loss.ALL else self.names
        for name in sorted(names):
            path, content = home / name.removeprefix(old).lstrip("/"), names[name]
            if not path.parent.is_dir() or path == home:
                continue  # its folder's own name was lost
            if content is None:
                path.mkdir(exist_ok=True)
            else:
                path.write_bytes(content.after(loss))


def replay(disk: Disk, lines: Iterable[str], home: str) -> Iterator[str]:
    """Do all calls of a trace that change something below `home`; yields each, in words, once it is done."""
    for line in lines:
        match = CALL.match(line)
        if match is None or match["result"].startswith("-"):
            continue
        paths = [decoded(it) for it in STRING.findall(match["args"])]
        opened = DESCRIPTOR.match(match["args"])
        subject = plain(opened[1]) if opened else ""
        if do(disk, match, paths, subject, home):
            yield f"{match['name']} {subject or ' '.join(shown(it) for it in paths)}".replace(home, "")


def do(disk: Disk, match: re.Match[str], paths: list[bytes], subject: str, home: str) -> bool:
    """Do one call; whether it was one below `home`."""
    name, args = match["name"], match["args"]
    if name == "sendfile":
        return do_sendfile(disk, args, int(match["result"]), home)
    if subject and name in OVER_OPEN:
        if name == "lseek":
            disk.seek(args.partition("<")[0], int(match["result"]))
        return name != "lseek" and subject.startswith(home) and do_open(disk, name, args, paths, subject)
    names = [absolute(it, args) for it in paths]
    return bool(names) and names[0].startswith(home) and do_named(disk, name, args, names, match["result"])


def do_open(disk: Disk, name: str, args: str, paths: list[bytes], subject: str) -> bool:
    """Do a call over an open file."""
    numbers = [int(it) for it in re.findall(r", (\d+)(?=,|$)", STRING.sub("", args))]
    if name == "write":
        opened = args.partition("<")[0]
        disk.write(subject, paths[0], disk.positions.get(opened))
        if opened in disk.positions:
            disk.positions[opened] += len(paths[0])
    elif name == "pwrite64":
        disk.write(subject, paths[0], numbers[-1])
    elif name == "ftruncate":
        disk.cut(subject, numbers[-1])
    else:
        disk.sync(subject)
    return True


def do_sendfile(disk: Disk, args: str, size: int, home: str) -> bool:
    """Copy bytes from one file to the end of another."""
    found = SENDFILE.match(args)
    assert found is not None, f"a call of an unknown shape: sendfile({args})"
    to, source, offset = plain(found["to"]), plain(found["source"]), int(found["offset"])
    if not to.startswith(home):
        return False
    content = disk.names.get(source)
    body = bytes(content.seen) if content is not None else Path(source).read_bytes()
    disk.write(to, body[offset : offset + size], None)
    return True


def do_named(disk: Disk, name: str, args: str, names: list[str], result: str) -> bool:
    """Do a call that names its files."""
    if name in {"open", "openat", "creat"}:
        disk.positions.pop(result, None)
        if "O_APPEND" not in args:
            disk.positions[result] = 0
    if name in {"open", "openat", "creat"} and "O_CREAT" in args:
        disk.make(names[0], cut="O_TRUNC" in args)
    elif name in {"open", "openat"} and "O_TRUNC" in args:
        disk.cut(names[0], 0)
    elif name.startswith("rename"):
        disk.rename(names[0], names[1])
    elif name in {"unlink", "unlinkat", "rmdir"}:
        disk.remove(names[0])
    elif name.startswith("mkdir"):
        disk.names.setdefault(names[0], None)
    else:
        return False
    return True


def decoded(text: str) -> bytes:
    """The bytes of a string as strace writes it."""
    return bytes.fromhex(text.replace("\\x", ""))


def plain(path: str) -> str:
    """A path that strace may have written in hexadecimal; without what it says of files that have no name any more."""
    return decoded(path).decode() if path.startswith("\\x") else path


def shown(path: bytes) -> str:
    """A path in words."""
    return path[:200].decode("utf-8", "replace")


def absolute(path: bytes, args: str) -> str:
    """A path of a call, below the folder that it is relative to."""
    text = path.decode("utf-8", "replace")
    folder = FOLDER_OF.match(args)
    return text if text.startswith("/") or folder is None else f"{plain(folder[1])}/{text}"
