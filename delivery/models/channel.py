"""Channels and the places in them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.Model):
    """A kind with credentials: one Slack workspace, one mail sender, one webhook subscriber."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("Email")
        SLACK = "slack", _("Slack")
        WEBHOOK = "webhook", _("Webhook")

    key = models.SlugField(_("key"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    secret = models.BinaryField(null=True, editable=False)  # encrypted; written by an action, never shown
    enabled = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ("name",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["email", "slack", "webhook"]), name="channel_kind_known"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """One place in a channel.

    Personal (`person` set): follows that person's decision. Shared: declares its own context, and a release
    reaches it only if its audience matches that context whole and its percentage is full.
    """

    channel = models.ForeignKey(Channel, models.PROTECT, related_name="targets", verbose_name=_("channel"))
    address = models.CharField(_("address"), max_length=500)  # mailbox, Slack channel or user id, URL
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="targets",
        verbose_name=_("person"),
    )
    # Of a shared target: {"team": key, "region": …, "locale": …, "job_role": …}; {} stands for everybody.
    context = models.JSONField(_("stands for"), default=dict, blank=True)
    enabled = models.BooleanField(_("in use"), default=True)
    unsubscribed_at = models.DateTimeField(
        _("unsubscribed"), null=True, editable=False
    )  # by the person; only they undo it

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("channel", "address"), name="target_once"),
            models.UniqueConstraint(fields=("channel", "person"), name="target_one_per_person"),
            models.CheckConstraint(condition=~models.Q(address=""), name="target_has_address"),
            models.CheckConstraint(
                condition=models.Q(person=None) | models.Q(context={}), name="target_personal_has_no_context"
            ),
        ]

    def __str__(self) -> str:
        return self.address
