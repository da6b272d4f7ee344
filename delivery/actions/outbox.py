"""Hand out what is due: claim ids with a lease and publish them, and nothing else, to the queue.

The rows are the truth, a message is only a nudge: one that is lost is written again when its lease lapses, one that
comes twice finds nothing to do.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from celery import current_app
from django.conf import settings
from django.db import connection
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

EXPAND, DELIVER = "delivery.expand", "delivery.deliver"
FAN_OUTS = 50  # outbox rows claimed at a time
WINDOW = 400  # deliveries handed out and not finished: keeps the queue short, so that a new one is not stuck behind it


class QueueAwayError(Exception):
    """The broker took nothing; the leases of what was not published are given back."""


@dataclass(frozen=True, slots=True)
class Published:
    """Ids written to the queue."""

    fan_outs: int
    deliveries: int

    def __bool__(self) -> bool:
        return bool(self.fan_outs or self.deliveries)


def publish_due() -> Published:
    """Claim what is due and write its ids to the queue.

    5 queries: claims skip rows that another relay has locked, so two relays at once share the work. No transaction is
    open while the broker is called, and a call is bounded by its time-outs.

    Raises:
        QueueAwayError: the broker does not answer. Nothing is lost.
    """
    fan_outs = _claim(_CLAIM_FAN_OUTS, [settings.DELIVERY_LEASE, FAN_OUTS])
    _publish(EXPAND, "delivery_fanout", fan_outs)
    room = WINDOW - _handed_out()
    deliveries = _claim(_CLAIM_DELIVERIES, [settings.DELIVERY_LEASE, room]) if room > 0 else []
    _publish(DELIVER, "delivery_delivery", deliveries)
    return Published(len(fan_outs), len(deliveries))


_CLAIM_FAN_OUTS = """
UPDATE delivery_fanout SET leased_until = clock_timestamp() + make_interval(secs => %s)
WHERE id IN (
    SELECT id FROM delivery_fanout
    WHERE done_at IS NULL AND (leased_until IS NULL OR leased_until < clock_timestamp())
    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""
_CLAIM_DELIVERIES = """
UPDATE delivery_delivery SET leased_until = clock_timestamp() + make_interval(secs => %s)
WHERE id IN (
    SELECT id FROM delivery_delivery
    WHERE next_attempt_at <= clock_timestamp() AND state IN ('pending', 'unknown')
      AND (leased_until IS NULL OR leased_until < clock_timestamp())
    ORDER BY next_attempt_at LIMIT %s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""


def _claim(sql: str, params: Sequence[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return sorted(key for (key,) in cursor.fetchall())


def _handed_out() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM delivery_delivery"
            " WHERE leased_until IS NOT NULL AND leased_until > clock_timestamp() AND state IN ('pending', 'unknown')"
        )
        return int(cursor.fetchone()[0])


def _publish(task: str, table: str, ids: Sequence[int]) -> None:
    """Write the ids to the queue; give back the leases of those that the broker did not take."""
    if not ids:
        return
    done = 0
    try:
        # A connection of this round's own: it is asked to connect once, where a pool's would try for ever.
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0)
            producer = current_app.amqp.Producer(broker.channel())
            for key in ids:
                current_app.send_task(task, args=[key], producer=producer, retry=False)
                done += 1
    except (OperationalError, OSError) as error:
        with connection.cursor() as cursor:
            # The one that failed may have been taken all the same; a second message changes nothing.
            cursor.execute(f"UPDATE {table} SET leased_until = NULL WHERE id = ANY(%s)", [list(ids[done:])])  # noqa: S608
        raise QueueAwayError(str(error)) from error
