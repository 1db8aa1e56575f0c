"""How fast the pages are, over a data folder that is there: `python -m benchmarks.web --data DIR`.

It starts `kilde serve` as users do, one worker a core, and asks it over real connections: search pages at an even rate
(default 20 a second), whatever the answers take, then the API as fast as asked (default 100 a second). Latency is
counted from when a request was due, so that a server that falls behind shows. Last, the bytes of a search page with all
that it loads, compressed, and whether its hits are in it before any script runs.

It asks over bare sockets: a client library takes nearly as long for an answer as the server, on the same cores.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import httpx

WORDS = (
    "indsats", "bolig", "børn og unge", "frivillige", '"frivilligt arbejde"', "tilskud kommune:Aarhus", "integration*",
    "pulje NEAR/5 unge", "skole ELLER uddannelse", "sundhed -sygehus", "beløb:>=5mio", "dato:2019..2021 indsats",
    "region:Midtjylland netværk", "projekt titel:nyt", "støtte", "familier", "medarbejder", "konference", "kommune",
)  # fmt: skip
KOMMUNER = ("0751", "0101", "0461", "0851", "0580", "0791", "0766", "0265")
WARM_UP = 40
CONNECTIONS = 64
HIT = '<li class="hit">'
PATIENCE = 60.0
"""Seconds until an answer is given up."""
ZIPPED = {"Accept-Encoding": "gzip"}
_LENGTH = re.compile(rb"\r\ncontent-length: ([0-9]+)", re.IGNORECASE)


@dataclass(slots=True)
class Times:
    """Seconds of each answer, and the statuses that were not 200."""

    seconds: list[float] = field(default_factory=list)
    wrong: dict[str, int] = field(default_factory=dict)

    def line(self, name: str, took: float) -> str:
        """The figures in one line, in milliseconds."""
        ordered = sorted(self.seconds) or [0.0]
        p50, p95, p99 = (
            ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000 for share in (0.5, 0.95, 0.99)
        )
        rate = len(self.seconds) / took
        wrong = f", wrong {self.wrong}" if self.wrong else ", no error"
        return (
            f"{name}: {len(ordered)} answers, {rate:.1f}/s, p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms{wrong}"
        )


def addresses(front: str, count: int, seed: int) -> list[str]:
    """Searches, many of them with filters and sorted otherwise; the same for the same seed."""
    chosen = random.Random(seed)
    found = []
    for _ in range(count):
        pairs = {"q": chosen.choice(WORDS)}
        if chosen.random() < 0.4:
            pairs["kommune"] = chosen.choice(KOMMUNER)
        if chosen.random() < 0.3:
            pairs["year"] = str(chosen.randint(2012, 2022))
        if chosen.random() < 0.3:
            pairs["sort"] = "newest"
        found.append(f"{front}?{urlencode(pairs)}")
    return found


class Client:
    """Asks one server over connections that stay open, so many at once at most."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._free = asyncio.Semaphore(CONNECTIONS)

    async def get(self, address: str) -> int:
        """The status of an answer, which is read to its end. OSError, EOFError, TimeoutError where there is none."""
        async with self._free, asyncio.timeout(PATIENCE):
            reader, writer = await self._connection()
            writer.write(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            await reader.readexactly(int(length[1]) if length else 0)
            self._idle.append((reader, writer))
            return int(head[9:12])

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port)

    def close(self) -> None:
        """Close the connections."""
        for _, writer in self._idle:
            writer.close()


async def ask(client: Client, address: str, due: float, times: Times) -> None:
    """One request, timed from when it was due."""
    try:
        status = str(await client.get(address))
    except (OSError, EOFError) as error:
        status = type(error).__name__
    times.seconds.append(time.perf_counter() - due)
    if status != "200":
        times.wrong[status] = times.wrong.get(status, 0) + 1


async def at_rate(client: Client, asked: list[str], rate: float) -> tuple[Times, float]:
    """All requests, evenly, whether or not those before are answered; the times, and how long it took."""
    times, begun = Times(), time.perf_counter()
    waiting = []
    for place, address in enumerate(asked):
        due = begun + place / rate
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        waiting.append(asyncio.create_task(ask(client, address, due, times)))
    await asyncio.gather(*waiting)
    return times, time.perf_counter() - begun


def weight(base: str, address: str) -> str:
    """A line on the bytes over the wire of a page and all that it loads, and on what is in it without a script."""
    with httpx.Client(base_url=base, headers=ZIPPED, timeout=PATIENCE) as client:
        answer = client.get(address)
        found = {"page": answer.num_bytes_downloaded}
        for part in sorted(set(re.findall(r'"(/static/[^"]+)"', answer.text))):
            found[part.rpartition(".")[2]] = client.get(part).num_bytes_downloaded
    parts = ", ".join(f"{name} {size:,}" for name, size in found.items())
    return (
        f"search page with all it loads: {sum(found.values()):,} bytes compressed ({parts});"
        f" {answer.text.count(HIT)} hits in it before any script runs"
    )


async def measure(port: int, options: argparse.Namespace) -> list[str]:
    """The lines of the report."""
    client = Client(port)
    await at_rate(client, addresses("/soeg", WARM_UP, 0), 10)
    pages = await at_rate(client, addresses("/soeg", int(options.pages * options.seconds), 1), options.pages)
    calls = await at_rate(client, addresses("/api/v1/search", int(options.calls * options.seconds), 2), options.calls)
    client.close()
    return [
        pages[0].line(f"search page at {options.pages:g}/s", pages[1]),
        calls[0].line(f"API at {options.calls:g}/s", calls[1]),
    ]


def main() -> int:
    """Serve, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--pages", type=float, default=20, help="search pages a second")
    parser.add_argument("--calls", type=float, default=100, help="calls of the API a second")
    parser.add_argument("--seconds", type=float, default=30, help="of each")
    options = parser.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    call = [sys.executable, "-c", "from kilde.cli import main; main()", "--data", str(options.data), "serve"]
    server = subprocess.Popen([*call, "--port", str(port), "--workers", str(options.workers)])
    try:
        for _ in range(600):
            if server.poll() is not None:
                return 1
            try:
                if httpx.get(f"{base}/ready", timeout=60).status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        records = httpx.get(f"{base}/api/v1/search?limit=1", timeout=PATIENCE).json()["total"]
        print(f"{records:,} records, {options.workers} workers")
        print("\n".join(asyncio.run(measure(port, options))))
        print(weight(base, "/soeg?q=indsats"))
    finally:
        server.terminate()
        server.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
