"""An asset that is pushed: versions without content worth the name, released through the front door."""

from dataclasses import dataclass, field
from typing import Any

import redis
from django.conf import settings
from django.db import connection

from assets.gates.registry import all_gates
from assets.models import Asset, Collection, Version
from delivery.actions.deliveries import deliver
from delivery.actions.fan_out import expand
from delivery.actions.releases import roll_back_release, ship_release
from delivery.channels import throttle
from delivery.models import Attempt, Channel, Delivery, FanOut, Lane, Release, Target

EVERYONE: dict[str, Any] = {"all": []}
ALL_KINDS = ("email", "slack", "webhook")


@dataclass
class Pushed:
    """One asset with as many versions as a test asks for."""

    asset: Asset
    versions: list[Version] = field(default_factory=list)

    def version(self, number: int) -> Version:
        """Version `number`, made when it is not there."""
        while len(self.versions) < number:
            self.versions.append(make_version(self.asset, len(self.versions) + 1))
        return self.versions[number - 1]

    def ship(
        self, number: int, *, channels: tuple[str, ...] = ALL_KINDS, rule: dict[str, Any] = EVERYONE, note: str = ""
    ) -> Release:
        """Release version `number`; nothing is expanded yet."""
        version = self.version(number)
        return ship_release(actor=None, version_id=version.pk, rule=rule, channels=channels, note=note)

    def roll_back(self, release: Release) -> None:
        roll_back_release(actor=None, release_id=release.pk, reason="a test")


def make_version(asset: Asset, number: int) -> Version:
    return Version.objects.create(
        asset=asset,
        number=number,
        source=f"---\ntitle: {asset.title}\n---\nText {number}\n",
        content_hash=bytes([number]) * 32,
        title=asset.title,
        summary=f"What to do, as of {number}.",
        minutes=3,
        change_class="editorial",
    )


def make_pushed(key: str = "refunds/partial", title: str = "Issue a partial refund") -> Pushed:
    """An asset in a collection whose gates are all off."""
    collection, _made = Collection.objects.get_or_create(
        key="desk", defaults={"name": "Desk", "gate_settings": {gate.code: "off" for gate in all_gates()}}
    )
    return Pushed(Asset.objects.create(key=key, kind="guide", title=title, collection=collection))


def make_target(kind: str, address: str, *, person: Any = None, context: dict[str, str] | None = None) -> Target:
    """A place in the one channel of that kind."""
    channel, _made = Channel.objects.get_or_create(key=f"the-{kind}", defaults={"kind": kind, "name": f"The {kind}"})
    return Target.objects.create(channel=channel, address=address, person=person, context=context or {})


def expand_all() -> None:
    """Expand every open outbox row."""
    for key in FanOut.objects.filter(done_at=None).order_by("id").values_list("pk", flat=True):
        expand(fan_out_id=key)


def lane_of(target: Target, pushed: Pushed) -> Lane:
    return Lane.objects.get(target=target, asset=pushed.asset)


def history(target: Target) -> list[tuple[int, int | None, str]]:
    """The deliveries of a target: (epoch, version number, state)."""
    rows = Delivery.objects.filter(lane__target=target).order_by("lane", "epoch").select_related("version")
    return [(row.epoch, row.version.number if row.version else None, row.state) for row in rows]


def forget_turns() -> None:
    """Forget when each place was last called."""
    queue = redis.Redis.from_url(settings.REDIS_URL)
    for key in queue.scan_iter(f"{throttle.PREFIX}*"):
        queue.delete(key)


def make_due() -> None:
    """Let the time come that deliveries wait for, and every lease lapse."""
    forget_turns()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_delivery SET next_attempt_at = clock_timestamp() WHERE next_attempt_at IS NOT NULL"
        )
        cursor.execute("UPDATE delivery_delivery SET leased_until = clock_timestamp() WHERE leased_until IS NOT NULL")


def deliver_all() -> None:
    """Send what is due, once each."""
    due = Delivery.objects.filter(next_attempt_at__isnull=False).order_by("id").values_list("pk", flat=True)
    for key in list(due):
        deliver(delivery_id=key)


def ship_and_send(pushed: Pushed, number: int) -> Delivery:
    pushed.ship(number)
    expand_all()
    deliver_all()
    return Delivery.objects.latest("id")


def outcomes(delivery: Delivery) -> list[str]:
    return list(Attempt.objects.filter(delivery=delivery).values_list("outcome", flat=True))
