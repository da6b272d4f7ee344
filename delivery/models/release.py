"""Releases: which version, to whom. An asset's open releases are a stack, newest first."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from assets.models import Asset, Version
from flags.models import Flag


class Release(models.Model):
    """One version of one asset offered through one flag to some channels.

    The first open release (highest id) whose flag admits a person wins. Rolling back closes one release
    and nothing else. The one that admits everyone is the baseline: it shadows what lies under it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ROLLED_BACK = "rolled_back", _("rolled back")
        ARCHIVED = "archived", _("archived")  # long shadowed, or its asset retired

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="releases", verbose_name=_("asset"))
    version = models.ForeignKey(Version, models.PROTECT, related_name="releases", verbose_name=_("version"))
    flag = models.OneToOneField(Flag, models.PROTECT, related_name="release", verbose_name=_("flag"))
    channels = ArrayField(
        models.CharField(max_length=20), default=list, verbose_name=_("channels")
    )  # kinds; portal is always on
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    note = models.CharField(_("what changes for people"), max_length=300, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("released by")
    )
    released_at = models.DateTimeField(_("released"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True)
    closed_reason = models.CharField(_("why closed"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ("-id",)
        indexes: ClassVar = [
            # The resolver's snapshot reads every open stack in order.
            models.Index(fields=("asset", "-id"), condition=models.Q(state="open"), name="release_open_stack"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "rolled_back", "archived"]), name="release_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at=None)
                | (~models.Q(state="open") & ~models.Q(closed_at=None)),
                name="release_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}"
