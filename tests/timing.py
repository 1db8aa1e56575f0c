"""How long work takes, for tests that hold one time against another."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import process_time


def least_seconds(work: Callable[[], object], runs: int = 3) -> float:
    """Processor time of the quickest of some runs, in seconds.

    Without garbage collection, whose time depends on all else that the test run holds.
    """
    gc.collect()
    gc.disable()
    try:
        return min(_seconds(work) for _ in range(runs))
    finally:
        gc.enable()


def _seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start
