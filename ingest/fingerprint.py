"""The fingerprint of the rules that read documents: it changes when their code or their data change, and not when
something else of Kilde does."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

ROOTS = ("ingest.reading", "ingest.parts")
"""The modules that turn bytes into documents; what they import is part of the rules."""
PACKAGES = ("ingest", "kilde.danish")
DATA = (".tsv", ".toml", ".json", ".txt")
IMPORT = re.compile(
    r"^(?:from (?P<module>[\w.]+) import (?P<names>[^(\n]+|\([^)]*\))|import (?P<plain>[\w.]+))", re.MULTILINE
)
LENGTH = 12


@cache
def rules_fingerprint() -> str:
    """Twelve hexadecimal characters."""
    digest = hashlib.sha256()
    code = code_of_rules()
    for name, content in sorted({**code, **data_of_rules(code)}.items()):
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()[:LENGTH]


def code_of_rules() -> dict[str, bytes]:
    """The source of every module of PACKAGES that the roots import, at whatever remove, by name."""
    sources = {name: file for package in PACKAGES for name, file in modules(files(package), package)}
    found: dict[str, bytes] = {}
    waiting = list(ROOTS)
    while waiting:
        name = waiting.pop()
        if name in found or name not in sources:
            continue
        found[name] = sources[name].read_bytes()
        waiting += imported(found[name].decode("utf-8"))
    return found


def imported(source: str) -> list[str]:
    """The names of modules that a source may import; some of them are names inside of modules."""
    names = []
    for match in IMPORT.finditer(source):
        if match["plain"]:
            names.append(match["plain"])
            continue
        names.append(match["module"])
        names += [f"{match['module']}.{name}" for name in re.findall(r"\w+", match["names"])]
    return names


def modules(folder: Traversable, package: str) -> list[tuple[str, Traversable]]:
    """The modules of a package and those below it."""
    found: list[tuple[str, Traversable]] = []
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name.isidentifier() and entry.name != "__pycache__":
            found += modules(entry, f"{package}.{entry.name}")
        elif entry.name.endswith(".py"):
            found.append((f"{package}.{entry.name[:-3]}", entry))
    return found


def data_of_rules(code: Mapping[str, bytes]) -> dict[str, bytes]:
    """The data files of PACKAGES that the code names: words, names, lists."""
    whole = b"\n".join(code.values())
    found = (it for package in PACKAGES for it in data_files(files(package), package))
    return {
        name: file.read_bytes() for name, file in found if name.rpartition("/")[2].partition(".")[0].encode() in whole
    }


def data_files(folder: Traversable, package: str) -> list[tuple[str, Traversable]]:
    """The data files of a package and those below it, by path."""
    found: list[tuple[str, Traversable]] = []
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            found += data_files(entry, f"{package}/{entry.name}")
        elif entry.name.endswith(DATA):
            found.append((f"{package}/{entry.name}", entry))
    return found
