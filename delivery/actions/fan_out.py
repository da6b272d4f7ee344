"""Expand an outbox row: one asset's stack changed, so bring the lanes of its targets to what they should show."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from delivery.channels import KEPT_KINDS
from delivery.models import FanOut
from delivery.queries.targets import Sql, differing_sql, personal_batch, personal_wanted_sql, shared_wanted_sql

OUTBOX = "learningops_outbox"  # NOTIFY channel that wakes the relay; delivered when the transaction commits
BATCH = 2_000  # personal targets in one transaction
ROUNDS = 50  # transactions in one task, so that a task stays far below its time limit
_LOCK_SPACE = 0x4C4F << 32  # "LO": apart from other advisory locks of this database


@dataclass(frozen=True, slots=True)
class Expansion:
    """What one call of `expand` did: deliveries made, and whether the row is finished."""

    deliveries: int
    done: bool


def announce() -> None:
    """Wake the relay when the running transaction commits. 1 query.

    PostgreSQL folds equal notifications of one transaction into one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [OUTBOX])


def open_fan_outs(*, asset_ids: Iterable[int]) -> int:
    """Ask for the targets of these assets to be compared again; not where that is already asked for.

    Returns how many rows it made. 2 queries.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery_fanout (asset_id, cursor) SELECT a.id, 0 FROM unnest(%s::bigint[]) AS a(id)"
            " WHERE NOT EXISTS (SELECT 1 FROM delivery_fanout f WHERE f.asset_id = a.id AND f.done_at IS NULL)",
            [list(asset_ids)],
        )
        made = int(cursor.rowcount)
        if made:
            announce()
    return made


def expand(*, fan_out_id: int, batch: int = BATCH, rounds: int = ROUNDS) -> Expansion:
    """Bring the lanes of one asset to what its stack gives now, batch after batch.

    Each batch is one transaction: it locks the outbox row (and gives way when another worker has it) and, by an
    advisory lock, the asset's lanes against other expansions, so that an older decision never overwrites a newer
    one. The cursor moves with the lanes, so a killed worker leaves nothing half done and another goes on from
    there; running it again changes nothing. 8 queries a batch whatever its size, besides those of the decision.

    Args:
        fan_out_id: the outbox row.
        batch: personal targets in one transaction.
        rounds: transactions in one call; what is left is taken up again by the relay.
    """
    made, done = 0, False
    for _round in range(rounds):
        step = _expand_batch(fan_out_id, batch)
        if step is None:
            break
        made, done = made + step.deliveries, step.done
        if done:
            break
    return Expansion(made, done)


def _expand_batch(fan_out_id: int, size: int) -> Expansion | None:
    with transaction.atomic():
        fan_out = FanOut.objects.select_for_update(skip_locked=True).filter(pk=fan_out_id, done_at=None).first()
        if fan_out is None:
            return None
        _lock_lanes_of(fan_out.asset_id)
        batch = personal_batch(fan_out.cursor, size)
        made = _move_lanes(fan_out, personal_wanted_sql(fan_out.asset_id, batch))
        if not batch.full:
            made += _move_lanes(fan_out, shared_wanted_sql(fan_out.asset_id))
        _advance(fan_out_id, batch.upto, done=not batch.full)
        if made:
            announce()
        return Expansion(made, done=not batch.full)


def _lock_lanes_of(asset_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK_SPACE + asset_id])


# A lane whose target should show something else gets a new epoch and one delivery; a delivery that still waits is
# overtaken. Only expansions write a lane's version, and they hold the asset's lock, so the comparison stands.
_MOVE = """
WITH moves AS MATERIALIZED ({differing}),
lanes AS (
    INSERT INTO delivery_lane (target_id, asset_id, epoch, version_id, shown_epoch, external_id)
    SELECT target_id, %s, 1, version_id, 0, '' FROM moves ORDER BY target_id
    ON CONFLICT (target_id, asset_id)
        DO UPDATE SET epoch = delivery_lane.epoch + 1, version_id = EXCLUDED.version_id
    RETURNING id, target_id, epoch, version_id
),
overtaken AS (
    UPDATE delivery_delivery d
    SET state = 'superseded', settled_at = clock_timestamp(), next_attempt_at = NULL, leased_until = NULL
    FROM lanes WHERE d.lane_id = lanes.id AND d.state = 'pending'
)
INSERT INTO delivery_delivery (lane_id, epoch, version_id, release_id, state, attempts_made, problem)
SELECT lanes.id, lanes.epoch, lanes.version_id, coalesce(moves.release_id, %s), 'pending', 0, ''
FROM lanes JOIN moves USING (target_id) ORDER BY lanes.id
"""


def _move_lanes(fan_out: FanOut, wanted: Sql) -> int:
    """Raise the epoch of every lane that differs from `wanted`; how many. 1 query."""
    differing, params = differing_sql(fan_out.asset_id, wanted, KEPT_KINDS)
    with connection.cursor() as cursor:
        # What is taken away is booked on the release whose change took it away.
        cursor.execute(_MOVE.format(differing=differing), [*params, fan_out.asset_id, fan_out.release_id])
        return int(cursor.rowcount)


def _advance(fan_out_id: int, upto: int, *, done: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_fanout SET cursor = %s, done_at = CASE WHEN %s THEN clock_timestamp() END,"
            " leased_until = clock_timestamp() + make_interval(secs => %s) WHERE id = %s",
            [upto, done, settings.DELIVERY_LEASE, fan_out_id],
        )
