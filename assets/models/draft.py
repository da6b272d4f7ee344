"""The working copy."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assets.models.asset import Asset


class Draft(models.Model):
    """The one working copy of an asset. Autosave changes this row and nothing else.

    `source` is the whole file: front matter and body. `edit` counts saves; a saver names the edit they
    started from, so that nobody overwrites anybody.
    """

    asset = models.OneToOneField(Asset, models.CASCADE, primary_key=True, related_name="draft", verbose_name=_("asset"))
    based_on = models.ForeignKey(
        "assets.Version", models.PROTECT, null=True, related_name="+", verbose_name=_("based on")
    )
    source = models.TextField(_("source"))
    edit = models.PositiveIntegerField(_("edit"), default=1)
    updated_at = models.DateTimeField(_("saved"), auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("saved by")
    )

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        return f"{self.asset_id}, edit {self.edit}"
