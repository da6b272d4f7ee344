"""Find what nobody announced: who joined or left an audience, new mailboxes, retired assets. The relay runs it."""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from delivery.actions.fan_out import open_fan_outs
from delivery.actions.releases import retire_stack
from delivery.actions.targets import sync_personal_targets
from delivery.channels import KEPT_KINDS
from delivery.models import Channel, Release
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
        close_retired_stacks()
        channels = Channel.objects.filter(enabled=True, kind__in=["email", "slack"]).values_list("pk", flat=True)
        targets = sum(sync_personal_targets(channel_id=channel_id).changed for channel_id in channels)
        differing = [asset_id for asset_id in pushed_asset_ids() if differs(asset_id, KEPT_KINDS)]
        return Swept(targets, open_fan_outs(asset_ids=differing))
    finally:
        _end()


def close_retired_stacks() -> int:
    """Close the stacks of assets that were retired: the library knows nothing of releases. 1 query, few for each."""
    retired = Release.objects.filter(state=Release.State.OPEN, asset__retired_at__isnull=False)
    asset_ids = list(retired.order_by().values_list("asset_id", flat=True).distinct())
    for asset_id in asset_ids:
        retire_stack(actor=None, asset_id=asset_id, reason=_("The asset was retired."))
    return len(asset_ids)


def _begin() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _end() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
