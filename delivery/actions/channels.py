"""Channels: add, rename, switch off and on, set the secret. For operators."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from delivery.channels import KINDS
from delivery.channels.secrets import seal
from delivery.models import Channel
from people.actions.audit import write_audit
from people.models import User


def add_channel(*, actor: User | None, key: str, kind: str, name: str, secret: str = "") -> Channel:
    """Add a channel; a secret may follow later.

    One transaction. 2 to 4 queries.

    Raises:
        ValidationError: the kind is not known, the key is taken or malformed, or the secret is not one.
    """
    channel = Channel(key=key.strip(), kind=kind, name=name.strip())
    channel.full_clean()
    if secret:
        channel.secret = seal(KINDS[kind].check_secret(secret))
    try:
        with transaction.atomic():
            channel.save()
            _audit(actor, "channel.created", channel, {"kind": kind})
    except IntegrityError as error:
        raise ValidationError({"key": _("There is a channel “%(key)s” already.") % {"key": key}}) from error
    return channel


def change_channel(
    *, actor: User | None, channel_id: int, name: str | None = None, enabled: bool | None = None
) -> Channel:
    """Rename a channel, or switch it off or on. What is given as None stays.

    While a channel is off nothing goes through it; when it is on again its targets are brought up to date.
    One transaction; locks the channel. 3 queries.
    """
    with transaction.atomic():
        channel = _lock(channel_id)
        before = (channel.name, channel.enabled)
        channel.name = channel.name if name is None else name.strip()
        channel.enabled = channel.enabled if enabled is None else enabled
        channel.full_clean()
        if before != (channel.name, channel.enabled):
            channel.save(update_fields=["name", "enabled"])
            _audit(actor, "channel.changed", channel, {"enabled": channel.enabled})
    return channel


def set_channel_secret(*, actor: User | None, channel_id: int, secret: str) -> Channel:
    """Replace a channel's secret. It is encrypted at once and never shown again; the trail says only that it was set.

    One transaction; locks the channel. 3 queries.

    Raises:
        ValidationError: the secret does not look like one of this kind of channel.
    """
    with transaction.atomic():
        channel = _lock(channel_id)
        channel.secret = seal(KINDS[channel.kind].check_secret(secret))
        channel.save(update_fields=["secret"])
        _audit(actor, "channel.secret_set", channel, {})
    return channel


def _lock(channel_id: int) -> Channel:
    return Channel.objects.select_for_update().get(pk=channel_id)


def _audit(actor: User | None, action: str, channel: Channel, data: dict[str, object]) -> None:
    write_audit(
        actor=actor,
        action=action,
        object_type="channel",
        object_key=channel.key,
        data={"channel_id": channel.pk, **data},
    )
