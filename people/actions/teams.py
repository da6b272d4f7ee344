"""Make and move teams, name their managers."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from people.actions.audit import write_audit
from people.models import Team, User
from people.models.tree import subtree_ids


@transaction.atomic
def create_team(
    *, actor: User | None, key: str, name: str, parent: Team | None = None, managers: Iterable[User] = ()
) -> Team:
    """Make a team below `parent`, or at the top. Raises ValidationError. Locks nothing. At most 6 queries."""
    team = Team(key=key, name=name, parent=parent)
    team.full_clean()
    team.save()
    people = list(managers)
    if people:
        team.managers.set(people)
    write_audit(
        actor=actor,
        action="team.created",
        object_type="team",
        object_key=key,
        data={"team_id": team.pk, "parent": parent.key if parent else None, "managers": [p.pk for p in people]},
    )
    return team


@transaction.atomic
def rename_team(*, actor: User | None, team_id: int, name: str) -> Team:
    """Give the team another name; its key stays. Locks the team's row. At most 4 queries."""
    team = Team.objects.select_for_update().get(pk=team_id)
    if team.name == name:
        return team
    team.name = name
    team.clean_fields()
    team.save(update_fields=["name"])
    write_audit(actor=actor, action="team.renamed", object_type="team", object_key=team.key)
    return team


@transaction.atomic
def move_team(*, actor: User | None, team_id: int, parent_id: int | None) -> Team:
    """Hang the team, with everything below it, under another one (None: at the top).

    Raises ValidationError when that one is the team itself or lies below it; the database's trigger refuses it too,
    also for two moves at once. Locks the team's row. 5 queries.
    """
    team = Team.objects.select_for_update().get(pk=team_id)
    if team.parent_id == parent_id:
        return team
    parent = None if parent_id is None else Team.objects.get(pk=parent_id)
    if parent is not None and parent.pk in subtree_ids([team.pk]):
        raise ValidationError(
            {
                "parent": _("“%(team)s” cannot be part of “%(parent)s”, which is below it.")
                % {"team": team.name, "parent": parent.name}
            }
        )
    before = team.parent.key if team.parent else None
    team.parent = parent
    team.save(update_fields=["parent"])
    write_audit(
        actor=actor,
        action="team.moved",
        object_type="team",
        object_key=team.key,
        data={"team_id": team.pk, "from": before, "to": parent.key if parent else None},
    )
    return team


@transaction.atomic
def set_managers(*, actor: User | None, team_id: int, managers: Iterable[User]) -> Team:
    """Make exactly `managers` the managers of the team and of all below it.

    What a manager may do there is up to their groups. Locks the team's row. At most 6 queries.
    """
    team = Team.objects.select_for_update().get(pk=team_id)
    wanted = {person.pk for person in managers}
    held = set(team.managers.values_list("pk", flat=True))
    if wanted == held:
        return team
    team.managers.set(wanted)
    write_audit(
        actor=actor,
        action="team.managers_set",
        object_type="team",
        object_key=team.key,
        data={"team_id": team.pk, "managers": sorted(wanted), "before": sorted(held)},
    )
    return team


@transaction.atomic
def delete_team(*, actor: User | None, team_id: int) -> None:
    """Delete a team without people and without teams below it. Raises ValidationError. Locks the row. 6 queries."""
    team = Team.objects.select_for_update().get(pk=team_id)
    if team.children.exists():
        raise ValidationError(_("“%(team)s” has teams below it. Move them first."), params={"team": team.name})
    if team.members.exists():
        raise ValidationError(_("“%(team)s” has people in it. Move them first."), params={"team": team.name})
    key = team.key
    team.delete()
    write_audit(actor=actor, action="team.deleted", object_type="team", object_key=key)
