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
    """One decided state of one asset at one target.

    A call in flight is `sending`. When its end is not known it is `unknown`: with `next_attempt_at` set it will be
    looked into (Slack is asked, a webhook is sent again under the same id), without it stays so (an email).
    """

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        SENDING = "sending", _("sending")
        ACCEPTED = "accepted", _("accepted")
        UNKNOWN = "unknown", _("unknown")
        FAILED = "failed", _("failed")
        SUPERSEDED = "superseded", _("superseded")

    lane = models.ForeignKey(Lane, models.CASCADE, related_name="deliveries")
    epoch = models.PositiveIntegerField(_("epoch"))
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="deliveries")
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")  # None: take it away
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    attempts_made = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_attempt_at = models.DateTimeField(_("next try"), null=True, db_default=Now())  # None: nothing more by itself
    lease_token = models.UUIDField(null=True)  # of the last claim: fences a worker that lost its lease
    leased_until = models.DateTimeField(null=True)  # sending: the worker's; else the relay's, which has published it
    created_at = models.DateTimeField(_("made"), db_default=Now())
    settled_at = models.DateTimeField(_("settled"), null=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)  # last, in words

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("lane", "epoch"), name="delivery_epoch_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "sending", "accepted", "unknown", "failed", "superseded"]),
                name="delivery_state_known",
            ),
            # Settled for good, or to be looked at again: never both, never neither.
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "sending"], next_attempt_at__isnull=False)
                | models.Q(state="unknown")
                | models.Q(state__in=["accepted", "failed", "superseded"], next_attempt_at=None, leased_until=None),
                name="delivery_settled_or_due",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sending") | models.Q(lease_token__isnull=False, leased_until__isnull=False),
                name="delivery_sending_is_leased",
            ),
            models.UniqueConstraint(
                fields=("lane",), condition=models.Q(state="sending"), name="delivery_one_in_flight_per_lane"
            ),
        ]
        indexes: ClassVar = [
            # What the relay looks for, several times a second.
            models.Index("next_attempt_at", condition=models.Q(next_attempt_at__isnull=False), name="delivery_due"),
            # How many are handed out and not finished: the relay's bound on the queue; and leases that lapsed.
            models.Index("leased_until", condition=models.Q(leased_until__isnull=False), name="delivery_leased"),
            models.Index("release", "state", name="delivery_by_release"),  # the release page's table
        ]

    def __str__(self) -> str:
        return f"{self.lane_id}.{self.epoch}"


class Attempt(models.Model):
    """One try of one delivery. Written before the call as `sending`, completed after it."""

    class Outcome(models.TextChoices):
        SENDING = "sending", _("sending")
        ACCEPTED = "accepted", _("accepted")
        RETRY = "retry", _("not taken, tried again")
        FAILED = "failed", _("refused")
        UNKNOWN = "unknown", _("no answer")

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("number"))
    started_at = models.DateTimeField(_("began"), db_default=Now())
    finished_at = models.DateTimeField(_("ended"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.SENDING)
    status = models.PositiveSmallIntegerField(_("answer"), null=True)  # HTTP or SMTP code
    detail = models.CharField(_("detail"), max_length=300, blank=True)  # in words, no secrets

    class Meta:
        verbose_name = _("try")
        verbose_name_plural = _("tries")
        ordering = ("delivery", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("delivery", "number"), name="attempt_number_once"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["sending", "accepted", "retry", "failed", "unknown"]),
                name="attempt_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)
