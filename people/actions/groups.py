"""Make groups and say what people in them may do."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from people.actions.audit import write_audit
from people.actions.people import operators, require_an_operator
from people.capabilities import Capability
from people.models import GroupCapability, User


@transaction.atomic
def save_group(
    *, actor: User | None, name: str, capabilities: Iterable[Capability], group_id: int | None = None
) -> Group:
    """Make the group, or change the one with `group_id`, to have exactly `capabilities`.

    Locks the group's row. Raises ValidationError when nobody would be left who manages people. At most 9 queries.
    """
    group = Group(name=name) if group_id is None else Group.objects.select_for_update().get(pk=group_id)
    group.name = name
    group.full_clean()
    before = operators()
    group.save()
    wanted = {Capability(c) for c in capabilities}
    held = {Capability(c) for c in group.capabilities.values_list("capability", flat=True)}
    if held - wanted:
        group.capabilities.filter(capability__in=held - wanted).delete()
    GroupCapability.objects.bulk_create(
        [GroupCapability(group=group, capability=c) for c in sorted(wanted - held)], ignore_conflicts=True
    )
    require_an_operator(before)
    write_audit(
        actor=actor,
        action="group.created" if group_id is None else "group.updated",
        object_type="group",
        object_key=name,
        data={"capabilities": sorted(wanted), "before": sorted(held)},
    )
    return group


@transaction.atomic
def delete_group(*, actor: User | None, group_id: int) -> None:
    """Delete an empty group. Raises ValidationError while somebody is in it. Locks the group's row. 6 queries."""
    group = Group.objects.select_for_update().get(pk=group_id)
    members = User.objects.filter(groups=group).count()
    if members:
        raise ValidationError(
            _("%(count)d people are in “%(group)s”. Take them out first."),
            params={"count": members, "group": group.name},
        )
    name = group.name
    group.delete()
    write_audit(actor=actor, action="group.deleted", object_type="group", object_key=name)
