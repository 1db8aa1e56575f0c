"""uvicorn's HTTP/1.1 with a limit on how long a request may take to arrive: a client that sends a byte now and then
would hold its connection for ever."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

ARRIVAL_SECONDS = 15.0


class PatientProtocol(H11Protocol):
    """Closes a connection whose first request has not arrived after `ARRIVAL_SECONDS`, or whose next one stays away."""

    _arrival: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A client is there: the clock runs."""
        super().connection_made(transport)
        self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._stop_clock()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Bytes have come: where they make a request the clock stops, where they begin one it runs on."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._stop_clock()
        elif self._arrival is None and (self.cycle is None or self.cycle.response_complete):
            self._start_clock()

    def _start_clock(self) -> None:
        self._stop_clock()
        self._arrival = asyncio.get_running_loop().call_later(ARRIVAL_SECONDS, self._too_late)

    def _stop_clock(self) -> None:
        if self._arrival is not None:
            self._arrival.cancel()
            self._arrival = None

    def _too_late(self) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.close()
