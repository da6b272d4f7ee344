"""Write down how a call ended."""

import uuid

from django.db import connection, transaction
from django.db.models import F

from delivery.actions.fan_out import announce
from delivery.channels import KINDS, Doubt
from delivery.channels.message import Result, Sent
from delivery.models import Attempt, Delivery, Lane, Target
from people.actions.audit import write_audit
from telemetry.actions.record import Event, record

MAX_ATTEMPTS = 9  # over about 13 hours
FIRST_WAIT = 5.0  # seconds after the first try that was not taken
FIRST_LOOK = 2.0  # seconds after the first call whose end is not known
GROWTH = 4.0  # each wait is so many times the one before
LONGEST_WAIT = 6 * 3600.0  # seconds
STATEMENTS = uuid.UUID("6c1c6f3e-5d0f-5a0b-9e55-0b7a2f6f4c11")  # namespace of the statements' ids

State = Delivery.State


def settle(*, delivery_id: int, token: uuid.UUID, sent: Sent) -> bool:
    """Write down how the call of one claim ended.

    One transaction; locks the lane. Only the holder of the last claim may settle: a worker whose lease lapsed
    still may, as long as nobody claimed the delivery after it, because it knows more than "unknown".
    Returns whether it settled. At most 8 queries, besides the statement's.

    Args:
        delivery_id, token: the claim.
        sent: how the call ended.
    """
    with transaction.atomic():
        lane = (
            Lane.objects.select_for_update(of=("self",)).select_related("target__channel").get(deliveries=delivery_id)
        )
        delivery = Delivery.objects.filter(
            pk=delivery_id, lease_token=token, state__in=[State.SENDING, State.UNKNOWN]
        ).first()
        if delivery is None:
            return False
        _finish_attempt(delivery, sent)
        if sent.external_id is not None and sent.external_id != lane.external_id:
            lane.external_id = sent.external_id
            lane.save(update_fields=["external_id"])
        if sent.result is Result.ACCEPTED:
            _accept(lane, delivery, sent)
        else:
            _not_accepted(lane, delivery, sent)
        if sent.gone:
            _close_target(lane.target, sent.detail)
        if delivery.epoch < lane.epoch:
            _call_newest(lane)
    return True


def settle_without_call(delivery: Delivery, state: State, problem: str) -> None:
    """Settle a delivery that needs no call; the caller holds its lane's lock. 2 queries at most."""
    _write(delivery, state, problem)
    if state == State.ACCEPTED:
        Lane.objects.filter(pk=delivery.lane_id).update(shown_epoch=delivery.epoch)


def _finish_attempt(delivery: Delivery, sent: Sent) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_attempt SET outcome = %s, status = %s, detail = %s, finished_at = clock_timestamp()"
            " WHERE delivery_id = %s AND number = %s",
            [sent.result.value, sent.status, sent.detail[:300], delivery.pk, delivery.attempts_made],
        )


def _accept(lane: Lane, delivery: Delivery, sent: Sent) -> None:
    _write(delivery, State.ACCEPTED, "")
    if delivery.epoch > lane.shown_epoch:
        lane.shown_epoch, lane.shown_version_id = delivery.epoch, delivery.version_id
        lane.save(update_fields=["shown_epoch", "shown_version"])
    channel = lane.target.channel
    if KINDS[channel.kind].doubt is not Doubt.LEAVE:
        _settle_older_doubts(delivery, sent.found_epoch)
    if delivery.version_id is not None:
        event = Event(
            verb="delivered",
            person_id=lane.target.person_id,
            version_id=delivery.version_id,
            release_id=delivery.release_id,
            channel=channel.kind,
            id=uuid.uuid5(STATEMENTS, f"delivery:{delivery.pk}"),
        )
        record([event])


def _settle_older_doubts(delivery: Delivery, found_epoch: int | None) -> None:
    """The place shows the newest epoch, so what is unknown about older ones is known now, or does not matter."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_delivery SET state = CASE WHEN epoch = %s THEN 'accepted' ELSE 'superseded' END,"
            " next_attempt_at = NULL, leased_until = NULL, settled_at = clock_timestamp()"
            " WHERE lane_id = %s AND epoch < %s AND state = 'unknown'",
            [found_epoch, delivery.lane_id, delivery.epoch],
        )


def _not_accepted(lane: Lane, delivery: Delivery, sent: Sent) -> None:
    doubtful = sent.result is Result.UNKNOWN or (sent.result is Result.RETRY and _has_doubt(delivery))
    leave = doubtful and KINDS[lane.target.channel.kind].doubt is Doubt.LEAVE
    over = sent.result is Result.FAILED or delivery.attempts_made >= MAX_ATTEMPTS or leave
    if over or delivery.epoch < lane.epoch:  # something newer waits: it will be sent instead
        _write(delivery, _last_state(delivery, lane, doubtful=doubtful, over=over), sent.detail)
        return
    first = FIRST_LOOK if sent.result is Result.UNKNOWN else FIRST_WAIT
    seconds = sent.retry_after or first * GROWTH ** (delivery.attempts_made - 1)
    with connection.cursor() as cursor:
        # Jitter, so that what failed together does not come back together; never sooner than the receiver asked.
        cursor.execute(
            "UPDATE delivery_delivery SET state = %s, problem = %s, leased_until = NULL, settled_at = NULL,"
            " next_attempt_at = clock_timestamp() + make_interval(secs => %s * (1 + 0.3 * random())) WHERE id = %s",
            [
                State.UNKNOWN if doubtful else State.PENDING,
                sent.detail[:300],
                min(seconds, LONGEST_WAIT),
                delivery.pk,
            ],
        )


def _last_state(delivery: Delivery, lane: Lane, *, doubtful: bool, over: bool) -> State:
    if doubtful:
        return State.UNKNOWN
    if delivery.epoch < lane.epoch and not over:
        return State.SUPERSEDED
    return State.FAILED


def _has_doubt(delivery: Delivery) -> bool:
    return Attempt.objects.filter(delivery=delivery, outcome=Attempt.Outcome.UNKNOWN).exists()


def _write(delivery: Delivery, state: State, problem: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_delivery SET state = %s, problem = %s, next_attempt_at = NULL, leased_until = NULL,"
            " settled_at = clock_timestamp() WHERE id = %s",
            [state, problem[:300], delivery.pk],
        )


def _call_newest(lane: Lane) -> None:
    """The lane is free: what waited for it is due now."""
    Delivery.objects.filter(lane=lane, epoch=F("lane__epoch"), state=State.PENDING, attempts_made=0).update(
        next_attempt_at=F("created_at"), leased_until=None
    )
    announce()


def _close_target(target: Target, why: str) -> None:
    """The place does not exist any more: nothing is sent to it until an operator says so."""
    if Target.objects.filter(pk=target.pk, enabled=True).update(enabled=False):
        write_audit(
            actor=None,
            action="target.disabled",
            object_type="target",
            object_key=str(target.pk),
            data={"channel": target.channel.key, "why": why[:200]},
        )
