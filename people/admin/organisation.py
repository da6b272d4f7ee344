"""Teams, groups and attributes."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin  # noqa: F401 - registers what we take out
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from people.actions.attributes import declare_attribute, update_attribute, withdraw_attribute
from people.actions.groups import delete_group, save_group
from people.actions.teams import create_team, delete_team, move_team, rename_team, set_managers
from people.admin.capability import CapabilityAdmin
from people.capabilities import Capability
from people.forms import GroupForm, TeamForm
from people.models import AttributeDefinition, Team

# Django's own page gives permissions that nothing here asks for.
admin.site.unregister(Group)


class _OperatorsAdmin(CapabilityAdmin):
    view_capability = Capability.OPERATE
    add_capability = Capability.OPERATE
    change_capability = Capability.OPERATE
    delete_capability = Capability.OPERATE

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: the actions wrote the links too."""

    def _made(self, obj: models.Model, row: models.Model) -> None:
        obj.pk = row.pk
        obj._state.adding = False


@admin.register(Team)
class TeamAdmin(_OperatorsAdmin):
    form = TeamForm
    list_display = ("name", "key", "parent", "active_members")
    list_select_related = ("parent",)
    search_fields = ("name", "key")
    fields = ("key", "name", "parent", "managers")
    ordering = ("name",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # The managers are a field of the form; Django would look for the model's.
        shown = ("name", "parent") if change else ("key", "name", "parent")
        return super().get_form(request, obj, change=change, **{**kwargs, "fields": shown})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return Team.objects.annotate(active=Count("members", filter=Q(members__is_active=True)))

    @admin.display(description=_("people"), ordering="active")
    def active_members(self, team: Any) -> int:
        return int(team.active)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()  # rules name teams by key

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (isinstance(obj, Team) and (obj.children.exists() or obj.members.exists()))

    def save_model(self, request: HttpRequest, obj: Team, form: TeamForm, change: bool) -> None:
        actor, given = self.person(request), form.cleaned_data
        if not change:
            self._made(obj, create_team(actor=actor, **given))
            return
        rename_team(actor=actor, team_id=obj.pk, name=given["name"])
        move_team(actor=actor, team_id=obj.pk, parent_id=given["parent"].pk if given["parent"] else None)
        set_managers(actor=actor, team_id=obj.pk, managers=given["managers"])

    def delete_model(self, request: HttpRequest, obj: Team) -> None:
        delete_team(actor=self.person(request), team_id=obj.pk)


@admin.register(Group)
class GroupAdmin(_OperatorsAdmin):
    form = GroupForm
    fields = ("name", "capabilities")
    list_display = ("name", "may", "members")
    ordering = ("name",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, **{**kwargs, "fields": ("name",)})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        counted = Group.objects.annotate(people=Count("user", filter=Q(user__is_active=True), distinct=True))
        return counted.prefetch_related("capabilities")

    @admin.display(description=_("may"))
    def may(self, group: Group) -> str:
        return ", ".join(sorted(link.get_capability_display() for link in group.capabilities.all())) or "–"

    @admin.display(description=_("people"), ordering="people")
    def members(self, group: Any) -> int:
        return int(group.people)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (isinstance(obj, Group) and obj.user_set.exists())

    def save_model(self, request: HttpRequest, obj: Group, form: GroupForm, change: bool) -> None:
        group = save_group(
            actor=self.person(request),
            group_id=obj.pk if change else None,
            name=form.cleaned_data["name"],
            capabilities=[Capability(value) for value in form.cleaned_data["capabilities"]],
        )
        self._made(obj, group)

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        delete_group(actor=self.person(request), group_id=obj.pk)


@admin.register(AttributeDefinition)
class AttributeAdmin(_OperatorsAdmin):
    fields = ("key", "label", "type", "sensitive")
    list_display = ("label", "key", "type", "sensitive")
    list_filter = ("type", "sensitive")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()  # rules and people's values name it by key

    def save_model(self, request: HttpRequest, obj: AttributeDefinition, form: Any, change: bool) -> None:
        actor, given = self.person(request), dict(form.cleaned_data)
        given["value_type"] = given.pop("type")
        if change:
            update_attribute(actor=actor, definition_id=obj.pk, **given)
        else:
            self._made(obj, declare_attribute(actor=actor, **given))

    def delete_model(self, request: HttpRequest, obj: AttributeDefinition) -> None:
        withdraw_attribute(actor=self.person(request), definition_id=obj.pk)
