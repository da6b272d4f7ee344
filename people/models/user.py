"""People: the custom user, the team tree, capabilities of groups, declared attributes."""

import uuid
import zoneinfo
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, Group
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.capabilities import LABELS, Capability


class Team(models.Model):
    """A node of the organisation. Managers of a team are managers of its whole subtree."""

    key = models.SlugField(_("key"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    managers = models.ManyToManyField(
        "people.User", blank=True, related_name="managed_teams", verbose_name=_("managers")
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("name",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="team_not_its_own_parent")
        ]

    def __str__(self) -> str:
        return self.name


def validate_timezone(value: str) -> None:
    """Raise ValidationError unless `value` is a name of the IANA time zone database."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(value)s” is not a time zone. Use a name such as Europe/London."), params={"value": value}
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is: keys from their team up to the root, and the names of their groups."""

    team_keys: tuple[str, ...]
    groups: frozenset[str]


class User(AbstractUser):
    """A person. Never deleted once something refers to them: deactivated, or erased by telemetry's erasure."""

    email = models.EmailField(_("work email"), blank=True)
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    job_role = models.CharField(_("job role"), max_length=120, blank=True, db_index=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    locale = models.CharField(_("locale"), max_length=35, default="en-GB")
    timezone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[validate_timezone])
    start_date = models.DateField(_("start date"), null=True, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    # The stable unit of bucketing and the name that statements carry. Says nothing about the person.
    pseudonym = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    place: Place | None = None  # known when the request's authentication read it along

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("first_name", "last_name", "username")
        indexes: ClassVar = [
            # Push delivery and audience counts look at active people of a team or job role.
            models.Index(fields=("team",), condition=models.Q(is_active=True), name="user_active_by_team"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @cached_property
    def capabilities(self) -> frozenset[Capability]:
        """The union over the person's groups, for the life of this object. 1 query; none for a superuser."""
        if not self.is_active:
            return frozenset()
        if self.is_superuser:
            return frozenset(Capability)
        given = GroupCapability.objects.filter(group__user=self).values_list("capability", flat=True)
        return frozenset(Capability(value) for value in given)

    def can(self, capability: Capability) -> bool:
        """Whether one of the person's groups has `capability`. Collections and teams may narrow it further."""
        return capability in self.capabilities


class GroupCapability(models.Model):
    """One capability of one group."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="capabilities", verbose_name=_("group"))
    capability = models.CharField(_("capability"), max_length=40, choices=[(c.value, LABELS[c]) for c in Capability])

    class Meta:
        verbose_name = _("capability of a group")
        verbose_name_plural = _("capabilities of groups")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("group", "capability"), name="capability_once_per_group"),
            models.CheckConstraint(
                condition=models.Q(capability__in=[c.value for c in Capability]), name="capability_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.get_capability_display()}"
