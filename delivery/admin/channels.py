"""Channels and targets. A secret can be set and replaced here, and never read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from delivery.actions.channels import add_channel, change_channel, set_channel_secret
from delivery.actions.targets import CONTEXT_FIELDS, add_target, change_target
from delivery.models import Channel, Target
from people.admin import CapabilityAdmin
from people.capabilities import Capability
from people.models import Team


class ChannelForm(forms.ModelForm[Channel]):
    """A channel, and a secret that goes in but never comes out."""

    new_secret = forms.CharField(
        label=_("New secret"),
        required=False,
        strip=True,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"}),
        help_text=_(
            "Slack: the bot token (xoxb-…). Webhook: whsec_ and 24 to 64 bytes in base64, the same at the receiver. "
            "Email needs none. Leave it empty to keep the one that is set."
        ),
    )

    class Meta:
        model = Channel
        fields = ("kind", "key", "name", "enabled")


class TargetForm(forms.ModelForm[Target]):
    """A place, and whom it stands for when it is not one person's."""

    team = forms.ModelChoiceField(
        Team.objects.all(), label=_("Team"), required=False, help_text=_("With everyone in the teams under it.")
    )
    region = forms.CharField(label=_("Region"), required=False, max_length=80)
    locale = forms.CharField(label=_("Locale"), required=False, max_length=35)
    job_role = forms.CharField(label=_("Job role"), required=False, max_length=120)

    class Meta:
        model = Target
        fields = ("channel", "address", "person", "enabled")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        context = dict(self.instance.context or {})
        self.initial.update(context, team=Team.objects.filter(key=context.get("team")).first())

    def context(self) -> dict[str, str]:
        """Whom the place stands for, as it is stored: empty fields are left out."""
        given: dict[str, Any] = {field: self.cleaned_data.get(field) for field in CONTEXT_FIELDS}
        team = given["team"]
        return {**{name: value for name, value in given.items() if value}, **({"team": team.key} if team else {})}


class _OperatorsAdmin(CapabilityAdmin):
    view_capability = Capability.OPERATE
    add_capability = Capability.OPERATE
    change_capability = Capability.OPERATE

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: the actions wrote everything."""

    def _made(self, obj: models.Model, row: models.Model) -> None:
        obj.pk = row.pk
        obj._state.adding = False


@admin.register(Channel)
class ChannelAdmin(_OperatorsAdmin):
    """Channels: kind, name, whether a secret is set, how many places."""

    form = ChannelForm
    fields = ("kind", "key", "name", "enabled", "new_secret")
    list_display = ("name", "kind", "key", "enabled", "has_secret", "places")
    list_filter = ("kind", "enabled")
    search_fields = ("name", "key")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Channel]:
        return Channel.objects.annotate(in_use=Count("targets", filter=Q(targets__enabled=True)))

    @admin.display(description=_("secret set"), boolean=True)
    def has_secret(self, channel: Channel) -> bool:
        return bool(channel.secret)

    @admin.display(description=_("places"), ordering="in_use")
    def places(self, channel: Any) -> int:
        return int(channel.in_use)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("kind", "key") if obj else ()

    def save_model(self, request: HttpRequest, obj: Channel, form: ChannelForm, change: bool) -> None:
        actor, given = self.person(request), form.cleaned_data
        if not change:
            made = add_channel(
                actor=actor, key=given["key"], kind=given["kind"], name=given["name"], secret=given["new_secret"]
            )
            self._made(obj, made)
            if not given["enabled"]:
                change_channel(actor=actor, channel_id=made.pk, enabled=False)
            return
        change_channel(actor=actor, channel_id=obj.pk, name=given["name"], enabled=given["enabled"])
        if given["new_secret"]:
            set_channel_secret(actor=actor, channel_id=obj.pk, secret=given["new_secret"])


@admin.register(Target)
class TargetAdmin(_OperatorsAdmin):
    """Places: whose they are or whom they stand for."""

    form = TargetForm
    fields = ("channel", "address", "person", "team", "region", "locale", "job_role", "enabled")
    list_display = ("address", "channel", "stands_for", "enabled", "unsubscribed_at")
    list_filter = ("channel", "enabled", ("person", admin.EmptyFieldListFilter))
    list_select_related = ("channel", "person")
    search_fields = ("address", "person__username", "person__first_name", "person__last_name")
    autocomplete_fields = ("person",)
    ordering = ("channel__name", "address")

    @admin.display(description=_("stands for"))
    def stands_for(self, target: Target) -> str:
        if target.person is not None:
            return str(target.person)
        return ", ".join(str(value) for value in target.context.values()) or str(_("everybody"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("channel", "address", "person") if obj else ()  # what was posted there stays there

    def save_model(self, request: HttpRequest, obj: Target, form: TargetForm, change: bool) -> None:
        actor, given = self.person(request), form.cleaned_data
        if change:
            context = None if obj.person_id is not None else form.context()
            change_target(actor=actor, target_id=obj.pk, context=context, enabled=given["enabled"])
            return
        person = given["person"]
        made = add_target(
            actor=actor,
            channel_id=given["channel"].pk,
            address=given["address"],
            person_id=person.pk if person else None,
            context=form.context(),
        )
        self._made(obj, made)
        if not given["enabled"]:
            change_target(actor=actor, target_id=made.pk, enabled=False)
