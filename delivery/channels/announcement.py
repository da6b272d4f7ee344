"""What one delivery has to say: rows → announcement, for the renderers of all kinds."""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing

from assets.models import Asset, Version
from delivery.channels.message import Announcement, News
from delivery.models import Delivery, Lane, Target

UNSUBSCRIBE_SALT = "delivery.unsubscribe"


def announcement_of(delivery: Delivery, lane: Lane, now: datetime) -> Announcement:
    """What one delivery has to say to its target.

    Args:
        delivery: with its version and release loaded.
        lane: its lane, with target, channel, person, asset, owner and shown version loaded.
        now: aware, UTC.

    No query.
    """
    version = delivery.version or lane.shown_version
    asset, target, shown = lane.asset, lane.target, lane.shown_version
    return Announcement(
        delivery_id=delivery.pk,
        lane_id=lane.pk,
        epoch=delivery.epoch,
        sent_at=now,
        news=_news(delivery, lane),
        asset_key=asset.key,
        kind=asset.kind,
        kind_label=asset.get_kind_display(),
        url=link_to(asset, target.channel.kind),
        title=version.title if version else asset.title,
        summary=version.summary if version else "",
        version=delivery.version.number if delivery.version else 0,
        shown_version=shown.number if shown else 0,
        minutes=version.minutes if version else 1,
        note=delivery.release.note if delivery.release and delivery.version else "",
        keeper=str(asset.owner) if asset.owner else "",
        organisation=settings.ORGANISATION_NAME,
        recipient=target.person.first_name if target.person else "",
        unsubscribe_url=unsubscribe_url(target) if target.channel.kind == "email" else "",
    )


def _news(delivery: Delivery, lane: Lane) -> News:
    version: Version | None = delivery.version
    if version is None:
        return News.WITHDRAWN
    if lane.shown_version is None:
        return News.NEW
    return News.UPDATED if version.number >= lane.shown_version.number else News.WENT_BACK


def preview_of(version: Version, kind: str, *, shown: Version | None, note: str, now: datetime) -> Announcement:
    """What a shared target would be told if this version were shipped now. For previews; nothing is sent.

    Args:
        version: with its asset and the asset's owner loaded.
        kind: the kind of channel.
        shown: the version such a target shows now.
        note: what changes for people.
        now: aware, UTC.
    """
    asset = version.asset
    older = shown is not None and shown.number > version.number
    return Announcement(
        delivery_id=0,
        lane_id=0,
        epoch=0,
        sent_at=now,
        news=News.NEW if shown is None else News.WENT_BACK if older else News.UPDATED,
        asset_key=asset.key,
        kind=asset.kind,
        kind_label=asset.get_kind_display(),
        url=link_to(asset, kind),
        title=version.title,
        summary=version.summary,
        version=version.number,
        shown_version=shown.number if shown else 0,
        minutes=version.minutes,
        note=note,
        keeper=str(asset.owner) if asset.owner else "",
        organisation=settings.ORGANISATION_NAME,
    )


def link_to(asset: Asset, kind: str) -> str:
    """Where a person opens the asset, absolute; `from` says which channel brought them (click-through)."""
    return f"{settings.PUBLIC_URL}{asset.get_absolute_url()}?{urlencode({'from': kind})}"


def unsubscribe_url(target: Target) -> str:
    """The signed address under which this target is switched off, without signing in (RFC 8058)."""
    token = signing.dumps(target.pk, salt=UNSUBSCRIBE_SALT)
    return f"{settings.PUBLIC_URL}/unsubscribe/{token}/"  # written out: a worker needs no pages to send an email


def target_of_token(token: str) -> Target | None:
    """The target of an unsubscribe link; None when the link is not ours or the target is gone. 1 query."""
    try:
        key = signing.loads(token, salt=UNSUBSCRIBE_SALT)
    except signing.BadSignature:
        return None
    return Target.objects.filter(pk=key).select_related("channel").first()
