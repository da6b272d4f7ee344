"""What is kept beside the record so that no page reads the record: rollups, evidence, what was seen.

All three are moved in the transaction that stores the statements, and can be rebuilt from them.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assets.models import Asset, Check, Version


class Rollup(models.Model):
    """Counts of one day (UTC, of `at`), version, team at the time and channel.

    Three grains in one table, so that one statement moves them in one order: of the version (`check_identity` and
    `outcome` null), of one of its checks, and of one outcome its checks test. Never add rows of different grains.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    check_identity = models.ForeignKey(
        Check, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    outcome_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)  # a team may be gone; its figures stay
    channel = models.CharField(max_length=20)
    day = models.DateField()
    views = models.PositiveIntegerField(default=0)
    clicks = models.PositiveIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)
    first_answers = models.PositiveIntegerField(default=0)  # first of a person on this content of the check
    first_right = models.PositiveIntegerField(default=0)
    useful = models.PositiveIntegerField(default=0)
    not_useful = models.PositiveIntegerField(default=0)
    review_flags = models.PositiveIntegerField(default=0)
    claims = models.PositiveIntegerField(default=0)  # what clients say; in no other column

    class Meta:
        constraints: ClassVar = [
            # The upsert's target; its order serves the reader of one version or check.
            models.UniqueConstraint(
                fields=("version", "check_identity", "outcome_id", "team_id", "channel", "day"),
                name="rollup_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(check_identity=None) | models.Q(outcome_id=None), name="rollup_one_grain"
            ),
        ]
        indexes: ClassVar = [
            # Trends of one outcome.
            models.Index(
                fields=("outcome_id", "day"), condition=models.Q(outcome_id__isnull=False), name="rollup_by_outcome"
            ),
        ]


class Evidence(models.Model):
    """What one person's counted answers to one content of one check come to.

    Keyed by the check's content, so that a material change asks again, and a roll-back gives back what was shown
    before. Only answers that the server graded are here.
    """

    pk = models.CompositePrimaryKey("person_id", "check_identity_id", "content_hash")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    check_identity = models.ForeignKey(Check, models.PROTECT, related_name="+", verbose_name=_("check"))
    content_hash = models.BinaryField(max_length=32)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", db_index=False)  # of the last answer
    tries = models.PositiveIntegerField()
    right_tries = models.PositiveIntegerField()
    first_right = models.BooleanField()  # the first answer was
    first_at = models.DateTimeField()
    last_right = models.BooleanField()  # the last answer was
    last_at = models.DateTimeField()
    first_right_at = models.DateTimeField(null=True)
    last_right_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")


class Seen(models.Model):
    """That one person opened one version: when first, when last, how often. Distinct reach is counted here."""

    pk = models.CompositePrimaryKey("person_id", "version_id")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="+", db_index=False)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    views = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("opened version")
        verbose_name_plural = _("opened versions")
