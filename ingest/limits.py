"""What one document may cost: the memory, time and files of a process that reads.

Limits are the system's own, so that they hold where the code of a parser hangs or goes wrong inside a C library.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

MEMORY = 1024**3
"""Bytes that a reading process may hold in memory at its peak."""
SECONDS = 60.0
"""Seconds that one document may take."""
MOST_OPEN_FILES = 64


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reading process may use: `memory` in bytes for the process, `seconds` for each document."""

    memory: int = MEMORY
    seconds: float = SECONDS


def limit_process(limits: Limits) -> None:
    """Put the limits of memory and files on this process; they cannot be lifted again.

    It may write into no file at all and leaves no core dump. Where the system allows, it starts no processes
    (root may always).
    """
    sys.dont_write_bytecode = True
    bound(resource.RLIMIT_AS, address_space(limits.memory))
    bound(resource.RLIMIT_FSIZE, 0)
    bound(resource.RLIMIT_CORE, 0)
    bound(resource.RLIMIT_NOFILE, MOST_OPEN_FILES)
    bound(resource.RLIMIT_NPROC, 0)


def bound(which: int, most: int) -> None:
    """Lower a limit; one that is lower already stays."""
    _, hard = resource.getrlimit(which)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (most, most))


def address_space(memory: int) -> int:
    """The bytes of addresses that let a process grow to `memory` bytes that it holds.

    Linux limits addresses, not what is held; an interpreter that has just started has mapped more than it holds.
    """
    mapped, held = memory_now()
    return mapped + max(memory - held, 0)


def memory_now() -> tuple[int, int]:
    """Bytes that this process has mapped, and bytes that it holds."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()
    size = os.sysconf("SC_PAGE_SIZE")
    return int(pages[0]) * size, int(pages[1]) * size


def start_clock(seconds: float) -> None:
    """From now on, end this process by SIGALRM after so many seconds, whatever it is doing then.

    The system does that by itself: no Python code has to run for it.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds)


def stop_clock() -> None:
    """End the limit of time."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def start_document() -> None:
    """Give the document that is read next its full time; does nothing in a process without a limit of time.

    A task that reads several documents calls it before each.
    """
    _, seconds = signal.getitimer(signal.ITIMER_REAL)
    if seconds:
        signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
