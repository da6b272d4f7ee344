"""Find what nobody announced: people who joined or left an audience, new mailboxes. Run every minute by the relay."""

from dataclasses import dataclass

from django.db import connection

from delivery.actions.fan_out import open_fan_outs
from delivery.actions.targets import sync_personal_targets
from delivery.channels import KEPT_KINDS
from delivery.models import Channel
from delivery.queries.targets import differs, pushed_asset_ids

_LOCK = (0x4C4F << 32) - 1  # apart from the locks of `fan_out`


@dataclass(frozen=True, slots=True)
class Swept:
    """Targets made or mended, and assets whose targets are to be brought up to date."""

    targets: int
    assets: int


def sweep() -> Swept | None:
    """Compare every target with what it should show, and open an outbox row where they differ.

    A change of a person's team, role or tenure writes no outbox row; this finds it within a minute. Reads
    only, but for the targets of new people and the outbox rows. 6 queries and, for each asset that a channel
    shows, 2 and those of the decision. None when another process is sweeping.
    """
    if not _begin():
        return None
    try:
        channels = Channel.objects.filter(enabled=True, kind__in=["email", "slack"]).values_list("pk", flat=True)
        targets = sum(sync_personal_targets(channel_id=channel_id).changed for channel_id in channels)
        differing = [asset_id for asset_id in pushed_asset_ids() if differs(asset_id, KEPT_KINDS)]
        return Swept(targets, open_fan_outs(asset_ids=differing))
    finally:
        _end()


def _begin() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _end() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
