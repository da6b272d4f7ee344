"""`manage.py relay`: carry the outbox to the queue, now and again, until it is told to stop."""

import logging
import os
import select
import signal
import time
from argparse import ArgumentParser
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection

from delivery.actions.deliveries import lapse_leases
from delivery.actions.fan_out import OUTBOX
from delivery.actions.outbox import QueueAwayError, publish_due
from delivery.actions.sweep import sweep
from telemetry.actions.audit_trail import follow_audit_trail

logger = logging.getLogger("learningops.relay")

SECOND: Final = 1.0  # between looks at leases that lapsed and at the audit trail
MINUTE: Final = 60.0  # between sweeps
AWAY: Final = 2.0  # seconds to wait when the database or the queue does not answer


class Command(BaseCommand):
    """Claims what is due in the outbox and publishes ids; sweeps every minute; follows the audit trail."""

    help = "Hand deliveries that are due to the workers. Several may run at once; all state is in PostgreSQL."

    requires_system_checks = ()  # the web process makes them; the relay needs no pages

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sweep-every", type=float, default=MINUTE, metavar="SECONDS", help="default: 60")

    def handle(self, *args: Any, **options: Any) -> None:
        relay = Relay(sweep_every=options["sweep_every"])
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, relay.stop)
        relay.run()


class Relay:
    """The loop. Holds no state that matters: what is due is in the database."""

    def __init__(self, *, sweep_every: float) -> None:
        self.stopping = False
        self._listening: object = None
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        # What to do besides publishing: how often, what, when next.
        self._chores: list[tuple[float, Callable[[], object]]] = [
            (SECOND, lapse_leases),
            (SECOND, lambda: follow_audit_trail(limit=1000)),
            (sweep_every, sweep),
        ]
        self._next = [0.0 for _chore in self._chores]

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Finish the round and end. Called by the signal handler: only sets a flag and wakes the wait."""
        self.stopping = True
        os.write(self._wake_write, b".")

    def run(self) -> None:
        """Until stopped: publish what is due, do the chores whose time has come, wait for a notification."""
        logger.info("The relay is at work.")
        while not self.stopping:
            try:
                self._round()
            except QueueAwayError as error:
                logger.warning("The queue does not answer: %s", error)
                self._pause(AWAY)
            except (OperationalError, InterfaceError) as error:
                logger.warning("The database does not answer: %s", error)
                connection.close()
                self._pause(AWAY)
        connection.close()
        logger.info("The relay has stopped.")

    def _round(self) -> None:
        self._listen()
        for place, (every, chore) in enumerate(self._chores):
            if time.monotonic() >= self._next[place] and not self.stopping:
                self._next[place] = time.monotonic() + every
                self._do(chore)
        if not publish_due():
            self._wait_for_notification()

    def _do(self, chore: Callable[[], object]) -> None:
        """A chore that breaks is written down and tried again; it must not stop deliveries."""
        try:
            chore()
        except (OperationalError, InterfaceError):
            raise  # the connection is gone: the loop makes a new one
        except Exception:
            logger.exception("A chore of the relay broke.")

    def _listen(self) -> None:
        """LISTEN once for each connection; a connection that was lost is made anew by Django."""
        connection.ensure_connection()
        if self._listening is connection.connection:
            return
        with connection.cursor() as cursor:
            cursor.execute(f"LISTEN {OUTBOX}")
        self._listening = connection.connection

    def _wait_for_notification(self) -> None:
        raw = connection.connection
        ready, _write, _error = select.select([raw, self._wake_read], [], [], settings.DELIVERY_RELAY_INTERVAL)
        if raw in ready:
            raw.poll()
            raw.notifies.clear()

    def _pause(self, seconds: float) -> None:
        select.select([self._wake_read], [], [], seconds)
