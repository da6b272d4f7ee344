"""Targets: the places in a channel. Personal ones follow the list of people, shared ones are added by operators."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.actions.fan_out import open_fan_outs
from delivery.channels import KINDS
from delivery.models import Channel, Target
from delivery.queries.targets import pushed_asset_ids
from people.actions.audit import write_audit
from people.models import Team, User

CONTEXT_FIELDS = ("team", "region", "locale", "job_role")


@dataclass(frozen=True, slots=True)
class Synced:
    """What a synchronisation changed: targets added, targets whose address moved, people whose address is taken."""

    added: int
    moved: int
    taken: int

    @property
    def changed(self) -> int:
        """How many targets are new or different."""
        return self.added + self.moved


def add_target(
    *,
    actor: User | None,
    channel_id: int,
    address: str,
    person_id: int | None = None,
    context: dict[str, Any] | None = None,
) -> Target:
    """Add a place to a channel; what it should show is sent to it at once.

    One transaction. 6 queries at most.

    Args:
        address: mailbox, Slack channel or user id, URL: as the kind wants it.
        person_id: whose place it is; None for a shared one.
        context: whom a shared place stands for: `team` (key), `region`, `locale`, `job_role`. {} is everybody.

    Raises:
        ValidationError: with the field that is wrong and what to do.
    """
    channel = Channel.objects.get(pk=channel_id)
    target = Target(
        channel=channel,
        address=_checked_address(channel, address),
        person_id=person_id,
        context=_checked_context(context or {}, person_id),
    )
    try:
        with transaction.atomic():
            target.save()
            _audit(actor, "target.added", target, {"person_id": person_id, "context": target.context})
            open_fan_outs(asset_ids=pushed_asset_ids())
    except IntegrityError as error:
        raise ValidationError(
            {"address": _("%(channel)s has this place already.") % {"channel": channel.name}}
        ) from error
    return target


def change_target(
    *, actor: User | None, target_id: int, context: dict[str, Any] | None = None, enabled: bool | None = None
) -> Target:
    """Change whom a shared place stands for, or switch a place off or on. What is given as None stays.

    The address cannot change: what was posted there stays there. Switch the place off and add the new one.
    One transaction; locks the target. 6 queries at most.
    """
    with transaction.atomic():
        target = Target.objects.select_for_update(of=("self",)).select_related("channel").get(pk=target_id)
        if context is not None:
            target.context = _checked_context(context, target.person_id)
        target.enabled = target.enabled if enabled is None else enabled
        target.save(update_fields=["context", "enabled"])
        action = "target.disabled" if enabled is False else "target.changed"
        _audit(actor, action, target, {"enabled": target.enabled, "context": target.context})
        open_fan_outs(asset_ids=pushed_asset_ids())
    return target


def unsubscribe(*, target_id: int) -> bool:
    """Send nothing more to a personal place, because its person asked so.

    Idempotent; returns whether it changed anything. One transaction. 2 queries.
    """
    return _subscribe(target_id, subscribed=False)


def subscribe_again(*, target_id: int) -> bool:
    """Undo `unsubscribe`; what was missed is sent. Idempotent. One transaction. 2 queries."""
    return _subscribe(target_id, subscribed=True)


def _subscribe(target_id: int, *, subscribed: bool) -> bool:
    with transaction.atomic():
        target = (
            Target.objects.select_for_update(of=("self",))
            .select_related("channel")
            .filter(pk=target_id, unsubscribed_at__isnull=not subscribed)
            .first()
        )
        if target is None:
            return False
        target.unsubscribed_at = None if subscribed else timezone.now()
        target.save(update_fields=["unsubscribed_at"])
        action = "target.subscribed" if subscribed else "target.unsubscribed"
        _audit(target.person, action, target, {"person_id": target.person_id})
    return True


# The address of a person in a kind of channel: a mailbox, or the Slack id that is kept as their attribute.
_ADDRESS = {"email": "nullif(trim(u.email), '')", "slack": "nullif(trim(u.attributes ->> 'slack_id'), '')"}
_PEOPLE = "SELECT u.id, {address} AS address FROM people_user u WHERE u.is_active AND {address} IS NOT NULL"
_MOVE = """
UPDATE delivery_target t SET address = p.address FROM ({people}) p
WHERE t.channel_id = %s AND t.person_id = p.id AND t.address <> p.address
  AND NOT EXISTS (SELECT 1 FROM delivery_target o WHERE o.channel_id = t.channel_id AND o.address = p.address)
"""
_ADD = """
INSERT INTO delivery_target (channel_id, address, person_id, context, enabled)
SELECT %s, p.address, p.id, '{{}}', TRUE FROM ({people}) p
WHERE NOT EXISTS (
    SELECT 1 FROM delivery_target t WHERE t.channel_id = %s AND (t.person_id = p.id OR t.address = p.address)
)
ORDER BY p.id
ON CONFLICT DO NOTHING
"""
_TAKEN = """
SELECT count(*) FROM ({people}) p
WHERE NOT EXISTS (
    SELECT 1 FROM delivery_target t WHERE t.channel_id = %s AND t.person_id = p.id AND t.address = p.address
)
"""


def sync_personal_targets(*, channel_id: int) -> Synced:
    """Give every active person with an address a place in the channel, and move those whose address changed.

    Email takes the work email, Slack the attribute `slack_id`. Two people cannot share an address: the later
    one gets no place and is counted. Places of people who left stay; their decisions are empty, so nothing is
    sent there. Idempotent. One transaction. 4 queries whatever the number of people.

    Raises:
        ValidationError: the kind has no personal places.
    """
    channel = Channel.objects.get(pk=channel_id)
    if channel.kind not in _ADDRESS:
        raise ValidationError(_("%(channel)s has no places of single people.") % {"channel": channel.name})
    people = _PEOPLE.format(address=_ADDRESS[channel.kind])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MOVE.format(people=people), [channel_id])
        moved = cursor.rowcount
        cursor.execute(_ADD.format(people=people), [channel_id, channel_id])
        added = cursor.rowcount
        cursor.execute(_TAKEN.format(people=people), [channel_id])
        return Synced(added=added, moved=moved, taken=cursor.fetchone()[0])


def _checked_address(channel: Channel, address: str) -> str:
    try:
        return KINDS[channel.kind].check_address(address)
    except ValidationError as error:
        raise ValidationError({"address": error.messages}) from error


def _checked_context(context: dict[str, Any], person_id: int | None) -> dict[str, str]:
    if person_id is not None and context:
        raise ValidationError({"context": _("A personal place follows its person and stands for nobody else.")})
    unknown = sorted(set(context) - set(CONTEXT_FIELDS))
    if unknown:
        raise ValidationError(
            {
                "context": _("A place cannot stand for “%(field)s”. Use %(known)s.")
                % {"field": unknown[0], "known": ", ".join(CONTEXT_FIELDS)}
            }
        )
    cleaned = {field: str(value).strip() for field, value in context.items() if str(value).strip()}
    if "team" in cleaned and not Team.objects.filter(key=cleaned["team"]).exists():
        raise ValidationError({"context": _("There is no team with the key “%(key)s”.") % {"key": cleaned["team"]}})
    return cleaned


def _audit(actor: User | None, action: str, target: Target, data: dict[str, Any]) -> None:
    write_audit(
        actor=actor,
        action=action,
        object_type="target",
        object_key=str(target.pk),
        data={"channel": target.channel.key, **data},
    )
