"""Outcomes: what somebody can be seen to do."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Framework(models.Model):
    """A tree of outcomes from one source."""

    key = models.SlugField(_("key"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    source = models.CharField(_("source"), max_length=500, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Outcome(models.Model):
    """A task or capability: an observable verb, an object, a condition, a measure. Or a heading of the tree."""

    key = models.CharField(_("key"), max_length=200, unique=True)  # "refunds.issue-partial"
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="outcomes", verbose_name=_("framework"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    statement = models.CharField(_("outcome"), max_length=400)  # "Issue a partial refund within the limit"
    condition = models.CharField(_("condition"), max_length=300, blank=True)
    measure = models.CharField(_("measure"), max_length=300, blank=True)
    is_group = models.BooleanField(_("a heading"), default=False)  # groups outcomes; nothing is taught or asked for it
    position = models.PositiveIntegerField(_("position"), default=0)
    prerequisites = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="unlocks")

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ("framework", "position", "statement")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="outcome_not_its_own_parent")
        ]

    def __str__(self) -> str:
        return self.statement
