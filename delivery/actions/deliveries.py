"""Send one delivery: claim it and commit, call the channel outside any transaction, settle it under the fence.

A worker that is killed in between leaves a claim whose lease lapses; `lapse_leases` finds it and calls it unknown.
"""

import logging
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypedDict

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import DateTimeField, Exists, Func, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.actions.fan_out import announce
from delivery.actions.settling import MAX_ATTEMPTS, settle, settle_without_call
from delivery.channels import KINDS, LEAVE_KINDS, ChannelKind
from delivery.channels.announcement import announcement_of
from delivery.channels.message import Announcement, Place, Result, Sent
from delivery.channels.secrets import unseal
from delivery.channels.throttle import pause, seconds_to_wait
from delivery.models import Attempt, Delivery, Lane, Target
from people.actions.audit import write_audit
from people.models import User

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

State = Delivery.State
logger = logging.getLogger(__name__)


class _Extra(TypedDict):
    doubtful_since: datetime | None
    has_lapsed: bool


if TYPE_CHECKING:
    LockedLane = WithAnnotations[Lane, _Extra]


@dataclass(frozen=True, slots=True)
class Claim:
    """One call that is about to be made: committed as `sending` before it begins."""

    delivery_id: int
    token: uuid.UUID
    kind: ChannelKind
    announcement: Announcement
    place: Place
    bound: str


def deliver(*, delivery_id: int) -> None:
    """Send one delivery, if it is its turn. Idempotent: a second call finds nothing to do.

    Two short transactions with the network between them. Both lock the lane; at most one call of a lane is in
    flight, and only the newest epoch is sent. 5 queries to claim and at most 8 to settle, besides the statement's.
    """
    bound = _bound_of(delivery_id)
    if bound is None:
        return
    place, per_second = bound
    if per_second and (seconds := seconds_to_wait(place, f"delivery:{delivery_id}", per_second)):
        _postpone(delivery_id, seconds)
        return
    claim = _claim(delivery_id, place)
    if claim is None:
        return
    sent = _send(claim)
    if sent.retry_after and claim.kind.per_second:
        pause(claim.bound, sent.retry_after)
    settle(delivery_id=claim.delivery_id, token=claim.token, sent=sent)


def _send(claim: Claim) -> Sent:
    """Make the call. A fault of ours in the middle of one leaves the same doubt as a network that breaks."""
    try:
        return claim.kind.send(claim.announcement, claim.place)
    except Exception:
        logger.exception("Delivery %s broke while it was sent.", claim.delivery_id)
        return Sent(Result.UNKNOWN, detail=_("A fault of ours while sending. The worker's log has it."))


def _bound_of(delivery_id: int) -> tuple[str, float | None] | None:
    """The place that the bound on calls is for; None when there is nothing to send now. 1 query."""
    row = (
        Delivery.objects.filter(pk=delivery_id, state__in=[State.PENDING, State.UNKNOWN], next_attempt_at__isnull=False)
        .values_list(
            "lane__target__channel__kind", "lane__target__channel_id", "lane__target__address", "epoch", "lane__epoch"
        )
        .first()
    )
    if row is None:
        return None
    kind, channel_id, address, epoch, newest = row
    # What was overtaken makes no call, so it takes no turn.
    return f"{kind}:{channel_id}:{address}", KINDS[kind].per_second if epoch == newest else None


def _postpone(delivery_id: int, seconds: float) -> None:
    """Ask again later. The time is the database's, never a countdown of the queue (facts: celery #2481)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_delivery SET leased_until = NULL,"
            " next_attempt_at = greatest(next_attempt_at, clock_timestamp() + make_interval(secs => %s))"
            " WHERE id = %s AND state IN ('pending', 'unknown') AND next_attempt_at IS NOT NULL",
            [seconds, delivery_id],
        )


def _claim(delivery_id: int, bound: str) -> Claim | None:
    """Lock the lane and take the delivery, or say why not. What it says is committed before this returns."""
    with transaction.atomic():
        lane = _lock_lane(delivery_id)
        if lane is not None and lane.has_lapsed:
            lapse_leases(lane_id=lane.pk)
            lane = _lock_lane(delivery_id)
        if lane is None:
            return None
        delivery = _take_turn(lane, delivery_id)
        if delivery is None or _settled_at_once(lane, delivery):
            return None
        return _begin(lane, delivery, bound)


def _lock_lane(delivery_id: int) -> "LockedLane | None":
    """The lane with all that sending needs, locked. 1 query."""
    unknown = Attempt.objects.filter(
        delivery__lane=OuterRef("pk"), delivery__epoch__gt=OuterRef("shown_epoch"), outcome=Attempt.Outcome.UNKNOWN
    )
    lapsed = Delivery.objects.filter(lane=OuterRef("pk"), state=State.SENDING, leased_until__lt=_clock())
    return (
        Lane.objects.select_for_update(of=("self",))
        .select_related("target__channel", "target__person", "asset__owner", "shown_version")
        # When the first call began of which nobody knows whether it changed what the lane shows.
        .annotate(doubtful_since=Subquery(unknown.order_by("started_at").values("started_at")[:1]))
        .annotate(has_lapsed=Exists(lapsed))
        .filter(deliveries=delivery_id)
        .order_by()
        .first()
    )


def _clock() -> Func:
    return Func(function="clock_timestamp", output_field=DateTimeField())


def _take_turn(lane: Lane, delivery_id: int) -> Delivery | None:
    """The delivery, if it is the lane's newest, is due, and no other call of the lane is in flight."""
    waiting = list(
        Delivery.objects.filter(lane=lane, next_attempt_at__isnull=False)
        .select_related("version", "release")
        .annotate(due=Q(next_attempt_at__lte=_clock()))
    )
    delivery = next((row for row in waiting if row.pk == delivery_id), None)
    if delivery is None or delivery.state == State.SENDING:
        return None
    if delivery.epoch < lane.epoch:
        # A doubt about an overtaken epoch is settled with the newest one.
        state = State.SUPERSEDED if delivery.state == State.PENDING else State.UNKNOWN
        settle_without_call(delivery, state, "")
        return None
    in_flight = next((row for row in waiting if row.state == State.SENDING), None)
    delivery.leased_until = None
    if in_flight is not None:
        delivery.next_attempt_at = in_flight.leased_until  # its settling calls us sooner
    if in_flight is not None or not delivery.due:
        delivery.save(update_fields=["leased_until", "next_attempt_at"])
        return None
    return delivery


def _settled_at_once(lane: "LockedLane", delivery: Delivery) -> bool:
    """Settle what needs no call: the place is off, shows this already, or cannot be told."""
    kind = KINDS[lane.target.channel.kind]
    problem = _cannot_send(lane.target, kind)
    if problem:
        settle_without_call(delivery, State.FAILED, problem)
    elif delivery.state == State.PENDING and delivery.version_id == lane.shown_version_id and not lane.doubtful_since:
        settle_without_call(delivery, State.ACCEPTED, _("Nothing to send: it shows this already."))
    elif delivery.version_id is None and not kind.takes_back:
        settle_without_call(delivery, State.ACCEPTED, _("Nothing to send: what was sent cannot be taken back."))
    else:
        return False
    return True


def _cannot_send(target: Target, kind: ChannelKind) -> str:
    if target.unsubscribed_at is not None:
        return _("The person unsubscribed.")
    if not target.enabled or not target.channel.enabled:
        return _("This place is switched off.")
    if kind.needs_secret and not unseal(target.channel.secret):
        return _("The channel has no secret that can be read. Set it in the channel's page and send again.")
    return ""


def _begin(lane: "LockedLane", delivery: Delivery, bound: str) -> Claim:
    token = uuid.uuid4()
    number = delivery.attempts_made + 1
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_delivery SET state = 'sending', lease_token = %s, attempts_made = %s,"
            " leased_until = clock_timestamp() + make_interval(secs => %s) WHERE id = %s",
            [token, number, settings.DELIVERY_LEASE, delivery.pk],
        )
    Attempt.objects.create(delivery=delivery, number=number)
    channel = lane.target.channel
    place = Place(
        address=lane.target.address,
        secret=unseal(channel.secret),
        external_id=lane.external_id,
        doubtful_since=lane.doubtful_since,
    )
    announcement = announcement_of(delivery, lane, timezone.now().astimezone(UTC))
    return Claim(delivery.pk, token, KINDS[channel.kind], announcement, place, bound)


# A lease lapsed: the worker died, or hangs. Whether its call was taken, nobody knows.
_LAPSE = """
WITH lapsed AS (
    UPDATE delivery_delivery d
    SET state = 'unknown', leased_until = NULL, problem = %s,
        settled_at = CASE WHEN k.final THEN clock_timestamp() END,
        next_attempt_at = CASE WHEN NOT k.final THEN clock_timestamp() END
    FROM (
        SELECT x.id, c.kind = ANY(%s) OR x.attempts_made >= %s AS final
        FROM delivery_delivery x
        JOIN delivery_lane l ON l.id = x.lane_id
        JOIN delivery_target t ON t.id = l.target_id
        JOIN delivery_channel c ON c.id = t.channel_id
        WHERE x.state = 'sending' AND x.leased_until < clock_timestamp() AND (%s::bigint IS NULL OR x.lane_id = %s)
    ) k
    WHERE d.id = k.id AND d.state = 'sending' AND d.leased_until < clock_timestamp()
    RETURNING d.id, d.attempts_made
)
UPDATE delivery_attempt a SET outcome = 'unknown', finished_at = clock_timestamp(), detail = %s
FROM lapsed WHERE a.delivery_id = lapsed.id AND a.number = lapsed.attempts_made
"""


def lapse_leases(*, lane_id: int | None = None) -> int:
    """Mark calls whose worker did not come back as unknown; returns how many.

    An email stays so for ever. What can be asked about or repeated under the same id is due at once.
    1 query; locks the deliveries it changes.

    Args:
        lane_id: only of this lane; all when None.
    """
    problem = _("The worker did not come back while it was sending.")
    with connection.cursor() as cursor:
        cursor.execute(_LAPSE, [problem, list(LEAVE_KINDS), MAX_ATTEMPTS, lane_id, lane_id, problem])
        return int(cursor.rowcount)


def send_again(*, actor: User, delivery_id: int) -> Delivery:
    """Send what failed or is unknown once more, because an operator says so: a new epoch with the same version.

    One transaction; locks the lane. 6 queries.

    Raises:
        ValidationError: something newer was decided for that place, or the delivery is still under way or arrived.
    """
    with transaction.atomic():
        lane = Lane.objects.select_for_update().select_related("target__channel", "asset").get(deliveries=delivery_id)
        old = Delivery.objects.get(pk=delivery_id)
        if old.epoch != lane.epoch:
            raise ValidationError(_("Something newer was decided for this place. Look at its newest delivery."))
        if old.state not in {State.FAILED, State.UNKNOWN}:
            raise ValidationError(
                _("This delivery is %(state)s. Only one that failed or is unknown can be sent again."),
                params={"state": old.get_state_display()},
            )
        lane.epoch += 1
        lane.save(update_fields=["epoch"])
        Delivery.objects.filter(pk=old.pk).update(next_attempt_at=None)
        new = Delivery.objects.create(lane=lane, epoch=lane.epoch, version_id=old.version_id, release_id=old.release_id)
        write_audit(
            actor=actor,
            action="delivery.sent_again",
            object_type="delivery",
            object_key=str(new.pk),
            data={
                "asset": lane.asset.key,
                "asset_id": lane.asset_id,
                "channel": lane.target.channel.key,
                "before": old.pk,
            },
        )
        announce()
    return new
