"""One connection that listens for the whole process, and everybody who waits for it."""

import asyncio
import contextlib
import json
import select
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import psycopg2
from django.db import connection

CHANNEL: Final = "learningops_rollup"
MOST_STREAMS: Final = 200  # of one process; whoever comes after asks again every few seconds instead
_TICK: Final = 1.0  # seconds after which the listener looks whether anybody still waits
_PAUSE: Final = 1.0  # seconds before it connects again


@dataclass(eq=False)
class Waiter:
    """One stream: whose teams it is about, and the event that is set when their figures moved."""

    teams: frozenset[int]
    loop: asyncio.AbstractEventLoop
    moved: asyncio.Event = field(default_factory=asyncio.Event)


class Hub:
    """Listens while anybody waits. Its own thread, because psycopg2 has no asyncio and streams are many."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiters: set[Waiter] = set()
        self._thread: threading.Thread | None = None

    @property
    def is_full(self) -> bool:
        """Whether no further stream is taken."""
        return len(self._waiters) >= MOST_STREAMS

    @contextlib.contextmanager
    def waiting(self, teams: frozenset[int]) -> Iterator[Waiter]:
        """A waiter for the figures of `teams`, from now to the end of the block. Call it in an event loop."""
        waiter = Waiter(teams, asyncio.get_running_loop())
        with self._lock:
            self._waiters.add(waiter)
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="live", daemon=True)
                self._thread.start()
        try:
            yield waiter
        finally:
            with self._lock:
                self._waiters.discard(waiter)

    def tell(self, payload: str) -> None:
        """Wake whoever waits for one of the teams that the notification names; everybody when it names none."""
        try:
            said = json.loads(payload or "{}")
            teams = frozenset(said.get("teams", ()))
            everybody = bool(said.get("many")) or "teams" not in said
        except (ValueError, TypeError, AttributeError):
            teams, everybody = frozenset(), True
        with self._lock:
            for waiter in self._waiters:
                if everybody or teams & waiter.teams:
                    # A loop that has closed has nobody left to tell.
                    with contextlib.suppress(RuntimeError):
                        waiter.loop.call_soon_threadsafe(waiter.moved.set)

    def _is_done(self) -> bool:
        """Whether nobody waits any more: then the thread ends, and the next waiter starts another."""
        with self._lock:
            if self._waiters:
                return False
            self._thread = None
            return True

    def _listen(self) -> None:
        while not self._is_done():
            try:
                self._listen_once()
            except (psycopg2.Error, OSError, ValueError):
                # The database is away: pages that look at it say so themselves. Look again in a moment.
                threading.Event().wait(_PAUSE)

    def _listen_once(self) -> None:
        """Pass notifications on until nobody waits. Raises psycopg2.Error when the connection is lost."""
        parameters = connection.get_connection_params()
        parameters.pop("cursor_factory", None)
        listening = psycopg2.connect(**parameters)
        try:
            listening.set_session(autocommit=True)
            with listening.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            self.tell('{"many": true}')  # whatever was said before we listened
            while self._is_wanted():
                if select.select([listening], [], [], _TICK)[0]:
                    listening.poll()
                    while listening.notifies:
                        self.tell(listening.notifies.pop(0).payload)
        finally:
            listening.close()

    def _is_wanted(self) -> bool:
        with self._lock:
            return bool(self._waiters)


HUB: Final = Hub()
