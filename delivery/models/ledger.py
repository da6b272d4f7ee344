"""The delivery ledger: outbox, lanes, deliveries, attempts.

A lane is one (target, asset). Each change of what the target should show raises the lane's epoch and makes
one delivery; order and uniqueness are by epoch, so v2, v3, v2 are three epochs.
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from assets.models import Asset, Version
from delivery.models.channel import Target
from delivery.models.release import Release


class FanOut(models.Model):
    """Outbox row: "the stack of this asset changed". Written with the change, expanded by workers in batches."""

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+")
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="fan_outs")
    created_at = models.DateTimeField(db_default=Now())
    cursor = models.BigIntegerField(default=0)  # last target id expanded
    leased_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index("id", condition=models.Q(done_at=None), name="fan_out_open"),  # the relay's claim
        ]


class Lane(models.Model):
    """What one target should show of one asset, and what it is known to show."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="lanes")
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+")
    epoch = models.PositiveIntegerField(default=0)  # the newest
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")  # wanted; None: nothing
    shown_epoch = models.PositiveIntegerField(default=0)
    shown_version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")
    external_id = models.CharField(max_length=200, blank=True)  # where to edit: Slack's "channel:ts"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("target", "asset"), name="lane_once"),
            models.CheckConstraint(condition=models.Q(shown_epoch__lte=models.F("epoch")), name="lane_shown_not_ahead"),
        ]
        indexes: ClassVar = [models.Index("asset", name="lane_by_asset")]


class Delivery(models.Model):
    """One decided state of one asset at one target."""

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        SENDING = "sending", _("sending")
        ACCEPTED = "accepted", _("accepted")
        UNKNOWN = "unknown", _("unknown")
        FAILED = "failed", _("failed")
        SUPERSEDED = "superseded", _("superseded")

    lane = models.ForeignKey(Lane, models.CASCADE, related_name="deliveries")
    epoch = models.PositiveIntegerField()
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="deliveries")
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")  # None: take it away
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    attempts_made = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    lease_token = models.UUIDField(null=True)  # fences a worker that lost its lease
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)  # last, in words

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("lane", "epoch"), name="delivery_epoch_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "sending", "accepted", "unknown", "failed", "superseded"]),
                name="delivery_state_known",
            ),
        ]
        indexes: ClassVar = [
            # What the relay looks for, several times a second.
            models.Index(
                "next_attempt_at", condition=models.Q(state__in=["pending", "sending"]), name="delivery_due"
            ),
            models.Index("release", "state", name="delivery_by_release"),  # the release page's table
        ]


class Attempt(models.Model):
    """One try of one delivery. Written before the call as `sending`, completed after it."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, default="sending")  # sending, accepted, retry, failed, unknown
    status = models.PositiveSmallIntegerField(null=True)  # HTTP or SMTP code
    detail = models.CharField(max_length=300, blank=True)  # in words, no secrets

    class Meta:
        ordering = ("delivery", "number")
        constraints: ClassVar = [models.UniqueConstraint(fields=("delivery", "number"), name="attempt_number_once")]
