"""Media: files kept once, by their content."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assets.models.asset import Asset
from assets.models.version import Version


class MediaFile(models.Model):
    """Bytes, stored once under MEDIA_ROOT by their SHA-256; the type is found from the content, not the name."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveBigIntegerField(_("bytes"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("media file")
        verbose_name_plural = _("media files")

    def __str__(self) -> str:
        return self.sha256


class Media(models.Model):
    """A name an asset's draft knows a file by: `![alt](media/panel.png)`."""

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="media", verbose_name=_("asset"))
    name = models.CharField(_("name"), max_length=200)
    file = models.ForeignKey(MediaFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("media")
        verbose_name_plural = _("media")
        constraints: ClassVar = [models.UniqueConstraint(fields=("asset", "name"), name="media_name_once")]

    def __str__(self) -> str:
        return self.name


class VersionMedia(models.Model):
    """The file behind a name, frozen with the version."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="media", verbose_name=_("version"))
    name = models.CharField(_("name"), max_length=200)
    file = models.ForeignKey(MediaFile, models.PROTECT, related_name="+", verbose_name=_("file"))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("version", "name"), name="version_media_once")]
